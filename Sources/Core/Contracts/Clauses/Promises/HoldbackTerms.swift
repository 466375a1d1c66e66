package import Base

/// A share of each period is held back, and paid as a scorecard says. Formula: Rating, `Holdback`.
package struct HoldbackTerms: ClauseTerms {
  package static var kind: String { "holdback" }

  /// What is held back, in per cent of the base.
  package let percent: Fixed
  /// The clause whose score says what is paid; whenever it has one, the money held back so far is
  /// settled.
  package let scorecard: String
  /// A lower score pays nothing.
  package let floorScore: Fixed
  /// Clauses whose usage lines the percentage is of; none are all.
  package let base: [String]

  package init(
    percent: Fixed, scorecard: String, floorScore: Fixed = Fixed(units: 0, places: 0),
    base: [String] = []
  ) {
    self.percent = percent
    self.scorecard = scorecard
    self.floorScore = floorScore
    self.base = base
  }

  package var stage: RatingStage { .holdback }
  package var clauses: [String] { [scorecard] + base }
}

extension HoldbackTerms {
  package func summary(in currency: Currency) -> String { "\(percent) % held back" }

  package init?(_ fields: inout FieldReader) {
    let percent = fields.required("percent", Node.percent)
    let scorecard = fields.required("scorecard", Node.label)
    let floorScore = fields.optional("floorScore", Node.percent)
    let base = fields.optional("base", all: Node.clauseNames)
    guard let percent, let scorecard else { return nil }
    self.init(
      percent: percent, scorecard: scorecard, floorScore: floorScore ?? Fixed(units: 0, places: 0),
      base: base ?? [])
  }

  package var members: [JSON.Member] {
    let terms: [(String, JSON?)] = [
      ("percent", .decimal(percent)), ("scorecard", .string(scorecard)),
      ("floorScore", .decimal(floorScore)), ("base", base.clauseNames),
    ]
    return terms.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }
}
