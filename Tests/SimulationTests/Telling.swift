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

/// The product, told one history in one order on a database of its own.
final class Telling {
  private static let now = Instant("2014-06-01T00:00:00Z")!

  private let folder: DataFolder
  private let history: History
  private var store: Store
  private var home: SQLiteHome
  private var catalogs: CatalogService
  private var commit: CommitQueue
  private let zones: ZoneDatabase
  private let recentIdentitiesMax: Int

  /// With few identities in memory, runs of them are written and merged all the time; that is slow.
  init(
    _ history: History, _ zones: ZoneDatabase,
    recentIdentitiesMax: Int = SQLiteShard.recentIdentitiesMax
  ) throws {
    folder = try Telling.freshFolder()
    try Telling.empty.get().write(to: folder.database)
    self.history = history
    self.zones = zones
    self.recentIdentitiesMax = recentIdentitiesMax
    store = try Store(folder)
    home = try SQLiteHome(
      store, countedAtOnceMax: history.countedAtOnceMax, recentIdentitiesMax: recentIdentitiesMax,
      halt: { fatalError($0) })
    catalogs = CatalogService(home, zones)
    commit = CommitQueue(home.events)
    try agree()
  }

  deinit {
    try? store.pool.close()
    try? FileManager.default.removeItem(at: folder.url)
  }

  /// In memory where there is such a place: thousands of small databases are made here.
  private static func freshFolder() throws -> DataFolder {
    let memory = "/dev/shm"
    let place =
      FileManager.default.isWritableFile(atPath: memory)
      ? URL(filePath: memory) : FileManager.default.temporaryDirectory
    let folder = DataFolder(place.appending(path: "usance-\(UUID().uuidString)").path)
    try folder.create()
    return folder
  }

  /// A database with its schema and nothing else, made once.
  private static let empty = Result {
    let folder = try freshFolder()
    defer { try? FileManager.default.removeItem(at: folder.url) }
    try Store(folder).pool.close()
    return try Data(contentsOf: folder.database)
  }

  private func reopen() throws {
    try store.pool.close()
    store = try Store(folder)
    home = try SQLiteHome(
      store, countedAtOnceMax: history.countedAtOnceMax, recentIdentitiesMax: recentIdentitiesMax,
      halt: { fatalError($0) })
    catalogs = CatalogService(home, zones)
    commit = CommitQueue(home.events)
  }

  private func agree() throws {
    for (key, customer) in [("airline", "An airline"), ("other", "Another one")] {
      try put(.customer, key, ["name": .string(customer)])
    }
    try put(.meter, "time", Telling.sum("/seconds", 1, ["ran", "hovered"], negative: false))
    try put(.meter, "bonus", Telling.sum("/bonus", 0, ["ran"], negative: true))
    try put(.meter, "runs", ["aggregation": "count", "eventTypes": ["ran"], "unit": "runs"])
    try put(.meter, "up", Meters.all["states"]!)
    try put(.meter, "tagged", Meters.all["grouped"]!)
    try put(
      .meter, "outcomes",
      ["aggregation": "count", "eventTypes": ["ran", "hovered"], "unit": "words"])
    for (key, customer) in [("ours", "airline"), ("theirs", "other")] {
      try put(.contract, key, contract(with: customer, [Telling.clause]))
    }
    for subject in History.subjects where subject.hasPrefix("engine") {
      let stretch = history.stretches.first { $0.subject == subject }!
      var assignments = [Telling.assignment("ours", stretch.from, stretch.until)]
      if subject == "engine-2" {
        assignments.insert(
          Telling.assignment("theirs", History.contractStart, stretch.from), at: 0)
      }
      try put(.asset, subject, ["assignments": .array(assignments)])
    }
  }

  private func contract(
    with customer: String, _ clauses: [JSON], effective: CivilDate? = nil
  ) -> JSON {
    .object([
      "customer": .string(customer), "currency": "USD", "zone": .string(history.clocks.zone),
      "from": "2012-01-01", "effective": effective.map { .text($0) }, "clauses": .array(clauses),
    ])
  }

  /// The contract has always had other clauses, and from a day on others again.
  func agree(on clauses: [JSON], andFrom day: CivilDate, on later: [JSON]) throws {
    try put(.contract, "ours", contract(with: "airline", clauses))
    try put(.contract, "ours", contract(with: "airline", later, effective: day))
  }

  private func put(_ kind: CatalogKind, _ key: String, _ json: JSON) throws {
    _ = try catalogs.put(kind, key, json, expecting: nil, now: Telling.now)
  }

  private static func sum(
    _ value: JSON, _ places: Int, _ types: JSON, negative: Bool
  ) -> JSON {
    [
      "aggregation": "sum", "eventTypes": types, "unit": "s", "value": value,
      "places": .integer(places), "allowsNegative": .bool(negative),
    ]
  }

  private static let clause: JSON = [
    "key": "engines", "kind": "severityHours", "hours": "time", "cycles": "runs",
    "rate": .string(decimal(Terms.rateCents, 2)), "cycleRate": .string(decimal(Terms.runCents, 2)),
    "legTable": .array(
      Terms.legTable.map {
        ["at": .string(decimal($0.0, 3)), "factor": .string(decimal($0.1, 3))]
      }),
  ]

  private static func assignment(_ contract: String, _ from: Int, _ until: Int) -> JSON {
    .object([
      "contract": .string(contract), "from": .text(instant(from)),
      "until": until == History.farAway ? nil : .text(instant(until)),
    ])
  }

  static func instant(_ microseconds: Int) -> Instant {
    Instant(microsecondsSinceEpoch: Int64(microseconds))!
  }

