import Base
import Contracts
import Foundation
import Ingestion
import Settlement
import TestSupport
import Workflow

@testable import Storage

/// A data folder of one history, told and billed without HTTP; every act is a minute after the one
/// before, and after everything that happens in a history.
struct PeriodWorkspace {
  private var clock = Instant("2030-01-01T00:00:00Z")!
  private let folder: TemporaryFolder
  private let catalogs: Catalogs
  private let commit: GroupCommit
  private let billing: BillingDesk
  private let settlement: SettlementDesk
  private let invoices: Invoices

  init(_ zones: Zones) throws {
    folder = try TemporaryFolder(inMemory: true)
    let store = try Store(DataFolder(folder.url.path))
    catalogs = try Catalogs(store, zones)
    commit = try GroupCommit(store, catalogs, halt: { reason in fatalError(reason) })
    billing = BillingDesk(store, catalogs, zones)
    settlement = SettlementDesk(store, catalogs, zones)
    invoices = Invoices(store)
  }

  private mutating func later() -> Instant {
    clock = clock.advanced(bySeconds: 60)
    return clock
  }

  mutating func put(_ kind: CatalogKind, _ key: String, _ json: JSON) throws {
    _ = try catalogs.put(kind, key, json, expecting: nil, now: later())
  }

  mutating func post(_ events: [JSON]) async throws {
    guard !events.isEmpty else { return }
    let (state, now) = (catalogs.current, later())
    let intake = EventIntake(catalog: state.catalog, meters: state.meters, now: now)
    _ = try await commit.store(
      intake.take(JSON.array(events).bytes, as: .batch), catalogRevision: state.revision)
  }

  /// A correction that takes an event back.
  mutating func retract(_ id: String) async throws {
    try await post([
      [
        "specversion": "1.0", "id": .string("back-\(id)"), "source": "//finance",
        "type": "usance.correction", "time": .text(clock),
        "data": ["corrects": ["source": "//test", "id": .string(id)], "retract": true],
      ]
    ])
  }

  /// Rates a month; the documents of all contracts that have one, by their contracts.
  @discardableResult
  mutating func run(_ month: Month) throws -> [String: JSON] {
    let month = BillingMonth(year: month.year, month: month.ofYear)!
    let report = try billing.run(BillingRequest(.month(month)), by: "finance", now: later())
    var documents: [String: JSON] = [:]
    for result in report.results {
      if let fault = result.faults.first { throw fault }
      guard let key = result.invoice else { continue }
      documents[result.contract.text] = try document(key)
    }
    return documents
  }

  /// Rates a month and closes what it makes.
  @discardableResult
  mutating func close(_ month: Month) throws -> [String: JSON] {
    var finals: [String: JSON] = [:]
    for contract in try run(month).keys.sorted() {
      let (key, now) = (try InvoiceKey("\(contract)~\(month)"), later())
      let final = try settlement.act(by: "finance", at: now) { try settlement.finalise(key, $0) }
      finals[contract] = try document(final.key)
    }
    return finals
  }

  private func document(_ key: InvoiceKey) throws -> JSON {
    try JSON(parsing: Array(invoices.get(key).document.utf8))
  }
}
