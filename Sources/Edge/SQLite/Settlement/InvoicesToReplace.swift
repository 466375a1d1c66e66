import Base
import GRDB
import Settlement

/// What stands where a draft is to be written: asked for every contract of a run.
extension Invoices {
  /// Whether the last issue of a month was closed, whatever has become of it since: of most there
  /// is none, or a draft, and no more need be read of it.
  static func isClosed(
    _ contract: ContractKey, _ month: BillingMonth, _ db: Database
  ) throws -> Bool {
    try newestStatus(contract, month, db) == InvoiceStatus.final.rawValue
  }

  /// That of the last issue, as it is in the table: one that was closed may be void.
  private static func newestStatus(
    _ contract: ContractKey, _ month: BillingMonth, _ db: Database
  ) throws -> String? {
    var status: String?
    try RawStatement(
      """
      SELECT status FROM invoice WHERE contract = ? AND month = ?
      ORDER BY length(key) DESC, key DESC LIMIT 1
      """, db
    ).bind(contract.text, month.description).forEach { row in
      status = row.text(0)
      return false
    }
    return status
  }

  /// The last issue of a month, for a draft that may take its place. Nothing happens to drafts:
  /// their standing is not asked for.
  static func newestToReplace(
    _ contract: ContractKey, _ month: BillingMonth, _ db: Database
  ) throws -> StoredInvoice? {
    guard let status = try newestStatus(contract, month, db) else { return nil }
    guard status == InvoiceStatus.draft.rawValue else { return try newest(contract, month, db) }
    return try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT \(drafts) FROM (\(Invoices.withoutStanding)) AS drafts
          WHERE contract = ? AND month = ? AND status = 'draft'
          """), arguments: [contract.text, month.description]
    ).map { try unproven($0) }
  }

  /// Invoices as if nothing had happened to them since they were written.
  static let withoutStanding = """
    SELECT *, 0 AS is_void, 0 AS credited, 0 AS paid, 0 AS held, NULL AS due, 0 AS last_change
    FROM invoice
    """

  private static let drafts = columns(of: "drafts")
}
