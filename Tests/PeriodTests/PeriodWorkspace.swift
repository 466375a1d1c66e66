import Base
import Contracts
import Foundation
import Ingestion
import Settlement
import TestSupport
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// A data folder of one history, told and billed without HTTP; every act is a minute after the one
/// before, and after everything that happens in a history.
struct PeriodWorkspace {
  private var clock = Instant("2030-01-01T00:00:00Z")!
  private let folder: TemporaryFolder
  private let catalogs: CatalogService
  private let commit: CommitQueue
  private let billing: BillingService
  private let settlement: FinanceService

  init(_ zones: ZoneDatabase) throws {
    folder = try TemporaryFolder(inMemory: true)
    let store = try Store(DataFolder(folder.url.path))
    let home = try SQLiteHome(store, halt: { reason in fatalError(reason) })
    catalogs = CatalogService(home, zones)
    commit = CommitQueue(home.events)
    billing = BillingService(home, zones)
    settlement = FinanceService(home, billing)
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
    let intake = EventIntake(IntakeTerms(state.catalog, state.meters), now: now)
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
      guard let key = result.invoice, result.outcome != .withdrawn else { continue }
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
      let isHeld = try settlement.invoice(key).isHeld
      let final = try settlement.act(by: "finance", at: now) { books in
        // What these histories tell need not be plausible.
        if isHeld { _ = try settlement.release(key, reason: "a test", books) }
        return try billing.finalise(key, books)
      }
      finals[contract] = try document(final.key)
    }
    return finals
  }

  /// What a contract has earned in a calendar month and nobody was billed for, in cents before tax.
  func accrual(_ contract: String, _ month: Month) throws -> Int {
    let month = BillingMonth(year: month.year, month: month.ofYear)!
    let accrual = try billing.accruals(month).first { $0.contract.text == contract }
    if let fault = accrual?.fault { throw fault }
    return Int(accrual?.earned?.unbilled.amountMinor ?? 0)
  }

  // MARK: - What finance does

  /// An act on an invoice; nil where it is refused.
  private mutating func act<Value>(
    _ key: String, _ body: (FinanceService, InvoiceKey, any Books) throws -> Value
  ) throws -> Value? {
    let now = later()
    do {
      return try settlement.act(by: "finance", at: now) {
        try body(settlement, InvoiceKey(key), $0)
      }
    } catch let fault as Fault
      where [.invalidValue, .wrongInvoiceStatus, .unknownReference, .invoiceFinal]
      .contains(fault.code)
    {
      return nil
    }
  }

  /// Credits a part of a line; the document of the note.
  mutating func credit(_ key: String, line: String, cents: Int) throws -> JSON? {
    let part = CreditNote.Part(line: line, amount: Fixed(units: Int128(cents), places: 2))
    let note = try act(key) { settlement, key, books in
      try settlement.credit(key, [part], reason: "billed too high", books)
    }
    return try note?.json
  }

  mutating func dispute(_ key: String, line: String) throws {
    _ = try act(key) { settlement, key, books in
      try settlement.dispute(key, line: line, reason: "too high", books)
    }
  }

  /// Ends a dispute; whether there was one.
  mutating func resolve(_ key: String, line: String, credited: Bool) throws -> Bool {
    try act(key) { settlement, key, books in
      try settlement.resolve(
        key, line: line, as: credited ? .credited : .upheld, reason: "looked at", books)
    } != nil
  }

  /// The documents of the credit notes on an invoice.
  func notes(_ key: String) throws -> [StoredCreditNote] {
    try settlement.creditNotes(invoice: InvoiceKey(key), after: 0, limit: 100)
  }

  /// Takes a credit note back; whether it may be.
  mutating func takeBack(_ note: StoredCreditNote) throws -> Bool {
    try act(note.invoice.text) { settlement, _, books in
      try settlement.voidCreditNote(note.number, reason: "in error", books)
    } != nil
  }

  /// Takes an amount off a month out of goodwill; its number, or nil where the month is not open.
  mutating func giveAway(_ contract: String, _ month: Month, cents: Int) throws -> Int? {
    let json: JSON = [
      "contract": .string(contract), "month": .month(month), "kind": "goodwill",
      "amount": .cents(-cents), "reason": "sorry",
    ]
    return try act("\(contract)~\(month)") { settlement, _, books in
      try settlement.adjust(settlement.adjustment(Node(json), books), books)
    }?.number
  }

  mutating func keep(_ number: Int) throws {
    _ = try act("c~2023-01") { settlement, _, books in
      try settlement.withdrawAdjustment(number, reason: "after all", books)
    }
  }

  /// What is owed, credited and in dispute of an invoice, in cents with its taxes.
  func account(_ key: String) throws -> (total: Int, credited: Int, disputed: Int) {
    let invoice = try settlement.invoice(InvoiceKey(key))
    return (
      Int(invoice.total.amountMinor), Int(invoice.account.credited), Int(invoice.account.held)
    )
  }

  private func document(_ key: InvoiceKey) throws -> JSON {
    try JSON(parsing: Array(settlement.invoice(key).document.utf8))
  }
}

extension StoredCreditNote {
  /// Its document.
  var json: JSON {
    get throws { try JSON(parsing: Array(document.utf8)) }
  }
}
