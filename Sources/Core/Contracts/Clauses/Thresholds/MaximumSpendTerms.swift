package import Base

/// The most that a period or a span comes to: what is above it is taken off. Formula: Rating,
/// `MaximumSpend`.
package struct MaximumSpendTerms: ClauseTerms {
  package static var kind: String { "maximumSpend" }

  /// For a whole period, or for a whole span.
  package let amount: Fixed
  /// The months that are held together against the amount; nil where it is each period by itself.
  package let span: BillingCycle.Length?
  /// Whose lines count; none are all lines of the month before tax.
  package let clauses: [String]
  package let proration: Proration
  /// Where each asset is charged by itself, for how much of the time; nil is `served`.
  package let assetTime: AssetTime?

  package init(
    amount: Fixed, span: BillingCycle.Length? = nil, clauses: [String] = [],
    proration: Proration = .none, assetTime: AssetTime? = nil
  ) {
    self.amount = amount
    self.span = span
    self.clauses = clauses
    self.proration = proration
    self.assetTime = assetTime
  }

  package var stage: RatingStage { .cap }
}

extension MaximumSpendTerms {
  package var spans: [ClauseSpan] { span.map { [ClauseSpan(pointer: "/span", length: $0)] } ?? [] }
  package func summary(in currency: Currency) -> String { "at most \(amount) \(currency)" }

  package init?(_ fields: inout FieldReader) {
    let amount = fields.required("amount", Node.nonNegative)
    let span: BillingCycle.Length? = fields.optional("span", Node.word)
    let clauses = fields.optional("clauses", all: Node.clauseNames)
    let proration: Proration? = fields.optional("proration", Node.word)
    let assetTime = AssetTime.read(&fields)
    guard let amount else { return nil }
    self.init(
      amount: amount, span: span, clauses: clauses ?? [], proration: proration ?? .none,
      assetTime: assetTime)
  }

  package var members: [JSON.Member] {
    [.init("amount", .decimal(amount))]
      + (span.map { [.init("span", .string($0.rawValue))] } ?? [])
      + (clauses.isEmpty ? [] : [.init("clauses", .array(clauses.map(JSON.string)))])
      + [.init("proration", .string(proration.rawValue))] + assetTime.members
  }
}
