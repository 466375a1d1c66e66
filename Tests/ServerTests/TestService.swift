import Access
import Base
import Foundation
import Logging
import SQLite
import Server
import ServiceLifecycle
import Services
import Testing
import TimeZones

/// A whole service: a real server on a free port, over a real database in a folder of its own.
final class TestService: Sendable {
  let services: ServerContext
  let store: Store
  let clock: TestClock
  let port: Int

  private init(_ services: ServerContext, _ store: Store, _ clock: TestClock, port: Int) {
    self.services = services
    self.store = store
    self.clock = clock
    self.port = port
  }

  /// Runs a service for as long as `body` does. The usual time is a month after the sample quarter.
  static func run(
    at now: String = "2013-04-30T12:00:00Z", countedAtOnceMax: Int = CatalogMemory.countedAtOnceMax,
    _ body: (TestService) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "usance-server-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let clock = TestClock(now)
    let (store, services) = try await open(DataFolder(folder.path), clock, countedAtOnceMax)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let (ports, running) = AsyncStream.makeStream(of: Int.self)
    let app = App.build(
      services, host: "127.0.0.1", port: 0, logger: logger, onServerRunning: { running.yield($0) })
    let group = ServiceGroup(services: [app], logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        // A server that cannot start must not leave the test waiting for its port.
        defer { running.finish() }
        try await group.run()
      }
      if let port = await ports.first(where: { _ in true }) {
        try await body(TestService(services, store, clock, port: port))
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  private static func open(
    _ folder: DataFolder, _ clock: TestClock, _ countedAtOnceMax: Int
  ) async throws -> (Store, ServerContext) {
    let halt: @Sendable (String) -> Void = { Issue.record("the service halted: \($0)") }
    try folder.makeOrOpen()
    let store = try Store(folder, isMarked: true, halt: halt)
    let home = try SQLiteHome(store, countedAtOnceMax: countedAtOnceMax, halt: halt)
    let keys = try KeyRing(folder: folder.keys, now: clock.now)
    let services = try await ServerContext(home, ZoneDatabase(), keys, clock: { clock.now })
    try folder.finish()
    return (store, services)
  }

  var address: String { "http://127.0.0.1:\(port)" }

  /// A token with exactly these scopes, good for an hour of the service's own time.
  func token(
    _ scopes: [TokenScope], as purpose: TokenPurpose = .access, id: String = UUID().uuidString,
    subject: String = "test", bounds: TokenBounds = .none
  ) async throws -> String {
    try await services.issuer.issue(
      purpose, subject: subject, scopes: scopes, bounds: bounds,
      lifetimeSeconds: min(3600, purpose.lifetimeSecondsMax), tokenID: id, now: clock.now)
  }

  /// Calls with a fresh token of that role, so that moving the clock never ends its welcome.
  func client(_ role: Role) -> TestClient { TestClient(self, .scopes(role.scopes)) }

  func client(_ credential: TestClient.Credential) -> TestClient { TestClient(self, credential) }

  /// How many events the database holds, whatever the API says.
  func eventCount() throws -> Int { try services.events.storedCount() }
}
