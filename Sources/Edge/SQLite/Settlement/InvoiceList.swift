import Base
import GRDB
import Settlement
import Workflow

extension InvoiceFilter {
  /// The beginning of what every time of that second is written as.
  fileprivate static func second(_ instant: Instant) -> String {
    String(Instant(clampingSeconds: instant.secondsSinceEpoch).description.dropLast())
  }
}

extension Invoices {
  /// At most `limit` invoices behind `after`, sorted by key.
  static func list(
    _ filter: InvoiceFilter, after: InvoiceKey?, limit: Int, _ db: Database
  ) throws -> [StoredInvoice] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT \(Invoices.columns(of: "listed")) FROM (
          SELECT *, CAST(replace(total, '.', '') AS INTEGER) - credited - paid AS open
          FROM invoice_standing
          WHERE key > :after AND (:customer IS NULL OR customer = :customer)
            AND (:first IS NULL OR month BETWEEN :first AND :last)
            AND (:series IS NULL OR (series = :series AND sequence = :sequence))
        ) AS listed
        WHERE (:status IS NULL
            OR :status = CASE WHEN is_void THEN 'void' ELSE status END)
          AND (:held IS NULL OR is_held = :held)
          AND (:since IS NULL OR rated >= :since OR finalised >= :since
            OR EXISTS (SELECT 1 FROM invoice_event
              WHERE invoice = key AND body ->> '$.at' >= :sinceText))
          AND (:payment IS NULL OR (status = 'final' AND NOT is_void AND CASE :payment
            WHEN 'open' THEN open <> 0
            WHEN 'paid' THEN open = 0
            WHEN 'disputed' THEN disputes <> 0
            ELSE open <> 0 END))
            AND (:due IS NULL OR due < :due)
        ORDER BY key LIMIT :limit
        """,
      arguments: [
        "after": after?.text ?? "", "customer": filter.customer?.text,
        "series": filter.number?.series, "sequence": filter.number?.sequence,
        "first": filter.months?.lowerBound.description,
        "last": filter.months?.upperBound.description, "status": filter.status?.rawValue,
        "held": filter.isHeld,
        "since": filter.changedSince?.microsecondsSinceEpoch,
        "sinceText": filter.changedSince.map(InvoiceFilter.second),
        "payment": filter.payment?.rawValue,
        "due": filter.dueBefore?.description, "limit": limit,
      ]
    ).map { try Invoices.kept($0, db) }
  }
}
