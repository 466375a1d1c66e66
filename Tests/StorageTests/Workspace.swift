import Base
import Contracts
import Foundation
import GRDB
import Ingestion
import Metering
import Settlement
import TestSupport
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// A data folder of one test with everything that is opened over it.
struct Workspace {
  let temporary: TemporaryFolder
  let folder: DataFolder
  let store: Store
  let zones: ZoneDatabase
  let home: SQLiteHome
  let catalogs: CatalogService
  let commit: CommitQueue

  /// Late enough for every event of the tests.
  static let now = Instant("2013-06-01T00:00:00Z")!

  init(
    in temporary: TemporaryFolder? = nil, zones: ZoneDatabase = ZoneDatabase(),
    recentIdentitiesMax: Int = SQLiteShard.recentIdentitiesMax,
    countedAtOnceMax: Int = CatalogMemory.countedAtOnceMax
  ) throws {
    let temporary = try temporary ?? TemporaryFolder()
    self.temporary = temporary
    folder = DataFolder(temporary.url.path)
    store = try Store(folder)
    self.zones = zones
    home = try SQLiteHome(
      store, countedAtOnceMax: countedAtOnceMax, recentIdentitiesMax: recentIdentitiesMax,
      halt: { reason in fatalError(reason) })
    catalogs = CatalogService(home, zones)
    commit = CommitQueue(home.events)
  }

  var usage: UsageService { UsageService(home, zones) }
  var billing: BillingService { BillingService(home, zones) }
  var settlement: FinanceService { FinanceService(home, billing) }
  var reports: ReportService { ReportService(home, zones, usage: usage, billing: billing) }
  var events: EventSearch { EventSearch(home) }
  var traces: EventTraces { EventTraces(home, billing) }

  @discardableResult
  func put(
    _ kind: CatalogKind, _ key: String, _ json: JSON, expecting: Int? = nil
  ) throws -> CatalogService.Put {
    try catalogs.put(kind, key, json, expecting: expecting, now: Workspace.now)
  }

  /// One customer whose engines are billed by the hour, on New York's calendar.
  func agree(contracts: Int = 1) throws {
    try put(.customer, "airline", ["name": "An airline"])
    try put(.meter, "time", Workspace.sum(allowsNegative: false))
    try put(.meter, "runs", ["aggregation": "count", "eventTypes": ["ran"], "unit": "runs"])
    for number in 1...contracts {
      try put(
        .contract, "hours-\(number)",
        [
          "customer": "airline", "currency": "USD", "zone": "America/New_York",
          "from": "2013-01-01", "customerEvents": .bool(number == 1),
          "clauses": [
            [
              "key": "engines", "kind": "severityHours", "hours": "time", "cycles": "runs",
              "rate": "100.00", "cycleRate": "1.00",
            ]
          ],
        ])
    }
    try put(
      .asset, "engine",
      ["assignments": [["contract": "hours-1", "from": "2013-01-01T00:00:00Z"]]])
  }

  static func sum(allowsNegative: Bool, type: JSON = "ran") -> JSON {
    [
      "aggregation": "sum", "eventTypes": [type], "unit": "s", "value": "/seconds",
      "allowsNegative": .bool(allowsNegative),
    ]
  }

  static func event(
    _ id: String, seconds: Int64 = 60, time: String = "2013-01-10T12:00:00Z",
    source: String = "//test", type: String = "ran", subject: String? = "engine"
  ) -> JSON {
    .object([
      "specversion": "1.0", "id": .string(id), "source": .string(source), "type": .string(type),
      "subject": subject.map(JSON.string), "time": .string(time),
      "data": ["seconds": .integer(seconds)],
    ])
  }

  /// Reads the events as a request does, under the catalog as it stands now.
  func intake(
    _ events: [JSON], now: Instant = Workspace.now
  ) throws -> (Intake, revision: Int) {
    let state = catalogs.current
    let intake = EventIntake(IntakeTerms(state.catalog, state.meters), now: now)
    return (try intake.take(JSON.array(events).bytes, as: .batch), state.revision)
  }

  func finalise(_ key: InvoiceKey, now: Instant = Workspace.now) throws -> StoredInvoice {
    let desk = settlement
    return try desk.act(by: "finance", at: now) { books in
      // What these tests post need not be plausible.
      if try books.find(key)?.isHeld == true {
        _ = try desk.release(key, reason: "a test", books)
      }
      return try billing.finalise(key, books)
    }
  }

  func post(_ events: [JSON], now: Instant = Workspace.now) async throws -> [AppendResult] {
    let (intake, revision) = try intake(events, now: now)
    return try await commit.store(intake, catalogRevision: revision)
  }

  func period(_ start: String, _ end: String) -> Period {
    Period(start: Instant(start)!, end: Instant(end)!)
  }

  func time(_ start: String, _ end: String) throws -> Usage {
    try usage.answer(
      UsageScopeQuery(
        MeterKey("time"), of: .assets([AssetKey("engine")]), Windows(period(start, end)))
    ).all.whole.usage
  }

  func eventCount() throws -> Int { try events.storedCount() }

  func list(_ status: LoggedEvent.Status? = nil) throws -> [LoggedEvent] {
    try events.list(EventQuery(status: status), after: 0, limit: 100).events
  }

  func count(_ table: String) throws -> Int {
    try store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)")! }
  }

  /// The buckets by name, as one text.
  func buckets() throws -> [String] {
    try store.pool.read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT substr(meter.text || ' ', 1, instr(meter.text || ' ', ' '))
            || subject.text || ' ' || hour || ' ' || events || ' '
            || units_high || ' ' || units_low
          FROM bucket JOIN name AS meter ON meter.id = bucket.meter
            JOIN name AS subject ON subject.id = bucket.subject
          ORDER BY 1
          """)
    }
  }
}

extension BillingService {
  /// One period of every contract.
  func run(_ month: BillingMonth, now: Instant) throws -> [RunResult] {
    try run(BillingRequest(.month(month)), by: "finance", now: now).results
  }
}
