package import Base

/// The most that a month comes to: what is above it is taken off. Formula: Rating, `MaximumSpend`.
package struct MaximumSpendTerms: ClauseTerms {
  /// For a whole month.
  package let amount: Fixed
  /// Whose lines count; none are all lines of the month before tax.
  package let clauses: [String]
  package let proration: Proration
  /// Where each asset is charged by itself, for how much of the time; nil is `served`.
  package let assetTime: AssetTime?

  package init(
    amount: Fixed, clauses: [String] = [], proration: Proration = .none, assetTime: AssetTime? = nil
  ) {
    self.amount = amount
    self.clauses = clauses
    self.proration = proration
    self.assetTime = assetTime
  }

  package var stage: Stage { .cap }
}

extension MaximumSpendTerms {
  package init?(_ fields: inout FieldReader) {
    let amount = fields.required("amount", Node.nonNegative)
    let clauses = fields.optional("clauses", all: Node.clauseNames)
    let proration: Proration? = fields.optional("proration", Node.word)
    let assetTime = AssetTime.read(&fields)
    guard let amount else { return nil }
    self.init(
      amount: amount, clauses: clauses ?? [], proration: proration ?? .none, assetTime: assetTime)
  }

  package var members: [JSON.Member] {
    [.init("amount", .decimal(amount))]
      + (clauses.isEmpty ? [] : [.init("clauses", .array(clauses.map(JSON.string)))])
      + [.init("proration", .string(proration.rawValue))] + assetTime.members
  }
}
