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
  let zones: Zones
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
    try store.write { try act(MoneyTransaction(db: $0, name: name, now: now)) }
  }

  /// Gives a draft its number and closes it for ever: behind the grace window, or `early` where
  /// that is asked for, but never before the period is over. A draft that would be another one by
  /// now is refused; not so one that was `justRated`, for what comes meanwhile is the next one's.
  /// Finalising it again changes nothing.
  package func finalise(
    _ key: InvoiceKey, early: Bool = false, reason: String? = nil, justRated: Bool = false,
    _ transaction: MoneyTransaction
  ) throws -> KeptInvoice {
    let (db, now) = (transaction.db, transaction.now)
    let draft = try Invoices.get(key, db)
    guard draft.status != .final else { return draft }
    guard draft.status == .draft else { throw SettlementDesk.wrongStatus(draft) }
    guard !draft.isHeld else {
      let reasons = draft.reasons.holding(released: draft.released)
      throw Fault(
        .invoiceHeld,
        "the draft is held until somebody releases it: "
          + reasons.map(\.detail).joined(separator: "; "))
    }
    let (contract, customer) = try parties(draft)
    guard now >= draft.periodEnd else {
      throw Fault(.periodNotOver, "the period ends at \(draft.periodEnd)")
    }
    let graceEnd = contract.graceEnd(periodEnd: draft.periodEnd)
    guard early || now >= graceEnd else {
      throw Fault(.graceNotOver, "events may come in until \(graceEnd); ask for it to be early")
    }
    if !justRated { try checkEvents(draft, db) }
    let billed = try BilledInvoice(
      draft.statement(), key: key, number: Invoices.nextNumber(for: draft.total, db),
      month: draft.month)
    try checkFreshness(billed, of: contract.key, db)
    try Invoices.close(draft, as: billed.number, now: now, db)
    let author = transaction.author(reason)
    let day = try day(of: draft, at: now)
    _ = try draft.total.storedMinor
    try InvoiceEvents.append(
      InvoiceEvent(
        .finalised, of: key, by: author, amount: draft.total,
        day: contract.due(issued: day, customer),
        reference: billed.number.description, document: Digest(of: draft.document.utf8)), db)
    try Ledger.append(.finalised(billed), of: draft.customer, on: day, by: author, db)
    return try Invoices.get(key, db)
  }

  /// Takes a final invoice back as a whole. Its number stays; another run of the month makes
  /// another issue.
  package func void(
    _ key: InvoiceKey, reason: String, _ transaction: MoneyTransaction
  ) throws -> KeptInvoice {
    let db = transaction.db
    let invoice = try final(key, db)
    // One that only gave back to a grant comes to nothing.
    let notes = try CreditNotes.inForce(of: invoice.contract, db).filter { $0.invoice == key }
    guard invoice.account.paid == 0, invoice.account.credited == 0, notes.isEmpty else {
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
    try Ledger.append(
      .voided(billed), of: invoice.customer, on: day(of: invoice, at: author.at), by: author, db)
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

  /// The day that it is by the clocks of an invoice's contract.
  func day(of invoice: KeptInvoice, at now: Instant) throws -> CivilDate {
    try zones.rules(parties(invoice).0.zone).date(at: now)
  }

  private func parties(_ invoice: KeptInvoice) throws -> (Contract, Customer) {
    let state = catalogs.current
    try state.unreadable.check(invoice.contract)
    let catalog = state.catalog
    guard
      let contract = catalog.histories[invoice.contract]?.inForce(in: invoice.month).last?.contract,
      let customer = catalog.customers[invoice.customer]
    else { throw Fault(.danglingReference, "the contract of the invoice is gone") }
    return (contract, customer)
  }

  /// What came in since the draft was rated must not have made another one of it.
  private func checkEvents(_ draft: KeptInvoice, _ db: Database) throws {
    let look = Look(catalogs.current, db)
    guard try look.mayTouch(draft) || !look.hasServingMeters(draft) else { return }
    let now = try BillingDesk(store, catalogs, zones).preview(draft.contract, draft.month, look)
    guard now?.document.text != draft.document else { return }
    let total = now.map { "it comes to \($0.total) \($0.total.currency) now" }
    throw Fault(
      .staleDraft,
      """
      the draft of \(draft.total) \(draft.total.currency) is out of date, \
      \(total ?? "there is nothing to bill now"): run the month again
      """)
  }

  /// A draft may be older than what has been settled since: what it corrects must still be open,
  /// and every adjustment of the month must be in it. Nor may another version of the contract have
  /// come for its period, for once that is closed none can.
  private func checkFreshness(
    _ draft: BilledInvoice, of contract: ContractKey, _ db: Database
  ) throws {
    let stale = Fault(.staleDraft, "the draft is out of date: run the month again")
    let state = catalogs.current
    try state.unreadable.check(contract)
    let inForce = state.catalog.histories[contract]?.inForce(in: draft.month) ?? []
    guard inForce.map(\.version.number) == draft.contractVersions else { throw stale }
    // One that falls on several taxes has a line for each.
    let adjustments = Set(draft.lines.compactMap(\.adjustment)).sorted()
    guard try Adjustments.numbers(contract, draft.month, db) == adjustments else { throw stale }
    let documents = try FinalDocuments(contract, db)
    let notes = documents.noteNumbers(before: draft.month).map(\.description)
    guard notes == draft.creditNotes else { throw stale }
    for line in draft.lines {
      guard let corrects = line.corrects else { continue }
      guard let earlier = documents.invoices.first(where: { $0.key.text == corrects.invoice })
      else { throw stale }
      let standing = try documents.corrections(of: earlier).standing(corrects.line)
      guard standing.description == corrects.billed else { throw stale }
    }
  }

  private static func wrongStatus(_ invoice: KeptInvoice) -> Fault {
    Fault(.wrongInvoiceStatus, "the invoice is \(invoice.status.rawValue), not final")
  }
}
