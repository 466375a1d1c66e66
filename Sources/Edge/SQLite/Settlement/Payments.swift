import Base
import GRDB
import Settlement

/// The payments of invoices.
enum Payments {
  static func all(of invoice: StoredInvoice, _ db: Database) throws -> [StoredPayment] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT paid.minor, paid.day, paid.body ->> '$.reference', paid.body ->> '$.by',
          paid.body ->> '$.at', back.day, back.body ->> '$.by', back.body ->> '$.at',
          back.body ->> '$.reason'
        FROM invoice_event AS paid LEFT JOIN invoice_event AS back
          ON back.invoice = paid.invoice AND back.kind = 'returned'
            AND back.body ->> '$.payment' = paid.body ->> '$.payment'
        WHERE paid.invoice = ? AND paid.kind = 'paid' ORDER BY paid.sequence
        """, arguments: [invoice.key.text])
    return try rows.enumerated().map { place, row in
      let returned: String? = row[5]
      return StoredPayment(
        number: place + 1, amount: Money(minor: Int128(row[0] as Int64), invoice.total.currency),
        date: try Node.date(Node(.string(row[1]))), reference: row[2],
        author: Author(row[3], at: Instant(row[4] as String) ?? .latest),
        returned: try returned.map {
          StoredPayment.Return(
            date: try Node.date(Node(.string($0))),
            author: Author(row[6], at: Instant(row[7] as String) ?? .latest, reason: row[8]))
        })
    }
  }

  /// A payment of the same customer, day, amount and reference that was not taken back; nil where
  /// there is none.
  static func same(
    _ payment: PaymentEntry, _ amount: Money, as invoice: StoredInvoice, _ db: Database
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
