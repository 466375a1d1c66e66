package import Base

/// The least that some clauses come to in a period or a span: what is missing is charged. Formula:
/// Rating, `MinimumCommitment`.
package struct MinimumCommitmentTerms: ClauseTerms {
  package static var kind: String { "minimumCommitment" }

  /// For a whole period, or for a whole span.
  package let amount: Fixed
  /// The months that are held together against the amount; nil where it is each period by itself.
  package let span: BillingCycle.Length?
  /// Whose lines count; none are all lines of usage, before any credit.
  package let clauses: [String]
  package let proration: Proration
  /// Where each asset is charged by itself, for how much of the time; nil is `served`.
  package let assetTime: AssetTime?

  package init(
    amount: Fixed, span: BillingCycle.Length? = nil, clauses: [String] = [],
    proration: Proration = .second, assetTime: AssetTime? = nil
  ) {
    self.amount = amount
    self.span = span
    self.clauses = clauses
    self.proration = proration
    self.assetTime = assetTime
  }

  package var stage: RatingStage { .minimum }
}

extension MinimumCommitmentTerms {
  package var spans: [ClauseSpan] { span.map { [ClauseSpan(pointer: "/span", length: $0)] } ?? [] }
  package func summary(in currency: Currency) -> String { "at least \(amount) \(currency)" }

  package init?(_ fields: inout FieldReader) {
    let amount = fields.required("amount", Node.nonNegative)
    let span: BillingCycle.Length? = fields.optional("span", Node.word)
    let clauses = fields.optional("clauses", all: Node.clauseNames)
    let proration: Proration? = fields.optional("proration", Node.word)
    let assetTime = AssetTime.read(&fields)
    guard let amount else { return nil }
    self.init(
      amount: amount, span: span, clauses: clauses ?? [], proration: proration ?? .second,
      assetTime: assetTime)
  }

  package var members: [JSON.Member] {
    [.init("amount", .decimal(amount))]
      + (span.map { [.init("span", .string($0.rawValue))] } ?? [])
      + (clauses.isEmpty ? [] : [.init("clauses", .array(clauses.map(JSON.string)))])
      + [.init("proration", .string(proration.rawValue))] + assetTime.members
  }
}
