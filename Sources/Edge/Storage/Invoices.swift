package import Base
import Contracts
import GRDB
package import Settlement

/// An invoice as it is kept: where it stands, and its document.
package struct KeptInvoice: Hashable, Sendable {
  package let key: InvoiceKey
  package let customer: CustomerKey
  package let month: BillingMonth
  package let status: InvoiceStatus
  package let number: InvoiceNumber?
  package let finalised: Instant?
  package let total: Money
  package let periodEnd: Instant
  /// The text of the document, as it was written.
  package let document: String
}

/// Drafts and final invoices. That a final one never changes is held by the database itself.
package struct Invoices: Sendable {
  package static let series = "INV"

  private let store: Store

  package init(_ store: Store) { self.store = store }

  package func find(_ key: InvoiceKey) throws -> KeptInvoice? {
    try store.pool.read { try Invoices.find(key, $0) }
  }

  package func get(_ key: InvoiceKey) throws -> KeptInvoice {
    guard let invoice = try find(key) else {
      throw Fault(.notFound, "there is no such invoice")
    }
    return invoice
  }

  /// At most `limit` invoices behind `after`, sorted by key.
  package func list(
    customer: CustomerKey?, month: BillingMonth?, status: InvoiceStatus?, after: InvoiceKey?,
    limit: Int
  ) throws -> [KeptInvoice] {
    try store.pool.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM invoice
          WHERE key > ?1 AND (?2 IS NULL OR customer = ?2) AND (?3 IS NULL OR month = ?3)
            AND (?4 IS NULL OR status = ?4)
          ORDER BY key LIMIT ?5
          """,
        arguments: [
          after?.text ?? "", customer?.text, month?.description, status?.rawValue, limit,
        ]
      ).map(Invoices.kept)
    }
  }

  /// Gives the invoice its number and closes it for ever. Finalising it again changes nothing.
  package func finalise(_ key: InvoiceKey, now: Instant) throws -> KeptInvoice {
    try store.pool.write { db in
      guard let invoice = try Invoices.find(key, db) else {
        throw Fault(.notFound, "there is no such invoice")
      }
      guard invoice.status == .draft else { return invoice }
      guard now >= invoice.periodEnd else {
        throw Fault(.periodNotOver, "the period ends at \(invoice.periodEnd)")
      }
      let sequence = try Int.fetchOne(
        db,
        sql: """
          INSERT INTO number_series (series, last) VALUES (?, 1)
          ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last
          """, arguments: [Invoices.series])!
      try db.execute(
        sql: """
          UPDATE invoice SET status = 'final', series = ?, sequence = ?, finalised = ?
          WHERE key = ?
          """,
        arguments: [Invoices.series, sequence, now.microsecondsSinceEpoch, key.text])
      return try Invoices.find(key, db)!
    }
  }
}

extension Invoices {
  struct Kept {
    let key: InvoiceKey
    let outcome: BillingDesk.Result.Outcome
    let total: Money
    let difference: Money?
  }

  /// Writes the draft, unless the same stands there already or the invoice is final.
  static func keep(_ invoice: Invoice, now: Instant, _ db: Database) throws -> Kept {
    let key = try Invoice.key(contract: invoice.contract.key, month: invoice.month)
    let document = invoice.document.text
    if let kept = try find(key, db) {
      if kept.status == .final {
        return Kept(
          key: key, outcome: .final, total: kept.total,
          difference: kept.document == document ? nil : try invoice.total - kept.total)
      }
      if kept.document == document {
        return Kept(key: key, outcome: .unchanged, total: kept.total, difference: nil)
      }
    }
    try db.execute(
      sql: """
        INSERT INTO invoice
          (key, contract, customer, month, period_end, status, currency, total, document, rated,
            last_event)
        VALUES (?, ?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET customer = excluded.customer,
          period_end = excluded.period_end, currency = excluded.currency, total = excluded.total,
          document = excluded.document, rated = excluded.rated,
          last_event = excluded.last_event
        """,
      arguments: [
        key.text, invoice.contract.key.text, invoice.customer.key.text,
        invoice.month.description, invoice.period.end.microsecondsSinceEpoch,
        invoice.total.currency.code, invoice.total.description, document,
        now.microsecondsSinceEpoch, try EventPages.last(db),
      ])
    return Kept(key: key, outcome: .drafted, total: invoice.total, difference: nil)
  }

  /// The last final invoice of a contract whose period ends after `instant`.
  static func lastFinal(
    _ contract: ContractKey, endingAfter instant: Instant, _ db: Database
  ) throws -> KeptInvoice? {
    try Row.fetchOne(
      db,
      sql: """
        SELECT * FROM invoice WHERE contract = ? AND status = 'final' AND period_end > ?
        ORDER BY period_end DESC LIMIT 1
        """, arguments: [contract.text, instant.microsecondsSinceEpoch]
    ).map(kept)
  }

  fileprivate static func find(_ key: InvoiceKey, _ db: Database) throws -> KeptInvoice? {
    try Row.fetchOne(db, sql: "SELECT * FROM invoice WHERE key = ?", arguments: [key.text])
      .map(kept)
  }

  fileprivate static func kept(_ row: Row) throws -> KeptInvoice {
    let total = try Fixed(row["total"] as String)
    let finalised: Int64? = row["finalised"]
    let sequence: Int? = row["sequence"]
    return KeptInvoice(
      key: try InvoiceKey(row["key"] as String),
      customer: try CustomerKey(row["customer"] as String),
      month: try BillingMonth(row["month"] as String),
      status: row["status"] == InvoiceStatus.final.rawValue ? .final : .draft,
      number: sequence.map { InvoiceNumber(series: row["series"], sequence: $0) },
      finalised: finalised.flatMap(Instant.init(microsecondsSinceEpoch:)),
      total: Money(minor: total.units, try Currency(row["currency"] as String)),
      periodEnd: Instant(microsecondsSinceEpoch: row["period_end"]) ?? .latest,
      document: row["document"])
  }
}
