package import Base
import Contracts
import GRDB
import Rating
package import Settlement

/// An amount that was agreed on beside what clauses make.
package struct KeptAdjustment: Sendable {
  /// What kinds there are.
  package enum Kind: String, CaseIterable, Sendable {
    case goodwill
  }

  package let number: Int
  package let contract: ContractKey
  package let month: BillingMonth
  package let kind: Kind
  /// The clause whose tax falls on it; nil for the tax of everything else.
  package let clause: String?
  package let amount: Money
  package let reason: String
  /// Who agreed on it, and when.
  package let author: Author
  /// Who took it back, when and why.
  package let withdrawn: Author?

  package init(
    number: Int = 0, contract: ContractKey, month: BillingMonth, kind: Kind, clause: String?,
    amount: Money, reason: String, author: Author, withdrawn: Author? = nil
  ) {
    self.number = number
    self.contract = contract
    self.month = month
    self.kind = kind
    self.clause = clause
    self.amount = amount
    self.reason = reason
    self.author = author
    self.withdrawn = withdrawn
  }
}

extension SettlementDesk {
  /// Agrees on an amount for a month that is not closed yet. The next run includes it.
  package func adjust(
    _ adjustment: KeptAdjustment, _ transaction: MoneyTransaction
  ) throws -> KeptAdjustment {
    try checkOpen(adjustment.contract, adjustment.month, "adjust a later month", transaction)
    try adjustment.amount.checkSize()
    return try Adjustments.insert(adjustment, transaction)
  }

  /// Takes an adjustment back before an invoice that has it is final. The next run leaves it out.
  package func withdrawAdjustment(
    _ number: Int, reason: String, _ transaction: MoneyTransaction
  ) throws -> KeptAdjustment {
    let db = transaction.db
    guard let adjustment = try Adjustments.find(number, db) else {
      throw Fault(.notFound, "there is no adjustment \(number)")
    }
    guard adjustment.withdrawn == nil else {
      throw Fault(.wrongInvoiceStatus, "adjustment \(number) was taken back already")
    }
    try checkOpen(
      adjustment.contract, adjustment.month, "credit the line, or adjust a later month",
      transaction)
    try Adjustments.withdraw(number, by: transaction.author(reason), db)
    return try Adjustments.find(number, db)!
  }

  private func checkOpen(
    _ contract: ContractKey, _ month: BillingMonth, _ advice: String,
    _ transaction: MoneyTransaction
  ) throws {
    let newest = try Invoices.newest(contract, month, transaction.db)
    guard let newest, newest.status == .final else { return }
    throw Fault(.invoiceFinal, "\(newest.number!) is final; \(advice)", at: "/month")
  }
}

extension Invoices {
  /// At most `limit` adjustments behind the number `after`, in order, those that were taken back
  /// among them.
  package func adjustments(
    contract: ContractKey?, month: BillingMonth?, after: Int, limit: Int
  ) throws -> [KeptAdjustment] {
    try store.pool.read { db in
      try Adjustments.all(
        """
        WHERE sequence > ?1 AND (?2 IS NULL OR contract = ?2) AND (?3 IS NULL OR month = ?3)
        ORDER BY sequence LIMIT ?4
        """, [after, contract?.text, month?.description, limit], db)
    }
  }
}

/// The adjustments of contracts, by month.
enum Adjustments {
  static func find(_ number: Int, _ db: Database) throws -> KeptAdjustment? {
    try all("WHERE sequence = ?", [number], db).first
  }

  private static func all(
    of contract: ContractKey, _ month: BillingMonth, _ db: Database
  ) throws -> [KeptAdjustment] {
    // There hardly ever is one.
    let any = try RawStatement(
      "SELECT 1 FROM adjustment WHERE contract = ? AND month = ? LIMIT 1", db
    ).bind(contract.text, month.description).isAny
    guard any else { return [] }
    return try all(
      "WHERE contract = ? AND month = ? ORDER BY sequence", [contract.text, month.description], db)
  }

  private static let columns = ProvenTable.adjustment.selection()

  fileprivate static func all(
    _ which: String, _ arguments: StatementArguments, _ db: Database
  ) throws -> [KeptAdjustment] {
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

  private static func kept(_ row: Row, _ db: Database) throws -> KeptAdjustment {
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
    return KeptAdjustment(
      number: row["sequence"], contract: try ContractKey(row["contract"] as String),
      month: try BillingMonth(row["month"] as String),
      kind: KeptAdjustment.Kind(rawValue: row["kind"]) ?? .goodwill, clause: row["clause"],
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

  static func insert(
    _ adjustment: KeptAdjustment, _ transaction: MoneyTransaction
  ) throws -> KeptAdjustment {
    let number = try Int.fetchOne(
      transaction.db,
      sql: """
        INSERT INTO adjustment
          (contract, month, kind, clause, currency, amount, reason, author, created)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING sequence
        """,
      arguments: [
        adjustment.contract.text, adjustment.month.description, adjustment.kind.rawValue,
        adjustment.clause, adjustment.amount.currency.code, adjustment.amount.description,
        adjustment.reason, transaction.name, transaction.now.microsecondsSinceEpoch,
      ])!
    try ProvenTable.adjustment.prove(number, db: transaction.db)
    return try find(number, transaction.db)!
  }

  static func numbers(
    _ contract: ContractKey, _ month: BillingMonth, _ db: Database
  ) throws -> [Int] {
    try all(of: contract, month, db).filter { $0.withdrawn == nil }.map(\.number)
  }

  /// The lines of a month.
  static func lines(
    _ contract: ContractKey, _ month: BillingMonth, _ db: Database
  ) throws -> [InvoiceLine] {
    try all(of: contract, month, db).filter { $0.withdrawn == nil }.map { adjustment in
      InvoiceLine(
        try .goodwill(
          key: "goodwill/\(adjustment.number)",
          clause: adjustment.clause ?? adjustment.kind.rawValue, reason: adjustment.reason,
          amount: adjustment.amount),
        evidence: [], origin: .adjustment(adjustment.number))
    }
  }
}
