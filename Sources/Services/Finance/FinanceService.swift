package import Base
import Contracts
import Rating
package import Settlement
package import Workflow

/// What finance does with invoices once they are rated. Each act is one transaction: the invoice,
/// what happened to it, and what that moves in the ledger are written together, or not at all.
package struct FinanceService: Sendable {
  let home: any Home
  let billing: BillingService
  private let responses = IdempotentActs()

  package init(_ home: any Home, _ billing: BillingService) {
    self.home = home
    self.billing = billing
  }

  /// Runs acts in one transaction, once for each idempotency key.
  package func perform(
    _ key: IdempotencyKey?, by name: String, at now: Instant,
    _ act: (any Books) throws -> IdempotentResponse
  ) throws -> IdempotentResponse {
    try responses.once(key) {
      try home.act(by: name, at: now) { books in
        if let key, let known = try books.response(key) { return known }
        let response = try act(books)
        if let key { try books.store(response, key) }
        return response
      }
    }
  }

  /// Runs work that takes many transactions, each of which may be done again without harm.
  package func performInParts(
    _ key: IdempotencyKey?, by name: String, at now: Instant,
    _ work: () throws -> IdempotentResponse
  ) throws -> IdempotentResponse {
    try responses.once(key) {
      guard let key else { return try work() }
      if let known = try home.act(by: name, at: now, isDryRun: true, { try $0.response(key) }) {
        return known
      }
      let response = try work()
      try home.act(by: name, at: now) { try $0.store(response, key) }
      return response
    }
  }

  /// One act by itself, for whoever needs no response kept.
  package func act<Value>(
    by name: String, at now: Instant, _ act: (any Books) throws -> Value
  ) throws -> Value {
    try home.act(by: name, at: now, act)
  }

  /// Takes a final invoice back as a whole. Its number stays; another run of the month makes
  /// another issue.
  package func void(
    _ key: InvoiceKey, reason: String, _ books: any Books
  ) throws -> StoredInvoice {
    let invoice = try final(key, books)
    // One that only gave back to a grant comes to nothing.
    let notes = try books.creditNotes(.inForce(invoice.contract)).filter { $0.invoice == key }
    guard invoice.account.paid == 0, invoice.account.credited == 0, notes.isEmpty else {
      throw Fault(
        .wrongInvoiceStatus, "the invoice has payments or credit notes: credit what is left of it")
    }
    let later = try books.invoices(.finals(invoice.contract)).filter { $0.month > invoice.month }
    let corrected = try later.first {
      try $0.billed().lines.contains { $0.corrects?.invoice == key.text }
    }
    if let corrected {
      throw Fault(
        .wrongInvoiceStatus, "\(corrected.number!) corrects the invoice: credit it instead")
    }
    let (author, billed) = (books.author(reason), try invoice.billed())
    try books.record(
      InvoiceEvent(
        .voided, of: key, by: author, amount: invoice.total,
        reference: billed.number.description))
    try books.post(
      .voided(billed), of: invoice.customer,
      on: billing.day(of: invoice, at: author.at, books.agreements), by: author)
    return try books.invoice(key)
  }

  func final(_ key: InvoiceKey, _ books: any Books) throws -> StoredInvoice {
    let invoice = try books.invoice(key)
    guard invoice.status == .final else { throw invoice.wrongStatus }
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
}
