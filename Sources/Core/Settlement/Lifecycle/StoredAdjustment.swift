package import Base

/// An amount that was agreed on beside what clauses make.
package struct StoredAdjustment: Sendable {
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
