import Base
import Contracts
import FoundationEssentials
import GRDB
import Ingestion
import Metering
import TestSupport
import Workflow

@testable import SQLite

/// An engine that serves the ports: it opens workspaces, again and again over the same data.
protocol Engine: Sendable, CustomStringConvertible {
  /// Opens the workspace of a folder, making it if it is new.
  func open(_ folder: TemporaryFolder) throws -> any Home
  /// Ends what `open` began, in order.
  func close(_ home: any Home) throws
}

struct SQLiteEngine: Engine {
  var description: String { "SQLite" }

  func open(_ folder: TemporaryFolder) throws -> any Home {
    try SQLiteHome(Store(DataFolder(folder.url.path)), halt: { fatalError($0) })
  }

  func close(_ home: any Home) throws { try (home as! SQLiteHome).store.pool.close() }
}

/// Every engine there is. One more is one more line.
let engines: [any Engine] = [SQLiteEngine()]

/// What the tests do with a workspace, through the ports alone.
struct ContractWorkspace {
  static let now = Instant("2026-06-01T00:00:00Z")!
  let engine: any Engine
  let folder: TemporaryFolder
  private(set) var home: any Home

  init(_ engine: any Engine) throws {
    self.engine = engine
    folder = try TemporaryFolder()
    home = try engine.open(folder)
  }

  mutating func reopen() throws {
    try engine.close(home)
    home = try engine.open(folder)
  }

  /// Makes documents the newest versions.
  func adopt(_ documents: (CatalogKind, String, JSON)...) throws {
    try home.act(by: "test", at: Self.now) { books in
      var after = books.agreements
      let entries = try documents.map { kind, key, document in
        let thing = try CatalogObject(kind, key, Node(document))
        return CatalogVersion(
          kind: kind, key: key, version: after.version(kind, key) + 1,
          document: thing.document.json)
      }
      for entry in entries { try after.take(entry) }
      _ = try books.adopt(entries, making: after)
    }
  }

  /// A customer with engines 0 to 9, whose running time and runs are metered and billed.
  func agree() throws {
    try adopt(
      (.customer, "acme", ["name": "Acme"]),
      (
        .meter, "time",
        ["aggregation": "sum", "eventTypes": ["ran"], "unit": "s", "value": "/seconds"]
      ),
      (.meter, "runs", ["aggregation": "count", "eventTypes": ["ran"], "unit": "runs"]),
      (
        .meter, "peak",
        [
          "aggregation": "max", "eventTypes": ["ran"], "unit": "s", "value": "/seconds",
        ]
      ))
    try adopt(
      (
        .contract, "hours",
        [
          "customer": "acme", "currency": "EUR", "zone": "UTC", "from": "2026-01-01",
          "clauses": [
            [
              "key": "engines", "kind": "severityHours", "hours": "time", "cycles": "runs",
              "rate": "100.00", "cycleRate": "1.00",
            ]
          ],
        ]
      ))
    for number in 0..<10 {
      try adopt(
        (
          .asset, "engine-\(number)",
          ["assignments": [["contract": "hours", "from": "2026-01-01T00:00:00Z"]]]
        ))
    }
  }

  static func event(
    _ id: String, seconds: Int = 60, hour: Int = 0, subject: String = "engine-0",
    source: String = "//test"
  ) -> JSON {
    let time = Instant("2026-01-05T00:00:00Z")!.advanced(bySeconds: Int64(hour) * 3600)
    return [
      "specversion": "1.0", "id": .string(id), "source": .string(source), "type": "ran",
      "subject": .string(subject), "time": .text(time), "data": ["seconds": .integer(seconds)],
    ]
  }

  static func correction(_ id: String, of event: String, seconds: Int?) -> JSON {
    var data: [JSON.Member] = [
      .init("corrects", ["source": "//test", "id": .string(event)])
    ]
    data.append(
      seconds.map { .init("amend", ["data": ["seconds": .integer($0)]]) }
        ?? .init("retract", true))
    return .object([
      .init("specversion", "1.0"), .init("id", .string(id)), .init("source", "//finance"),
      .init("type", "usance.correction"), .init("time", "2026-02-01T00:00:00Z"),
      .init("data", .object(data)),
    ])
  }

  /// Appends requests in one batch; what became of each event.
  @discardableResult
  func append(_ requests: [JSON]...) throws -> [[AppendResult]] {
    let state = home.agreements
    return try home.events.append(
      requests.map { events in
        let intake = EventIntake(IntakeTerms(state.catalog, state.meters), now: Self.now)
        return AppendRequest(
          try intake.take(JSON.array(events).bytes, as: .batch), catalogRevision: state.revision)
      }
    ).map { try $0.get() }
  }

  static let january = Period(
    start: Instant("2026-01-01T00:00:00Z")!, end: Instant("2026-02-01T00:00:00Z")!)

  /// What a meter shows of all engines in January.
  static func usage(
    _ meter: String, _ snapshot: any Snapshot
  ) throws -> MeteredUsage {
    let query = UsageQuery(
      try snapshot.agreements.meter(MeterKey(meter)), Windows(january),
      of: (0..<10).map { SubjectStretch("engine-\($0)", january) })
    return try snapshot.usage([query])[0].all.whole
  }

  /// All that can be said of the log, as one text.
  func told() throws -> String {
    try home.read { snapshot in
      let events = try snapshot.events(EventQuery(), after: 0, limit: 10_000).events
      let known = events.map { event in
        "\(event.source) \(event.id) \(event.status) \(event.standing?.content?.data ?? "")"
      }.sorted()
      let shown = try ["time", "runs", "peak"].map { "\(try Self.usage($0, snapshot).value)" }
      return (known + shown).joined(separator: "\n")
    }
  }
}
