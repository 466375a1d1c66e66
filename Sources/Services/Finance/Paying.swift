package import Base
import Contracts
package import Settlement
package import Workflow

extension FinanceService {
  /// Records a payment: what the customer paid of what it owes or, where the invoice is a credit,
  /// what it was paid. Not more than is open, not dated before the invoice was issued or behind
  /// today, and not what looks like a payment that is there already.
  package func pay(
    _ key: InvoiceKey, _ payment: PaymentEntry, _ books: any Books
  ) throws -> (StoredInvoice, StoredPayment) {
    let invoice = try final(key, books)
    let (amount, open) = (try money(payment.amount, invoice.total.currency), invoice.open)
    try checkDate(payment.date, of: invoice, books)
    if !payment.isAnother, let same = try books.payment(like: payment, amount, as: invoice) {
      throw Fault(
        .looksDoubled,
        """
        \(amount) \(amount.currency) of \(payment.date) with this reference is payment \
        \(same.payment) of `\(same.invoice)` already; `again` says that this is another one
        """)
    }
    guard (amount.amountMinor < 0) == (open.amountMinor < 0),
      abs(amount.amountMinor) <= abs(open.amountMinor)
    else {
      throw Fault(.invalidValue, "\(open) \(open.currency) of the invoice is open", at: "/amount")
    }
    let author = books.author(nil)
    let number = try books.payments(of: invoice).count + 1
    try books.record(
      InvoiceEvent(
        .paid, of: key, by: author, amount: amount, day: payment.date,
        reference: payment.reference, payment: number))
    try books.post(
      .paid(key, amount, reference: payment.reference), of: invoice.customer, on: payment.date,
      by: author)
    return (try books.invoice(key), try books.payments(of: invoice)[number - 1])
  }

  /// Takes a payment back: what it paid is open again. `day` is today where nothing is said.
  package func returnPayment(
    _ number: Int, of key: InvoiceKey, on day: CivilDate?, reason: String,
    _ books: any Books
  ) throws -> (StoredInvoice, StoredPayment) {
    let invoice = try final(key, books)
    let payments = try books.payments(of: invoice)
    guard payments.indices.contains(number - 1) else {
      throw Fault(.notFound, "the invoice has no payment \(number)")
    }
    let payment = payments[number - 1]
    guard payment.returned == nil else {
      throw Fault(.wrongInvoiceStatus, "payment \(number) was taken back already")
    }
    let author = books.author(reason)
    let day =
      try day ?? max(payment.date, self.billing.day(of: invoice, at: author.at, books.agreements))
    guard day >= payment.date else {
      throw Fault(.invalidValue, "payment \(number) is of \(payment.date)", at: "/date")
    }
    try checkFuture(day, of: invoice, books)
    try books.record(
      InvoiceEvent(
        .returned, of: key, by: author, amount: payment.amount, day: day,
        reference: payment.reference, payment: number))
    try books.post(
      .returned(key, payment.amount, reference: payment.reference), of: invoice.customer, on: day,
      by: author)
    return (try books.invoice(key), try books.payments(of: invoice)[number - 1])
  }

  private func checkDate(
    _ day: CivilDate, of invoice: StoredInvoice, _ books: any Books
  ) throws {
    try checkFuture(day, of: invoice, books)
    guard let finalised = invoice.finalised, let number = invoice.number else { return }
    let issued = try days(of: invoice, at: finalised, books)
    guard day >= issued.lowerBound else {
      throw Fault(
        .dateBeforeDocument,
        "\(number) was issued on \(issued.lowerBound); a payment of \(day) is not for it",
        at: "/date")
    }
  }

  private func checkFuture(
    _ day: CivilDate, of invoice: StoredInvoice, _ books: any Books
  ) throws {
    let today = try days(of: invoice, at: books.author.at, books).upperBound
    guard day <= today else {
      throw Fault(.invalidValue, "it is \(today); nothing was paid on \(day) yet", at: "/date")
    }
  }

  /// The days that it is at a moment: by the clocks of the contract, and by UTC. A bank has clocks
  /// of its own, so that either will do.
  private func days(
    of invoice: StoredInvoice, at moment: Instant, _ books: any Books
  ) throws -> ClosedRange<CivilDate> {
    let (here, utc) = (
      try billing.day(of: invoice, at: moment, books.agreements), ZoneRules.utc.date(at: moment)
    )
    return min(here, utc)...max(here, utc)
  }
}
