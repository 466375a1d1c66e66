import Base
import GRDB
import Settlement

extension Invoices {
  /// The issues of a contract that are not void, by month and issue.
  static func outlines(_ contract: ContractKey, _ db: Database) throws -> [InvoiceOutline] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT key, month, status, last_event FROM invoice_standing
          WHERE contract = ? AND NOT is_void ORDER BY month, length(key), key
          """), arguments: [contract.text]
    ).map { row in
      InvoiceOutline(
        key: try InvoiceKey(row[0] as String), month: try BillingMonth(row[1] as String),
        status: row[2] == InvoiceStatus.final.rawValue ? .final : .draft, lastEvent: row[3])
    }
  }

  /// Where the newest issue of each month stands.
  static func statuses(
    _ contract: ContractKey, _ db: Database
  ) throws -> [BillingMonth: InvoiceStatus] {
    var statuses: [BillingMonth: InvoiceStatus] = [:]
    try RawStatement(
      """
      SELECT month, CASE WHEN is_void THEN 'void' ELSE status END FROM invoice_standing
      WHERE contract = ? ORDER BY length(key), key
      """, db
    ).bind(contract.text).forEach { row in
      statuses[try BillingMonth(row.text(0))] = InvoiceStatus(rawValue: row.text(1))
      return true
    }
    return statuses
  }

  /// A fee for a year has one in thirteen months at least.
  private static let monthsBefore = 13

  /// What the final periods before a month came to, the newest first.
  static func charges(
    of contract: ContractKey, before month: BillingMonth, _ db: Database
  ) throws -> [PeriodCharges] {
    try String.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT charges FROM invoice_standing
          WHERE contract = ? AND month < ? AND status = 'final' AND NOT is_void
            AND charges IS NOT NULL
          ORDER BY month DESC LIMIT \(monthsBefore)
          """), arguments: [contract.text, month.description]
    ).map { text in try PeriodCharges(Node(JSON(parsing: Array(text.utf8)))) }
  }

  /// Notes that a held draft may be finalised, for what it is held for now.
  static func release(_ draft: StoredInvoice, _ db: Database) throws {
    try db.execute(
      sql: "UPDATE invoice SET released = ?, is_held = 0 WHERE key = ?",
      arguments: [draft.reasons.filter(\.holds).text, draft.key.text])
  }
}

extension [HoldReason] {
  /// As they are kept; nil where there are none.
  var text: String? { isEmpty ? nil : JSON.array(map(\.json)).text }

  init(text: String?) throws {
    let list = try text.map { try JSON(parsing: [UInt8]($0.utf8)) }
    let elements: [JSON] = list?.elements ?? []
    self = try elements.map { (element) throws in try HoldReason(Node(element)) }
  }
}
