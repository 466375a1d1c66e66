package import Base
import Contracts
import GRDB
package import Settlement

/// What was paid of an invoice, as it is kept.
package struct KeptPayment: Sendable {
  /// How it was taken back.
  package struct Return: Sendable {
    package let date: CivilDate
    package let author: Author
  }

  /// Counted from one, payment by payment of the invoice.
  package let number: Int
  package let amount: Money
  /// The day of value.
  package let date: CivilDate
  package let reference: String
  /// Who entered it, and when.
  package let author: Author
  package let returned: Return?
}

/// A payment as finance enters it.
package struct PaymentEntry: Sendable {
  package let amount: Fixed
  package let date: CivilDate
  package let reference: String
  /// Whether one that looks the same is known, and this is another one.
  package let isAnother: Bool

  package init(amount: Fixed, date: CivilDate, reference: String, isAnother: Bool = false) {
    self.amount = amount
    self.date = date
    self.reference = reference
    self.isAnother = isAnother
  }
}

extension SettlementDesk {
  /// Records a payment: what the customer paid of what it owes or, where the invoice is a credit,
  /// what it was paid. Not more than is open, not dated before the invoice was issued or behind
  /// today, and not what looks like a payment that is there already.
  package func pay(
    _ key: InvoiceKey, _ payment: PaymentEntry, _ transaction: MoneyTransaction
  ) throws -> (KeptInvoice, KeptPayment) {
    let db = transaction.db
    let invoice = try final(key, db)
    let (amount, open) = (try money(payment.amount, invoice.total.currency), invoice.open)
    try checkDate(payment.date, of: invoice, now: transaction.now)
    if !payment.isAnother, let same = try Payments.same(payment, amount, as: invoice, db) {
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
    let author = transaction.author(nil)
    let number = try Payments.all(of: invoice, db).count + 1
    try InvoiceEvents.append(
      InvoiceEvent(
        .paid, of: key, by: author, amount: amount, day: payment.date,
        reference: payment.reference, payment: number), db)
    try Ledger.append(
      .paid(key, amount, reference: payment.reference), of: invoice.customer, on: payment.date,
      by: author, db)
    return (try Invoices.get(key, db), try Payments.all(of: invoice, db)[number - 1])
  }

  /// Takes a payment back: what it paid is open again. `day` is today where nothing is said.
  package func returnPayment(
    _ number: Int, of key: InvoiceKey, on day: CivilDate?, reason: String,
    _ transaction: MoneyTransaction
  ) throws -> (KeptInvoice, KeptPayment) {
    let db = transaction.db
    let invoice = try final(key, db)
    let payments = try Payments.all(of: invoice, db)
    guard payments.indices.contains(number - 1) else {
      throw Fault(.notFound, "the invoice has no payment \(number)")
    }
    let payment = payments[number - 1]
    guard payment.returned == nil else {
      throw Fault(.wrongInvoiceStatus, "payment \(number) was taken back already")
    }
    let author = transaction.author(reason)
    let day = try day ?? max(payment.date, self.day(of: invoice, at: author.at))
    guard day >= payment.date else {
      throw Fault(.invalidValue, "payment \(number) is of \(payment.date)", at: "/date")
    }
    try checkFuture(day, of: invoice, now: author.at)
    try InvoiceEvents.append(
      InvoiceEvent(
        .returned, of: key, by: author, amount: payment.amount, day: day,
        reference: payment.reference, payment: number), db)
    try Ledger.append(
      .returned(key, payment.amount, reference: payment.reference), of: invoice.customer, on: day,
      by: author, db)
    return (try Invoices.get(key, db), try Payments.all(of: invoice, db)[number - 1])
  }

  private func checkDate(_ day: CivilDate, of invoice: KeptInvoice, now: Instant) throws {
    try checkFuture(day, of: invoice, now: now)
    guard let finalised = invoice.finalised, let number = invoice.number else { return }
    let issued = try days(of: invoice, at: finalised)
    guard day >= issued.lowerBound else {
      throw Fault(
        .dateBeforeDocument,
        "\(number) was issued on \(issued.lowerBound); a payment of \(day) is not for it",
        at: "/date")
    }
  }

  private func checkFuture(_ day: CivilDate, of invoice: KeptInvoice, now: Instant) throws {
    let today = try days(of: invoice, at: now).upperBound
    guard day <= today else {
      throw Fault(.invalidValue, "it is \(today); nothing was paid on \(day) yet", at: "/date")
    }
  }

  /// The days that it is at a moment: by the clocks of the contract, and by UTC. A bank has clocks
  /// of its own, so that either will do.
  private func days(
    of invoice: KeptInvoice, at moment: Instant
  ) throws -> ClosedRange<CivilDate> {
    let (here, utc) = (try day(of: invoice, at: moment), ZoneRules.utc.date(at: moment))
    return min(here, utc)...max(here, utc)
  }
}

/// The payments of invoices.
enum Payments {
  static func all(of invoice: KeptInvoice, _ db: Database) throws -> [KeptPayment] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT paid.minor, paid.day, paid.body ->> '$.reference', paid.body ->> '$.by',
          paid.body ->> '$.at', back.day, back.body ->> '$.by', back.body ->> '$.at',
          back.body ->> '$.why'
        FROM invoice_event AS paid LEFT JOIN invoice_event AS back
          ON back.invoice = paid.invoice AND back.kind = 'returned'
            AND back.body ->> '$.payment' = paid.body ->> '$.payment'
        WHERE paid.invoice = ? AND paid.kind = 'paid' ORDER BY paid.sequence
        """, arguments: [invoice.key.text])
    return try rows.enumerated().map { place, row in
      let returned: String? = row[5]
      return KeptPayment(
        number: place + 1, amount: Money(minor: Int128(row[0] as Int64), invoice.total.currency),
        date: try Node.date(Node(.string(row[1]))), reference: row[2],
        author: Author(row[3], at: Instant(row[4] as String) ?? .latest),
        returned: try returned.map {
          KeptPayment.Return(
            date: try Node.date(Node(.string($0))),
            author: Author(row[6], at: Instant(row[7] as String) ?? .latest, reason: row[8]))
        })
    }
  }

  /// A payment of the same customer, day, amount and reference that was not taken back; nil where
  /// there is none.
  static func same(
    _ payment: PaymentEntry, _ amount: Money, as invoice: KeptInvoice, _ db: Database
  ) throws -> (invoice: String, payment: Int)? {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT invoice.key, paid.body ->> '$.payment'
        FROM invoice JOIN invoice_event AS paid ON paid.invoice = invoice.key
        WHERE customer = ? AND currency = ? AND paid.kind = 'paid' AND minor = ? AND day = ?
          AND paid.body ->> '$.reference' = ?
          AND NOT EXISTS (SELECT 1 FROM invoice_event AS back
            WHERE back.invoice = paid.invoice AND back.kind = 'returned'
              AND back.body ->> '$.payment' = paid.body ->> '$.payment')
        LIMIT 1
        """,
      arguments: [
        invoice.customer.text, amount.currency.code, try amount.storedMinor,
        payment.date.description, payment.reference,
      ])
    return row.map { ($0[0], $0[1]) }
  }
}

extension Invoices {
  /// What was paid of an invoice, payment by payment.
  package func payments(_ key: InvoiceKey) throws -> [KeptPayment] {
    try store.pool.read { try Payments.all(of: Invoices.get(key, $0), $0) }
  }
}
