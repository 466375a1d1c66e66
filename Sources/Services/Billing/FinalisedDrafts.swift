package import Base
import Contracts
import Rating
package import Settlement
package import Workflow

extension BillingService {
  /// Gives a draft its number and closes it for ever: behind the grace window, or `early` where
  /// that is asked for, but never before the period is over. A draft that would be another one by
  /// now is refused; not so one that was `justRated`, for what comes meanwhile is the next one's.
  /// Finalising it again changes nothing.
  package func finalise(
    _ key: InvoiceKey, early: Bool = false, reason: String? = nil, justRated: Bool = false,
    _ books: any Books
  ) throws -> StoredInvoice {
    let now = books.author.at
    let draft = try books.invoice(key)
    guard draft.status != .final else { return draft }
    guard draft.status == .draft else { throw draft.wrongStatus }
    guard !draft.isHeld else {
      let reasons = draft.reasons.holding(released: draft.released)
      throw Fault(
        .invoiceHeld,
        "the draft is held until somebody releases it: "
          + reasons.map(\.detail).joined(separator: "; "))
    }
    let (contract, customer) = try parties(draft, books.agreements)
    guard now >= draft.periodEnd else {
      throw Fault(.periodNotOver, "the period ends at \(draft.periodEnd)")
    }
    let graceEnd = contract.graceEnd(periodEnd: draft.periodEnd)
    guard early || now >= graceEnd else {
      throw Fault(
        .gracePeriodOpen,
        "the grace period ends at \(graceEnd); send `\"early\": true` to finalise now")
    }
    if !justRated { try checkEvents(draft, books) }
    let billed = try IssuedInvoice(
      draft.statement(), key: key, number: books.nextNumber(InvoiceNumber.series(for: draft.total)),
      month: draft.month)
    try checkFreshness(billed, of: contract.key, books)
    try books.close(draft, as: billed.number)
    let author = books.author(reason)
    let day = try day(of: draft, at: now, books.agreements)
    _ = try draft.total.storedMinor
    try books.record(
      InvoiceEvent(
        .finalised, of: key, by: author, amount: draft.total,
        day: contract.due(issued: day, customer),
        reference: billed.number.description, document: Digest(of: draft.document.utf8)))
    try books.post(.finalised(billed), of: draft.customer, on: day, by: author)
    return try books.invoice(key)
  }

  /// The day that it is by the clocks of an invoice's contract.
  func day(
    of invoice: StoredInvoice, at now: Instant, _ state: CatalogState
  ) throws -> CivilDate {
    try zones.rules(parties(invoice, state).0.zone).date(at: now)
  }

  private func parties(
    _ invoice: StoredInvoice, _ state: CatalogState
  ) throws -> (Contract, Customer) {
    try state.unreadable.check(invoice.contract)
    let catalog = state.catalog
    guard
      let contract = catalog.histories[invoice.contract]?.inForce(in: invoice.month).last?.contract,
      let customer = catalog.customers[invoice.customer]
    else { throw Fault(.unknownReference, "the contract of the invoice is gone") }
    return (contract, customer)
  }

  /// What came in since the draft was rated must not have made another one of it.
  private func checkEvents(_ draft: StoredInvoice, _ books: any Books) throws {
    let context = RatingContext(books.agreements, books)
    guard try context.mayAffect(draft) || !context.hasServingMeters(draft) else { return }
    let now = try preview(draft.contract, draft.month, context)
    guard now?.document.text != draft.document else { return }
    let total = now.map { "it comes to \($0.total) \($0.total.currency) now" }
    throw Fault(
      .draftOutdated,
      """
      the draft of \(draft.total) \(draft.total.currency) is out of date, \
      \(total ?? "there is nothing to bill now"): run the month again
      """)
  }

  /// A draft may be older than what has been settled since: what it corrects must still be open,
  /// and every adjustment of the month must be in it. Nor may another version of the contract have
  /// come for its period, for once that is closed none can.
  private func checkFreshness(
    _ draft: IssuedInvoice, of contract: ContractKey, _ books: any Books
  ) throws {
    let stale = Fault(.draftOutdated, "the draft is out of date: run the month again")
    let state = books.agreements
    try state.unreadable.check(contract)
    let inForce = state.catalog.histories[contract]?.inForce(in: draft.month) ?? []
    guard inForce.map(\.version.number) == draft.contractVersions else { throw stale }
    // One that falls on several taxes has a line for each.
    let adjustments = Set(draft.lines.compactMap(\.adjustment)).sorted()
    guard try books.adjustments(.period(contract, draft.month)).inForce.map(\.number) == adjustments
    else { throw stale }
    let documents = try FinalDocuments(contract, books)
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
}
