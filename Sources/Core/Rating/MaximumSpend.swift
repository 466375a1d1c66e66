package import Base
package import Contracts

/// The most that a month comes to.
///
///     allowed = amount * share of the month that the contract covers
///     line    = -round(max(0, sum of their lines - allowed))          to the minor unit
///
/// Without names everything on the month's invoice before it counts. The cut is a line of its own.
/// Source: domain, section 4, conventional models, maximum spend.
package struct MaximumSpend {
  private let terms: MaximumSpendTerms
  private let scope: ClauseScope

  package init(_ terms: MaximumSpendTerms, _ scope: ClauseScope) {
    self.terms = terms
    self.scope = scope
  }

  /// `spent` is the sum of the lines that count.
  package func line(spent: Money) throws(Fault) -> RatedLine {
    let (windows, currency) = (scope.windows, scope.currency)
    let share = try ProratedShare(
      of: windows.period, in: windows.wholePeriod, terms.proration, windows.zone)
    let allowed = try terms.amount.ratio * share.exact
    let above = max(.zero, try spent.fixed.ratio - allowed)
    let amount = try Money(rounding: -above, currency)
    let steps = [
      share.step,
      Derivation.Step(
        name: "allowed", formula: "allowed = amount * share",
        inputs: [.init("amount", terms.amount), .init("share", share.exact)], exact: allowed,
        rounded: nil),
      Derivation.Step(
        name: "line", formula: "amount = -round(max(0, spent - allowed))",
        inputs: [.init("spent", spent), .init("allowed", allowed)], exact: -above,
        rounded: amount.fixed),
    ]
    let sentence = """
      \(spent.fixed.grouped) \(currency) were spent and at most \
      \(try allowed.rounded(to: currency.minorDigits).grouped) \(currency) are due: \
      \(amount.fixed.grouped) \(currency).
      """
    return RatedLine(
      scope, stage: terms.stage, description: "Maximum spend", quantity: share.exact,
      unit: "period", amount: amount,
      derivation: Derivation(steps: steps, sentence: sentence),
      waterfall: try Waterfall(running: [("above the maximum", -above)], line: amount), meters: [])
  }
}

extension MaximumSpendTerms: ClauseRule {
  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let spent = try inputs.soFar.spend(on: clauses, upTo: .cap, scope)
    return RatedClause([try MaximumSpend(self, scope).line(spent: spent)])
  }
}
