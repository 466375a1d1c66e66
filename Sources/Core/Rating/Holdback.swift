package import Base
package import Contracts

/// A share of each period is held back, and paid as a scorecard says.
///
///     retained = -round(percent / 100 * base)                   every period
///     released = round(pool * score / 100), 0 below the floor   whenever there is a score
///
/// The pool is what was retained since the last score, less what a cap gave back of it. Without
/// enough measured for a score it rolls forward; what a score does not pay is lost.
/// Source: domain rule G8.
package struct Holdback {
  private let terms: HoldbackTerms
  private let scope: ClauseScope
  private let inputs: RatingInputs

  package init(_ terms: HoldbackTerms, _ scope: ClauseScope, _ inputs: RatingInputs) {
    self.terms = terms
    self.scope = scope
    self.inputs = inputs
  }

  package func lines() throws(Fault) -> [RatedLine] {
    let retained = try retainedLine()
    guard let finding = try inputs.soFar.mean(of: terms.scorecard, for: scope.asset) else {
      return [retained]
    }
    let pool = try pool() - retained.amount
    return [retained, try releasedLine(pool, score: finding.value)]
  }

  private func retainedLine() throws(Fault) -> RatedLine {
    let base = try inputs.soFar.base(of: terms.base, for: scope.asset)
    let share = try PercentOfBase(terms.percent.ratio, of: base, sign: -1)
    return RatedLine(
      scope, stage: .holdback, part: Self.retained, description: "Holdback, retained",
      quantity: try terms.percent.ratio, unit: "%", amount: share.amount,
      derivation: Derivation(
        steps: [share.step],
        sentence: "\(terms.percent) % of \(base.shown) are held back: \(share.amount.shown)."),
      waterfall: try Waterfall(running: [("retained", share.exact)], line: share.amount),
      meters: [])
  }

  private func releasedLine(_ pool: Money, score: Ratio?) throws(Fault) -> RatedLine {
    guard let score else { return try waitingLine(pool) }
    let isPaid = try score >= terms.floorScore.ratio
    let exact = isPaid ? try pool.fixed.ratio * score / Ratio(100) : .zero
    let amount = try Money(rounding: exact, scope.currency)
    let step = Derivation.Step(
      name: "line",
      formula: isPaid
        ? "amount = round(pool * score / 100)" : "amount = 0: the score is below the floor",
      inputs: [.init("pool", pool), .init("score", score), .init("floor", terms.floorScore)],
      exact: exact, rounded: amount.fixed)
    let sentence =
      isPaid
      ? "\(score) of 100 points release \(amount.shown) of the \(pool.shown) held back."
      : "\(score) points are below the \(terms.floorScore) agreed: nothing of the "
        + "\(pool.shown) held back is released."
    var line = try line(pool, amount, step, running: [("score", exact)], sentence)
    line.moves = .holdback(writtenOff: try pool - amount)
    return line
  }

  private func waitingLine(_ pool: Money) throws(Fault) -> RatedLine {
    let amount = Money.zero(scope.currency)
    let step = Derivation.Step(
      name: "line", formula: "amount = 0: there is no score, the pool rolls forward",
      inputs: [.init("pool", pool)], exact: .zero, rounded: amount.fixed)
    return try line(
      pool, amount, step, running: [("rolled forward", .zero)],
      "There is no score: the \(pool.shown) held back roll forward to the next one.",
      [.notDeterminable])
  }

  private func line(
    _ pool: Money, _ amount: Money, _ step: Derivation.Step,
    running: [(label: String, exact: Ratio)], _ sentence: String, _ flags: [RatedLine.Flag] = []
  ) throws(Fault) -> RatedLine {
    RatedLine(
      scope, stage: .holdback, part: Self.released, description: "Holdback, released",
      quantity: try pool.fixed.ratio, unit: "held back", amount: amount,
      derivation: Derivation(steps: [step], sentence: sentence),
      waterfall: try Waterfall(running: running, line: amount), meters: [], flags: flags)
  }

  /// What the months before have left to be settled.
  private func pool() throws(Fault) -> Money {
    var pool = Money.zero(scope.currency)
    for month in inputs.before {
      var isSettled = false
      for line in month.lines {
        switch line.key {
        case retainedKey: pool = try pool - line.amount
        case releasedKey: isSettled = !line.flags.contains(.notDeterminable)
        default: if AtRiskCap.givesBack(line, of: retainedKey) { pool = try pool - line.amount }
        }
      }
      if isSettled { pool = .zero(scope.currency) }
    }
    return pool
  }

  static let retained = "retained"
  private static let released = "released"
  private var retainedKey: String { "\(scope.key)/\(Self.retained)" }
  private var releasedKey: String { "\(scope.key)/\(Self.released)" }
}

extension HoldbackTerms: ClauseRule {
  /// The first period of the contract: only from there on is known what was settled when.
  package func reach(_ scope: ClauseScope) -> BillingMonth {
    min(scope.windows.contractPeriod, scope.windows.billingMonth)
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    RatedClause(try Holdback(self, scope, inputs).lines())
  }
}
