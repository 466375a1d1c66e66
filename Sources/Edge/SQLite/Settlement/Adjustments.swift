import Base
import Contracts
import GRDB
import Settlement

/// The adjustments of contracts, by month.
enum Adjustments {
  static func find(_ number: Int, _ db: Database) throws -> StoredAdjustment? {
    try all("WHERE sequence = ?", [number], db).first
  }

  static func all(
    of contract: ContractKey, _ month: BillingMonth, _ db: Database
  ) throws -> [StoredAdjustment] {
    // There hardly ever is one.
    let any = try RawStatement(
      "SELECT 1 FROM adjustment WHERE contract = ? AND month = ? LIMIT 1", db
    ).bind(contract.text, month.description).isAny
    guard any else { return [] }
    return try all(
      "WHERE contract = ? AND month = ? ORDER BY sequence", [contract.text, month.description], db)
  }

  /// At most `limit` after a number, in order, those that were withdrawn among them.
  static func list(
    contract: ContractKey?, month: BillingMonth?, after: Int, limit: Int, _ db: Database
  ) throws -> [StoredAdjustment] {
    try all(
      """
      WHERE sequence > ?1 AND (?2 IS NULL OR contract = ?2) AND (?3 IS NULL OR month = ?3)
      ORDER BY sequence LIMIT ?4
      """, [after, contract?.text, month?.description, limit], db)
  }

  private static let columns = ProvenTable.adjustment.selection()

  private static func all(
    _ which: String, _ arguments: StatementArguments, _ db: Database
  ) throws -> [StoredAdjustment] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT \(columns),
            back.author AS back_author, back.created AS back_created, back.reason AS back_reason
          FROM adjustment LEFT JOIN adjustment_withdrawal AS back ON back.adjustment = sequence
          \(which)
          """), arguments: arguments
    ).map { try kept($0, db) }
  }

  private static func kept(_ row: Row, _ db: Database) throws -> StoredAdjustment {
    try ProvenTable.adjustment.check(row, db)
    func author(_ prefix: String, reason: String? = nil) -> Author {
      let created: Int64 = row[prefix + "created"]
      return Author(
        row[prefix + "author"], at: Instant(microsecondsSinceEpoch: created) ?? .latest,
        reason: reason)
    }
    let backReason: String? = row["back_reason"]
    if backReason != nil {
      try ProvenTable.adjustmentWithdrawal.check(row["sequence"] as Int, db: db)
    }
    return StoredAdjustment(
      number: row["sequence"], contract: try ContractKey(row["contract"] as String),
      month: try BillingMonth(row["month"] as String),
      kind: StoredAdjustment.Kind(rawValue: row["kind"]) ?? .goodwill, clause: row["clause"],
      amount: Money(
        minor: try Fixed(row["amount"] as String).units, try Currency(row["currency"] as String)),
      reason: row["reason"], author: author(""),
      withdrawn: backReason.map { author("back_", reason: $0) })
  }

  static func withdraw(_ number: Int, by author: Author, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO adjustment_withdrawal (adjustment, reason, author, created)
        VALUES (?, ?, ?, ?)
        """,
      arguments: [number, author.reason, author.name, author.at.microsecondsSinceEpoch])
    try ProvenTable.adjustmentWithdrawal.prove(number, db: db)
  }

  /// Keeps an adjustment under the next number.
  static func insert(_ adjustment: StoredAdjustment, _ db: Database) throws -> StoredAdjustment {
    let number = try Int.fetchOne(
      db,
      sql: """
        INSERT INTO adjustment
          (contract, month, kind, clause, currency, amount, reason, author, created)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING sequence
        """,
      arguments: [
        adjustment.contract.text, adjustment.month.description, adjustment.kind.rawValue,
        adjustment.clause, adjustment.amount.currency.code, adjustment.amount.description,
        adjustment.reason, adjustment.author.name, adjustment.author.at.microsecondsSinceEpoch,
      ])!
    try ProvenTable.adjustment.prove(number, db: db)
    return try find(number, db)!
  }
}
