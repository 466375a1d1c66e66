import Base
import Contracts
import Foundation
import Ingestion
import Settlement
import TestSupport
import Workflow

@testable import Storage

/// A workspace that is told a history and bills it, beside the model that is told the same.
struct PeriodBooks {
  private var clock = Instant("2030-01-01T00:00:00Z")!

  private let history: PeriodHistory
  private let folder: TemporaryFolder
  private let catalogs: Catalogs
  private let commit: GroupCommit
  private let billing: BillingDesk
  private let settlement: SettlementDesk
  private let invoices: Invoices
  /// What has been told so far.
  private(set) var model: NaiveModel
  private var told: Set<Int> = []
  private var retracted: Set<Int> = []
  private(set) var closed: Set<Month> = []

  init(_ history: PeriodHistory, _ zones: Zones) throws {
    self.history = history
    folder = try TemporaryFolder(inMemory: true)
    let store = try Store(DataFolder(folder.url.path))
    catalogs = try Catalogs(store, zones)
    commit = try GroupCommit(store, catalogs, halt: { reason in fatalError(reason) })
    billing = BillingDesk(store, catalogs, zones)
    settlement = SettlementDesk(store, catalogs, zones)
    invoices = Invoices(store)
    model = NaiveModel(
      terms: history.terms, versions: [history.terms.versions[0]], uses: [], served: history.served,
      local: LocalTime(history.terms.zone))
    try agree()
  }

  private mutating func later() -> Instant {
    clock = clock.advanced(bySeconds: 60)
    return clock
  }

  // MARK: - What is told

  private mutating func put(_ kind: CatalogKind, _ key: String, _ json: JSON) throws {
    _ = try catalogs.put(kind, key, json, expecting: nil, now: later())
  }

  private mutating func agree() throws {
    try put(.customer, "acme", ["name": "Acme"])
    for (key, rate) in [("t20", "0.20"), ("t10", "0.10")] {
      try put(
        .tax, key,
        [
          "name": .string(key), "category": "S",
          "rates": [["from": "2020-01-01", "rate": .string(rate)]],
        ])
    }
    for (key, aggregation) in NaiveModel.meters.sorted(by: { $0.key < $1.key }) {
      try put(
        .meter, key,
        .object([
          "aggregation": .string(aggregation), "eventTypes": .array([.string(key)]),
          "unit": "units", "value": aggregation == "count" ? nil : "/n",
          "places": ["count", "unique"].contains(key) ? nil : 1,
        ]))
    }
    try put(.contract, "c", history.terms.document(history.terms.versions[0]))
    for (asset, days) in history.served.sorted(by: { $0.key < $1.key }) {
      let assignments = days.map { days -> JSON in
        [
          "contract": "c", "from": time(model.local.midnight(days.lowerBound)),
          "until": time(model.local.midnight(days.upperBound)),
        ]
      }
      try put(.asset, asset, ["assignments": .array(assignments)])
    }
  }

  private func time(_ seconds: Int) -> JSON {
    .text(Instant(clampingSeconds: Int64(seconds)))
  }

  /// The next version of the contract, if there is one.
  mutating func change() throws {
    guard model.versions.count < history.terms.versions.count else { return }
    let next = history.terms.versions[model.versions.count]
    try put(.contract, "c", history.terms.document(next))
    model.versions.append(next)
  }

  /// Every version that takes effect before a day: once it is closed, none can.
  mutating func change(before day: Day) throws {
    while model.versions.count < history.terms.versions.count,
      history.terms.versions[model.versions.count].effective < day
    {
      try change()
    }
  }

  mutating func tell(_ places: [Int]) async throws {
    let uses = places.filter { !history.dropped.contains($0) }
    try await post(uses.map { event(history.uses[$0]) })
    told.formUnion(uses)
    recount()
  }

  mutating func retract(_ place: Int) async throws {
    guard told.contains(place), retracted.insert(place).inserted else { return }
    let use = history.uses[place]
    try await post([
      [
        "specversion": "1.0", "id": .string("back-\(use.id)"), "source": "//finance",
        "type": "usance.correction", "time": .text(clock),
        "data": [
          "corrects": ["source": "//test", "id": .string(use.id)], "retract": true,
        ],
      ]
    ])
    recount()
  }

  /// Everything that is still untold.
  mutating func tellRest() async throws {
    while model.versions.count < history.terms.versions.count { try change() }
    try await tell(history.uses.indices.filter { !told.contains($0) })
  }

  private mutating func recount() {
    model.uses = history.uses.indices.filter { told.contains($0) && !retracted.contains($0) }
      .map { history.uses[$0] }
  }

  private mutating func post(_ events: [JSON]) async throws {
    guard !events.isEmpty else { return }
    let (state, now) = (catalogs.current, later())
    let intake = EventIntake(catalog: state.catalog, meters: state.meters, now: now)
    _ = try await commit.store(
      intake.take(JSON.array(events).bytes, as: .batch), catalogRevision: state.revision)
  }

  private func event(_ use: NaiveModel.Use) -> JSON {
    [
      "specversion": "1.0", "id": .string(use.id), "source": "//test", "type": .string(use.meter),
      "subject": .string(use.subject), "time": time(use.time),
      "data": ["n": .string(Fixed(units: Int128(use.tenths), places: 1).description)],
    ]
  }

  // MARK: - What is billed

  /// Rates a period that is open; its document.
  mutating func run(_ period: Month) throws -> JSON? {
    let month = BillingMonth(year: period.year, month: period.ofYear)!
    let report = try billing.run(BillingRequest(.month(month)), by: "finance", now: later())
    guard let result = report.results.first else { return nil }
    if let fault = result.faults.first { throw fault }
    guard let key = result.invoice else { return nil }
    return try JSON(parsing: Array(invoices.get(key).document.utf8))
  }

  mutating func close(_ period: Month) throws -> JSON? {
    try change(before: history.terms.nextDay(of: period))
    guard try run(period) != nil else { return nil }
    let (key, now) = (try InvoiceKey("c~\(period)"), later())
    let final = try settlement.act(by: "finance", at: now) {
      try settlement.finalise(key, $0)
    }
    closed.insert(period)
    return try JSON(parsing: Array(final.document.utf8))
  }
}