  /// `12.5` for 125 at one place.
  static func decimal(_ number: Int, _ places: Int) -> String {
    let digits =
      String(repeating: "0", count: max(0, places + 1 - String(number).count)) + "\(number)"
    return places == 0 ? digits : "\(digits.dropLast(places)).\(digits.suffix(places))"
  }

  /// Posts the events in requests of random size; now and then the store is closed and opened.
  func tell(_ events: [Model.Event], _ random: inout SeededRandom) async throws {
    var rest = events[...]
    var meters = history.meters
    while !rest.isEmpty || !meters.isEmpty {
      if let meter = meters.last, rest.isEmpty || random.chance(40) {
        // Now and then it is something else at first.
        let first = random.chance(30) ? Meters.names.randomElement(using: &random)! : meter
        try put(.meter, meter, Meters.all[first]!)
        if first == meter { meters.removeLast() }
        continue
      }
      if random.chance(40) { _ = try home.countMeters(eventsMax: 5) }
      let batch = rest.prefix(Int.random(in: 1...25, using: &random))
      rest = rest.dropFirst(batch.count)
      let state = catalogs.current
      let intake = EventIntake(
        IntakeTerms(state.catalog, state.meters), now: Telling.now)
      let bodies = batch.map { Telling.json($0, &random) }
      let taken = try intake.take(JSON.array(bodies).bytes, as: .batch)
      guard taken.admitted.count == batch.count else { throw taken.refusals[0].fault }
      _ = try await commit.store(taken, catalogRevision: state.revision)
      if random.chance(8) { try reopen() }
    }
    while try home.countMeters(eventsMax: 5) {}
  }

  /// The same event in one of the ways a sender may write it.
  private static func json(_ event: Model.Event, _ random: inout SeededRandom) -> JSON {
    let data = members(event, &random)
    return [
      "specversion": "1.0", "id": .string(event.id), "source": .string(event.source),
      "type": .string(event.type), "subject": .string(event.subject),
      "time": time(event.time, &random),
      "data": .object(random.chance(50) ? data : data.reversed()),
    ]
  }

  private static func members(
    _ event: Model.Event, _ random: inout SeededRandom
  ) -> [JSON.Member] {
    guard let change = event.change else {
      return figures(Model.Figures(tenths: event.tenths, bonus: event.bonus), &random)
    }
    let target: JSON = [
      "source": .string(change.target.source), "id": .string(change.target.id),
    ]
    // Data is data: there, another spelling of a time would be another payload.
    let amendment: JSON = .object([
      "time": change.time.map { .text(instant($0)) }, "type": change.type.map(JSON.string),
      "subject": change.subject.map(JSON.string),
      "data": change.data.map { .object(figures($0, &random)) },
    ])
    return [
      .init("corrects", target),
      change.isRetraction ? .init("retract", true) : .init("amend", amendment),
    ]
  }

  private static func figures(
    _ figures: Model.Figures, _ random: inout SeededRandom
  ) -> [JSON.Member] {
    let seconds: JSON =
      figures.tenths.map { tenths in
        let text = decimal(tenths, 1)
        return random.chance(50) ? .number(text) : .number(text + "00")
      } ?? "soon"
    let event = Model.Event(figures)
    return [
      .init("seconds", seconds), .init("bonus", .integer(figures.bonus)),
      .init("tag", .string(MeterModel.tag(event))),
      .init("state", .string(MeterModel.state(event))),
      .init(MeterModel.mark(event), true),
    ] + OutcomeWords.members(event)
  }

  private static func time(_ microseconds: Int, _ random: inout SeededRandom) -> JSON {
    let instant = instant(microseconds)
    return .string(
      random.chance(50)
        ? instant.description
        : instant.advanced(bySeconds: 20_700).description.dropLast() + "+05:45")
  }

  /// Of any subject, also one that is no asset.
  func usage(_ meter: String, _ subject: String, from: Int, until: Int) throws -> Usage {
    try metered(meter, subject, [from, until]).usage
  }

  /// The same over several windows, one behind the other.
  func metered(_ meter: String, _ subject: String, _ cuts: [Int]) throws -> MeteredUsage {
    let definition = catalogs.current.meters[try MeterKey(meter)]!
    let query = UsageQuery(definition, windows(cuts), of: stretches(subject, cuts))
    return try home.read { try $0.usage([query])[0].all.whole }
  }

  func groups(_ meter: String, _ subject: String, _ cuts: [Int]) throws -> [String: Usage] {
    let definition = catalogs.current.meters[try MeterKey(meter)]!
    let query = UsageQuery(definition, windows(cuts), of: stretches(subject, cuts), by: .group)
    return try home.read { snapshot in
      let parts = try snapshot.usage([query])[0].parts
      return Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0.series.whole.usage) })
    }
  }

  private func windows(_ cuts: [Int]) -> Windows {
    Windows(Period(start: Telling.instant(cuts.first!), end: Telling.instant(cuts.last!)))
  }

  private func stretches(_ subject: String, _ cuts: [Int]) -> [SubjectStretch] {
    zip(cuts, cuts.dropFirst()).map { from, until in
      SubjectStretch(
        subject, Period(start: Telling.instant(from), end: Telling.instant(until)))
    }
  }

  var month: BillingMonth {
    BillingMonth(year: 2012 + history.month / 12, month: history.month % 12 + 1)!
  }

  /// The text of the month's invoice.
  func document() throws -> String {
    let results = try BillingService(home, zones).run(
      BillingRequest(.month(month), customer: try CustomerKey("airline")), by: "finance",
      now: Telling.now
    ).results
    guard let key = results.first?.invoice else {
      throw results.first?.faults.first ?? Fault(.internalError, "no invoice")
    }
    return try home.read { try $0.invoice(key).document }
  }

  func conflictCount() throws -> Int {
    try store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM event_conflict")! }
  }
}
