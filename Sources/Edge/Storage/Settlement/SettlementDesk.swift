package import Base
import Contracts
import GRDB
import Rating
import Settlement

/// What finance does with invoices once they are rated. Each act is one transaction: the invoice,
/// what happened to it, and what that moves in the ledger are written together, or not at all.
package struct SettlementDesk: Sendable {
  private let store: Store
  let catalogs: Catalogs
  private let zones: Zones
  private let answers: KeptAnswers

  package init(_ store: Store, _ catalogs: Catalogs, _ zones: Zones) {
    self.store = store
    self.catalogs = catalogs
    self.zones = zones
    answers = KeptAnswers(store)
  }

  /// Runs acts in one transaction, once for each idempotency key.
  package func perform(
    _ request: RequestIdentity?, by name: String, at now: Instant,
    _ act: (MoneyTransaction) throws -> KeptAnswer
  ) throws -> KeptAnswer {
    try answers.once(request, by: name, at: now, act)
  }

  /// Runs work that takes many transactions, each of which may be done again without harm.
  package func performInParts(
    _ request: RequestIdentity?, at now: Instant, _ work: () throws -> KeptAnswer
  ) throws -> KeptAnswer {
    try answers.onceInParts(request, at: now, work)
  }

  /// One act by itself, for whoever needs no answer kept.
  package func act<Value>(
    by name: String, at now: Instant, _ act: (MoneyTransaction) throws -> Value
  ) throws -> Value {
    try store.pool.write { try act(MoneyTransaction(db: $0, name: name, now: now)) }
  }

  /// Gives a draft its number and closes it for ever: behind the grace window, or `early` where
  /// that is asked for, but never before the period is over. Finalising it again changes nothing.
  package func finalise(
    _ key: InvoiceKey, early: Bool = false, reason: String? = nil,
    _ transaction: MoneyTransaction
  ) throws -> KeptInvoice {
    let (db, now) = (transaction.db, transaction.now)
    let draft = try Invoices.get(key, db)
    guard draft.status != .final else { return draft }
    guard draft.status == .draft else { throw SettlementDesk.wrongStatus(draft) }
    let (contract, customer) = try parties(draft)
    guard now >= draft.periodEnd else {
      throw Fault(.periodNotOver, "the period ends at \(draft.periodEnd)")
    }
    let graceEnd = contract.graceEnd(periodEnd: draft.periodEnd)
    guard early || now >= graceEnd else {
      throw Fault(.graceNotOver, "events may come in until \(graceEnd); ask for it to be early")
    }
    let final = try Invoices.close(draft, now: now, db)
    let billed = try final.billed()
    try checkFreshness(billed, of: contract.key, db)
    let author = transaction.author(reason)
    let day = try zones.rules(contract.zone).date(at: now)
    _ = try final.total.storedMinor
    try InvoiceEvents.append(
      InvoiceEvent(
        .finalised, of: key, by: author, amount: final.total,
        day: contract.due(issued: day, customer),
        reference: billed.number.description, document: Digest(of: final.document.utf8)), db)
    try Ledger.append(.finalised(billed), of: draft.customer, by: author, db)
    return try Invoices.get(key, db)
  }

  /// Takes a final invoice back as a whole. Its number stays; another run of the month makes
  /// another issue.
  package func void(
    _ key: InvoiceKey, reason: String, _ transaction: MoneyTransaction
  ) throws -> KeptInvoice {
    let db = transaction.db
    let invoice = try final(key, db)
    guard invoice.account.paid == 0, invoice.account.credited == 0 else {
      throw Fault(
        .wrongInvoiceStatus, "the invoice has payments or credit notes: credit what is left of it")
    }
    let later = try Invoices.finals(invoice.contract, db).filter { $0.month > invoice.month }
    let corrected = try later.first {
      try $0.billed().lines.contains { $0.corrects?.invoice == key.text }
    }
    if let corrected {
      throw Fault(
        .wrongInvoiceStatus, "\(corrected.number!) corrects the invoice: credit it instead")
    }
    let (author, billed) = (transaction.author(reason), try invoice.billed())
    try InvoiceEvents.append(
      InvoiceEvent(
        .voided, of: key, by: author, amount: invoice.total,
        reference: billed.number.description), db)
    try Ledger.append(.voided(billed), of: invoice.customer, by: author, db)
    return try Invoices.get(key, db)
  }

  /// Records a payment: what the customer paid of what it owes or, where the invoice is a credit,
  /// what it was paid. Not more than is open.
  package func pay(
    _ key: InvoiceKey, _ amount: Fixed, on day: CivilDate, reference: String,
    _ transaction: MoneyTransaction
  ) throws -> KeptInvoice {
    let db = transaction.db
    let invoice = try final(key, db)
    let (amount, open) = (try money(amount, invoice.total.currency), invoice.open)
    guard (amount.amountMinor < 0) == (open.amountMinor < 0),
      abs(amount.amountMinor) <= abs(open.amountMinor)
    else {
      throw Fault(.invalidValue, "\(open) \(open.currency) of the invoice is open", at: "/amount")
    }
    let author = transaction.author(nil)
    try InvoiceEvents.append(
      InvoiceEvent(.paid, of: key, by: author, amount: amount, day: day, reference: reference), db)
    try Ledger.append(
      .paid(key, amount, reference: reference), of: invoice.customer, by: author, db)
    return try Invoices.get(key, db)
  }

  func final(_ key: InvoiceKey, _ db: Database) throws -> KeptInvoice {
    let invoice = try Invoices.get(key, db)
    guard invoice.status == .final else { throw SettlementDesk.wrongStatus(invoice) }
    return invoice
  }

  func money(_ amount: Fixed, _ currency: Currency) throws(Fault) -> Money {
    guard let fixed = amount.exactly(places: currency.minorDigits), fixed.units != 0 else {
      throw Fault(
        .invalidValue, "expected an amount in the minor unit of \(currency), not zero",
        at: "/amount")
    }
    return Money(minor: fixed.units, currency)
  }

  private func parties(_ invoice: KeptInvoice) throws -> (Contract, Customer) {
    let catalog = catalogs.current.catalog
    guard
      let contract = catalog.histories[invoice.contract]?.inForce(in: invoice.month).last?.contract,
      let customer = catalog.customers[invoice.customer]
    else { throw Fault(.danglingReference, "the contract of the invoice is gone") }
    return (contract, customer)
  }

  /// A draft may be older than what has been settled since: what it corrects must still be open,
  /// and every adjustment of the month must be in it. Nor may another version of the contract have
  /// come for its period, for once that is closed none can. Events that came in since are
  /// corrected later.
  private func checkFreshness(
    _ draft: BilledInvoice, of contract: ContractKey, _ db: Database
  ) throws {
    let stale = Fault(.staleDraft, "the draft is out of date: run the month again")
    let inForce = catalogs.current.catalog.histories[contract]?.inForce(in: draft.month) ?? []
    guard inForce.map(\.version.number) == draft.contractVersions else { throw stale }
    let adjustments = draft.lines.compactMap(\.adjustment)
    guard try Adjustments.numbers(contract, draft.month, db) == adjustments else { throw stale }
    let finals = try Invoices.finals(contract, db).filter { $0.key != draft.key }
    for line in draft.lines {
      guard let corrects = line.corrects else { continue }
      guard let earlier = finals.first(where: { $0.key.text == corrects.invoice }) else {
        throw stale
      }
      let corrections = try Corrections(of: earlier.billed(), later: finals.map { try $0.billed() })
      guard try corrections.billed(corrects.line).amount.description == corrects.billed else {
        throw stale
      }
    }
  }

  private static func wrongStatus(_ invoice: KeptInvoice) -> Fault {
    Fault(.wrongInvoiceStatus, "the invoice is \(invoice.status.rawValue), not final")
  }
}
