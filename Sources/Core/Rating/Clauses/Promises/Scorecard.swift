package import Base
package import Contracts
import Metering

/// Several KPIs weighed into one score at the end of a stretch of months.
///
///     k     = clamp((x - threshold) / (target - threshold), 0, 1) * 100
///     score = round4(sum(weight * k) / sum(weight)), over the KPIs that were measured
///
/// A stretch ends early where the contract does. What another clause has already penalised is left
/// out: the months it penalised, and the whole KPI as if it were met where no other month is left.
/// Source: domain rule G8; domain, section 3, no double jeopardy.
package struct Scorecard {
  private let terms: ScorecardTerms
  private let scope: ClauseScope
  private let inputs: RatingInputs
  private let months: ClosedRange<BillingMonth>

  package init(_ terms: ScorecardTerms, _ scope: ClauseScope, _ inputs: RatingInputs) {
    self.terms = terms
    self.scope = scope
    self.inputs = inputs
    months = terms.months(scope)
  }

  /// What became of one KPI.
  private struct Mark {
    let kpi: ScorecardTerms.KPI
    /// Nil where it was not measured, or where all of it has been penalised.
    let value: Ratio?
    /// From 0 to 100.
    let points: Ratio?
    let isSpared: Bool
  }

  /// Nothing in the months before the last one.
  package func rated() throws(Fault) -> RatedClause {
    guard scope.endsWith(months) else { return RatedClause([]) }
    let marks = try terms.kpis.map { (kpi) throws(Fault) in try mark(kpi) }
    var (sum, measured, all) = (Ratio.zero, Ratio.zero, Ratio.zero)
    for mark in marks {
      let weight = try mark.kpi.weight.ratio
      all = try all + weight
      guard let points = mark.points else { continue }
      measured = try measured + weight
      sum = try sum + weight * points
    }
    let coverage = try measured / all
    let isEnough = try coverage * Ratio(100) >= terms.coverageMin.ratio
    let isKnown = isEnough && measured > .zero
    let score =
      isKnown
      ? try Derived(
        "score", "score = round4(sum(weight * k) / sum(weight))",
        [.init("sum(weight * k)", sum.shown), .init("sum(weight)", measured)], sum / measured,
        places: 4) : nil
    let line = try line(marks, coverage, score)
    return RatedClause([line], MeasuredResult(try score?.ratio, unit: "points", coverage: coverage))
  }

  private func mark(_ kpi: ScorecardTerms.KPI) throws(Fault) -> Mark {
    let (value, isSpared) = try value(of: kpi.measure)
    guard let value else {
      return Mark(kpi: kpi, value: nil, points: isSpared ? Ratio(100) : nil, isSpared: isSpared)
    }
    let (low, high) = (try kpi.threshold.ratio, try kpi.target.ratio)
    let reached = try (value - low) / (high - low)
    return Mark(
      kpi: kpi, value: value, points: try reached.clamped(to: .zero ... .one) * Ratio(100),
      isSpared: isSpared)
  }

  private func value(of measure: Measured) throws(Fault) -> (value: Ratio?, isSpared: Bool) {
    switch measure {
    case .meter(let meter):
      let usage = try inputs.usage.usage(terms.request(meter, scope))
      return (usage.value == .missing ? nil : try usage.value.ratio, false)
    case .finding(let clause):
      var findings: [MeasuredResult] = []
      var isSpared = false
      for month in inputs.before + [inputs.soFar] where months.contains(month.month) {
        guard let finding = try month.mean(of: clause, for: scope.asset) else { continue }
        if !terms.penalisesAgain, month.penalty(on: clause, for: scope.asset) != nil {
          isSpared = true
        } else {
          findings.append(finding)
        }
      }
      return (try MeasuredResult(meanOf: findings)?.value, isSpared)
    }
  }

  private func line(
    _ marks: [Mark], _ coverage: Ratio, _ score: Derived?
  ) throws(Fault) -> RatedLine {
    let weights = Derivation.Step(
      name: "coverage", formula: "coverage = sum(weight measured) / sum(weight)",
      inputs: marks.map {
        .init($0.kpi.name, "\($0.kpi.weight)\($0.points == nil ? ", not measured" : "")")
      }, exact: coverage, rounded: nil)
    let nothing = Money.zero(scope.currency)
    let known = try coverage * Ratio(100)
    let sentence =
      score.map {
        "The KPIs of \(months.lowerBound) to \(months.upperBound) score \($0.value) of 100 points."
      } ?? """
        \(known.shown) % of the weights of \(months.lowerBound) to \(months.upperBound) were \
        measured, less than the \(terms.coverageMin) % agreed: there is no score.
        """
    return RatedLine(
      scope, stage: .holdback, description: "Scorecard",
      quantity: try score?.ratio ?? known, unit: score == nil ? "% measured" : "points",
      amount: nothing,
      derivation: Derivation(
        steps: marks.compactMap(step) + [weights] + [score?.step].compactMap(\.self),
        sentence: sentence),
      waterfall: try Waterfall(running: [("score", .zero)], line: nothing), meters: terms.meters,
      flags: (score == nil ? [.notDeterminable] : [])
        + (marks.contains(where: \.isSpared) ? [.alreadyPenalised] : []))
  }

  private func step(_ mark: Mark) -> Derivation.Step? {
    guard let points = mark.points else { return nil }
    guard let value = mark.value else {
      return Derivation.Step(
        name: mark.kpi.name, formula: "k = 100: another clause has penalised it already",
        inputs: [], exact: points, rounded: nil)
    }
    return Derivation.Step(
      name: mark.kpi.name,
      formula: "k = clamp((x - threshold) / (target - threshold), 0, 1) * 100",
      inputs: [
        .init("x", value.shown), .init("threshold", mark.kpi.threshold),
        .init("target", mark.kpi.target),
      ], exact: points, rounded: nil)
  }
}

extension ScorecardTerms: ClauseRule {
  package func reach(_ scope: ClauseScope) -> BillingMonth { months(scope).lowerBound }

  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    meters.map { request($0, scope) }
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    try Scorecard(self, scope, inputs).rated()
  }

  /// The stretch that holds the month; it ends with the contract.
  fileprivate func months(_ scope: ClauseScope) -> ClosedRange<BillingMonth> {
    let month = scope.windows.billingMonth
    let months = span.stretch(holding: month, since: scope.windows.contractPeriod)
    return scope.windows.isLast ? months.lowerBound...scope.windows.months.upperBound : months
  }

  /// A meter's value over the stretch, as far as it has passed.
  fileprivate func request(_ meter: MeterKey, _ scope: ClauseScope) -> UsageRequest {
    let windows = scope.windows
    let time = windows.time(of: months(scope).lowerBound...windows.months.upperBound)
    return scope.request(
      meter, Period(start: time.start, end: min(time.end, windows.passedUntil)))
  }
}
