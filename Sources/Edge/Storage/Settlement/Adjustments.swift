package import Base
import Contracts
import GRDB
import Rating
import Settlement

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

  package init(
    number: Int = 0, contract: ContractKey, month: BillingMonth, kind: Kind, clause: String?,
    amount: Money, reason: String
  ) {
    self.number = number
    self.contract = contract
    self.month = month
    self.kind = kind
    self.clause = clause
    self.amount = amount
    self.reason = reason
  }
}

/// The adjustments of contracts, by month.
enum Adjustments {
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
    return KeptAdjustment(
      number: number, contract: adjustment.contract, month: adjustment.month,
      kind: adjustment.kind, clause: adjustment.clause, amount: adjustment.amount,
      reason: adjustment.reason)
  }

  static func numbers(
    _ contract: ContractKey, _ month: BillingMonth, _ db: Database
  ) throws -> [Int] {
    try Int.fetchAll(
      db.cachedStatement(
        sql: "SELECT sequence FROM adjustment WHERE contract = ? AND month = ? ORDER BY sequence"),
      arguments: [contract.text, month.description])
  }

  /// The lines of a month; `through` leaves out those that came behind that number.
  static func lines(
    _ contract: ContractKey, _ month: BillingMonth, through last: Int = .max, _ db: Database
  ) throws -> [InvoiceLine] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT sequence, clause, currency, amount, reason FROM adjustment
          WHERE contract = ? AND month = ? AND sequence <= ? ORDER BY sequence
          """), arguments: [contract.text, month.description, last]
    ).map { row in
      let number: Int = row[0]
      let clause: String? = row[1]
      let amount = Money(
        minor: try Fixed(row[3] as String).units, try Currency(row[2] as String))
      return InvoiceLine(
        try .goodwill(
          key: "goodwill/\(number)", clause: clause ?? KeptAdjustment.Kind.goodwill.rawValue,
          reason: row[4], amount: amount),
        evidence: [], origin: .adjustment(number))
    }
  }
}
