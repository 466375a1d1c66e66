package import Base
package import Contracts

/// The least that some clauses come to in a month.
///
///     committed = amount * share of the month that the contract covers
///     line      = round(max(0, committed - sum of their lines))      to the minor unit
///
/// Without names all lines of usage count, before any credit: a credit never reduces what was
/// reached. The line is listed also when it is zero, so that a minimum is never ignored unseen.
/// Source: domain, section 4, conventional models, minimum commitment.
package struct MinimumCommitment {
  private let terms: MinimumCommitmentTerms
  private let scope: ClauseScope

  package init(_ terms: MinimumCommitmentTerms, _ scope: ClauseScope) {
    self.terms = terms
    self.scope = scope
  }

  /// `reached` is the sum of the lines that count.
  package func line(reached: Money) throws(Fault) -> RatedLine {
    let (windows, currency) = (scope.windows, scope.currency)
    let share = try ProratedShare(
      of: windows.period, in: windows.wholePeriod, terms.proration, windows.zone)
    let committed = try terms.amount.ratio * share.exact
    let missing = max(.zero, try committed - reached.fixed.ratio)
    let amount = try Money(rounding: missing, currency)
    let steps = [
      share.step,
      Derivation.Step(
        name: "committed", formula: "committed = amount * share",
        inputs: [.init("amount", terms.amount), .init("share", share.exact)], exact: committed,
        rounded: nil),
      Derivation.Step(
        name: "line", formula: "amount = round(max(0, committed - reached))",
        inputs: [.init("committed", committed), .init("reached", reached)], exact: missing,
        rounded: amount.fixed),
    ]
    let sentence = """
      \(reached.fixed.grouped) of the committed \
      \(try committed.rounded(to: currency.minorDigits).grouped) \(currency) were reached; \
      \(amount.fixed.grouped) \(currency) are missing.
      """
    return RatedLine(
      scope, stage: terms.stage, description: "Minimum commitment", quantity: share.exact,
      unit: "period", amount: amount,
      derivation: Derivation(steps: steps, sentence: sentence),
      waterfall: try Waterfall(
        running: [("committed", committed), ("reached", missing)], line: amount), meters: [])
  }
}

extension MinimumCommitmentTerms: ClauseRule {
  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let reached = try inputs.soFar.spend(on: clauses, upTo: .usage, scope)
    return RatedClause([try MinimumCommitment(self, scope).line(reached: reached)])
  }
}
