package import Base

/// The least that some clauses come to in a month: what is missing is charged. Formula: Rating,
/// `MinimumCommitment`.
package struct MinimumCommitmentTerms: ClauseTerms {
  /// For a whole month.
  package let amount: Fixed
  /// Whose lines count; none are all lines of usage, before any credit.
  package let clauses: [String]
  package let proration: Proration

  package init(amount: Fixed, clauses: [String] = [], proration: Proration = .second) {
    self.amount = amount
    self.clauses = clauses
    self.proration = proration
  }

  package var stage: Stage { .minimum }
}

extension MinimumCommitmentTerms {
  package init?(_ fields: inout FieldReader) {
    let amount = fields.required("amount", Node.nonNegative)
    let clauses = fields.optional("clauses", all: Node.clauseNames)
    let proration: Proration? = fields.optional("proration", Node.word)
    guard let amount else { return nil }
    self.init(amount: amount, clauses: clauses ?? [], proration: proration ?? .second)
  }

  package var members: [JSON.Member] {
    [.init("amount", .decimal(amount))]
      + (clauses.isEmpty ? [] : [.init("clauses", .array(clauses.map(JSON.string)))])
      + [.init("proration", .string(proration.rawValue))]
  }
}
