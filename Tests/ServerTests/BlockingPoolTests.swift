import Base
import GRDB
import HTTPTypes
import Hummingbird
import NIOCore
import NIOEmbedded
import SQLite
import Services
import Testing
import TimeZones
import Workflow

@testable import Server

@Suite("Threads for work that blocks", .timeLimit(.minutes(2)))
struct BlockingPoolTests {
  /// One thread and one place in the queue, for ten seconds at most.
  private static func narrow(endsWithClient: Bool) -> BlockingPool.Bounds {
    BlockingPool.Bounds(
      threads: 1, waitingMax: 1, secondsMax: 10, endsWithClient: endsWithClient)
  }

  @Test("Cheap work does not wait for dear work, however much of that there is")
  func separateQueues() async throws {
    let pool = BlockingPool(Metrics())
    let held = HeldWork()
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      defer { held.end() }
      let threads = BlockingPool.Kind.reports.bounds.threads
      for _ in 0..<threads + 10 { tasks.addTask { try await pool.run(.reports, held.work) } }
      await held.waitUntilBegun(threads)
      for kind in BlockingPool.Kind.allCases where kind != .reports {
        let done = try await pool.run(kind) { kind }
        #expect(done == kind)
      }
    }
  }

  @Test("Beyond a bound nothing is queued, and who asks is told so")
  func fullQueue() async throws {
    let metrics = Metrics()
    let pool = BlockingPool(metrics) { _ in Self.narrow(endsWithClient: true) }
    let held = HeldWork()
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      defer { held.end() }
      tasks.addTask { try await pool.run(.lookups, held.work) }
      await held.waitUntilBegun(1)
      tasks.addTask { try await pool.run(.lookups, held.work) }
      while pool.waitingCount(.lookups) == 0 { try await Task.sleep(for: .milliseconds(5)) }
      let code = await Self.fault { try await pool.run(.lookups) {} }?.code
      #expect(code == .overloaded)
    }
    #expect(metrics.text.contains("usance_work_refused_total{kind=\"lookups\",reason=\"full\"} 1"))
  }

  /// What a read may be busy with when nobody waits for it any more.
  enum Reading: CaseIterable {
    case statement, loop
  }

  @Test(
    "A read stops in the middle when its client is gone, or its time is over",
    arguments: Reading.allCases, [BlockingPool.Reason.client, .deadline])
  func interruption(of reading: Reading, for reason: BlockingPool.Reason) async throws {
    try await TestService.run { service in
      let (metrics, client) = (Metrics(), try await WatchedClient())
      let pool = BlockingPool(metrics) { _ in Self.narrow(endsWithClient: true) }
      let held = HeldWork()
      async let failure = Self.fault {
        try await pool.run(.reports, for: client.channel) {
          held.begin()
          try Self.readForEver(reading, service.store)
        }
      }
      await held.waitUntilBegun(1)
      if reason == .client { try await client.leave() } else { await client.pass(seconds: 10) }
      #expect(await failure?.code == (reason == .client ? .overloaded : .deadlineExceeded))
      #expect(try await pool.run(.reports) { 1 } == 1, "the one thread is free")
      #expect(
        metrics.text.contains(
          "usance_work_interrupted_total{kind=\"reports\",reason=\"\(reason.rawValue)\"} 1"))
    }
  }

  private static func readForEver(_ reading: Reading, _ store: Store) throws {
    switch reading {
    case .statement:
      _ = try store.pool.read { db in
        try Int.fetchOne(
          db,
          sql: """
            WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number)
            SELECT count(*) FROM number
            """)
      }
    case .loop: while true { try Interruption.check() }
    }
  }

  @Test("A write goes on without its client, and after its time")
  func writesGoOn() async throws {
    try await TestService.run { service in
      let client = try await WatchedClient()
      let pool = BlockingPool(Metrics()) { _ in Self.narrow(endsWithClient: false) }
      let held = HeldWork()
      async let written = pool.run(.acts, for: client.channel) {
        held.work()
        return try service.store.write { try Int.fetchOne($0, sql: "SELECT 1") }
      }
      await held.waitUntilBegun(1)
      try await client.leave()
      await client.pass(seconds: 60)
      held.end()
      #expect(try await written == 1)
    }
  }

  @Test("What has not begun when its time is over does not begin")
  func lateBegin() async throws {
    let (metrics, client) = (Metrics(), try await WatchedClient())
    let pool = BlockingPool(metrics) { _ in Self.narrow(endsWithClient: false) }
    let (first, second) = (HeldWork(), HeldWork())
    async let done: Void = pool.run(.acts, first.work)
    await first.waitUntilBegun(1)
    async let failure = Self.fault {
      try await pool.run(.acts, for: client.channel, second.work)
    }
    while pool.waitingCount(.acts) == 0 { try await Task.sleep(for: .milliseconds(5)) }
    await client.pass(seconds: 10)
    #expect(await failure?.code == .overloaded)
    first.end()
    try await done
    #expect(try await pool.run(.acts) { 1 } == 1)
    #expect(second.begunCount == 0)
    #expect(metrics.text.contains("usance_work_refused_total{kind=\"acts\",reason=\"deadline\"} 1"))
  }

  @Test("There is a connection to the database for every thread that may read")
  func connections() {
    let threads = BlockingPool.Kind.allCases.map { kind in
      // A run rates in two halves.
      kind == .batches ? 0 : kind.bounds.threads * (kind == .runs ? 2 : 1)
    }
    #expect(threads.reduce(0, +) <= Store.readersMax)
  }

  @Test("Whoever takes nothing of an answer for a while is hung up on", arguments: [true, false])
  func answersNobodyTakes(isTaken: Bool) async throws {
    let client = try await WatchedClient()
    try await client.block()
    await client.pass(seconds: Limits.bodySecondsMax - 1)
    if isTaken { try await client.unblock() }
    await client.pass(seconds: 2)
    #expect(client.channel.isActive == isTaken)
  }

  @Test("Nothing is kept of a connection that is closed before its body was there")
  func closedEarly() async throws {
    let client = try await WatchedClient()
    let watch = BodyWatch()
    weak var kept: BodyDeadline?
    do {
      let head = HTTPRequest(
        method: .post, scheme: "http", authority: "x", path: "/",
        headerFields: [.contentLength: "1000"])
      let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
      let deadline = try #require(BodyDeadline(request, on: client.channel, watch))
      kept = deadline
      var response = Response(status: .serviceUnavailable)
      deadline.announce(in: &response)
      #expect(response.headers[.connection] == "close")
    }
    #expect(kept != nil, "it must end, should the client stay")
    try await client.channel.close().get()
    await client.pass(seconds: 1)
    #expect(kept == nil)
  }

  private static func fault(_ work: () async throws -> Void) async -> Fault? {
    do {
      try await work()
      return nil
    } catch {
      return error as? Fault
    }
  }
}

extension Metrics {
  fileprivate var text: String { text(gauges: [:]) }
}

/// A connection whose time the test passes.
private struct WatchedClient {
  let channel = NIOAsyncTestingChannel()

  init() async throws {
    try await channel.testingEventLoop.executeInContext { [channel] in
      try channel.pipeline.syncOperations.addHandler(ClientWatch())
    }
    try await channel.connect(to: .init(unixDomainSocketPath: "/x"))
  }

  /// Says that nothing more will come, as whoever hangs up does.
  func leave() async throws {
    try await channel.testingEventLoop.executeInContext { [channel] in
      channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }
  }

  func pass(seconds: Int64) async {
    await channel.testingEventLoop.advanceTime(by: .seconds(seconds))
  }

  func block() async throws { try await setWritable(false) }
  func unblock() async throws { try await setWritable(true) }

  private func setWritable(_ isWritable: Bool) async throws {
    channel.isWritable = isWritable
    try await channel.testingEventLoop.executeInContext { [channel] in
      channel.pipeline.fireChannelWritabilityChanged()
    }
  }
}
