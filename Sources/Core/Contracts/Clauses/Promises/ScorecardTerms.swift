package import Base

/// Several KPIs weighed into one score for a stretch of months. Formula: Rating, `Scorecard`.
package struct ScorecardTerms: ClauseTerms {
  package static var kind: String { "scorecard" }

  package struct KPI: Hashable, Sendable {
    package let name: String
    package let weight: Fixed
    package let measure: Measured
    /// Here and beyond it earns nothing; the target may lie on either side of it.
    package let threshold: Fixed
    /// Here and beyond it earns all.
    package let target: Fixed

    package init(
      _ name: String, weight: Fixed, _ measure: Measured, threshold: Fixed, target: Fixed
    ) {
      self.name = name
      self.weight = weight
      self.measure = measure
      self.threshold = threshold
      self.target = target
    }
  }

  package let kpis: [KPI]
  package let span: BillingCycle.Length
  /// Where less of the weights is measured, in per cent, there is no score.
  package let coverageMin: Fixed
  /// Whether months count for which another clause has already penalised the same finding.
  package let penalisesAgain: Bool

  package static let coverageUsual = Fixed(units: 70, places: 0)

  package init(
    _ kpis: [KPI], span: BillingCycle.Length, coverageMin: Fixed = coverageUsual,
    penalisesAgain: Bool = false
  ) {
    self.kpis = kpis
    self.span = span
    self.coverageMin = coverageMin
    self.penalisesAgain = penalisesAgain
  }

  package var stage: RatingStage { .holdback }
  package var meters: [MeterKey] { kpis.flatMap(\.measure.meters) }
  package var clauses: [String] { kpis.flatMap(\.measure.clauses) }
}

extension ScorecardTerms {
  package var spans: [ClauseSpan] { [ClauseSpan(pointer: "/span", length: span)] }
  package func summary(in currency: Currency) -> String { "a scorecard of \(kpis.count) KPIs" }

  package init?(_ fields: inout FieldReader) {
    let span: BillingCycle.Length? = fields.required("span", Node.word)
    let kpis = fields.required("kpis", all: Node.list(of: KPI.init(_:), countMax: 50))
    let coverageMin = fields.optional("coverageMin", Node.percent)
    let penalisesAgain = fields.optional("penalisesAgain", Node.flag)
    if let kpis, kpis.isEmpty { fields.refuse("kpis", "a scorecard has at least one KPI") }
    guard let span, let kpis, !kpis.isEmpty else { return nil }
    self.init(
      kpis, span: span, coverageMin: coverageMin ?? Self.coverageUsual,
      penalisesAgain: penalisesAgain ?? false)
  }

  package var members: [JSON.Member] {
    let terms: [(String, JSON?)] = [
      ("span", .string(span.rawValue)), ("kpis", .array(kpis.map(\.json))),
      ("coverageMin", .decimal(coverageMin)), ("penalisesAgain", penalisesAgain ? true : nil),
    ]
    return terms.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }
}

extension ScorecardTerms.KPI {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let name = fields.required("name", Node.label)
    let weight = fields.required("weight", Node.nonNegative)
    let measure = Measured(&fields)
    let threshold = fields.required("threshold", Node.decimal)
    let target = fields.required("target", Node.decimal)
    if let weight, weight.units == 0 { fields.refuse("weight", "a weight is above 0") }
    if let low = try? threshold?.ratio, let high = try? target?.ratio, low == high {
      fields.refuse("target", "the target is not the threshold")
    }
    guard fields.isValid, let name, let weight, let measure, let threshold, let target else {
      throw fields.failure
    }
    self.init(name, weight: weight, measure, threshold: threshold, target: target)
  }

  var json: JSON {
    .object([
      .init("name", .string(name)), .init("weight", .decimal(weight)), measure.member,
      .init("threshold", .decimal(threshold)), .init("target", .decimal(target)),
    ])
  }
}
