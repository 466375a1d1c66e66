package import Base

/// The most that credits, malus and holdback may come to together. Formula: Rating, `AtRiskCap`.
package struct AtRiskCapTerms: ClauseTerms {
  package static var kind: String { "atRiskCap" }

  /// Per cent of the base.
  package let percent: Fixed
  /// The periods that are held together against the cap; nil for each by itself.
  package let span: BillingCycle.Length?
  /// Clauses whose usage lines the percentage is of; none are all.
  package let base: [String]
  /// Clauses whose lines it caps; none are all credits, malus and holdback.
  package let capped: [String]

  package init(
    percent: Fixed, span: BillingCycle.Length? = nil, base: [String] = [], capped: [String] = []
  ) {
    self.percent = percent
    self.span = span
    self.base = base
    self.capped = capped
  }

  package var stage: RatingStage { .cap }
  package var clauses: [String] { base + capped }
}

extension AtRiskCapTerms {
  package var spans: [ClauseSpan] { span.map { [ClauseSpan(pointer: "/span", length: $0)] } ?? [] }
  package func summary(in currency: Currency) -> String { "at most \(percent) % at risk" }

  package init?(_ fields: inout FieldReader) {
    let percent = fields.required("percent", Node.percent)
    let span: BillingCycle.Length? = fields.optional("span", Node.word)
    let base = fields.optional("base", all: Node.clauseNames)
    let capped = fields.optional("capped", all: Node.clauseNames)
    guard let percent else { return nil }
    self.init(percent: percent, span: span, base: base ?? [], capped: capped ?? [])
  }

  package var members: [JSON.Member] {
    let terms: [(String, JSON?)] = [
      ("percent", .decimal(percent)), ("span", span.map { .string($0.rawValue) }),
      ("base", base.clauseNames), ("capped", capped.clauseNames),
    ]
    return terms.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }
}
