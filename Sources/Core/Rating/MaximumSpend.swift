package import Base
package import Contracts

/// The most that a period comes to.
///
///     allowed = amount * share of the period that the contract covers, or an asset serves it
///     line    = -round(max(0, what is left of their lines - allowed)) to the minor unit
///
/// Without names everything on the period's invoice before it counts. What others took off is not
/// spent. The cut is a line of its own, shared out over the lines that count. Source: domain,
/// section 4, conventional models, maximum spend.
package struct MaximumSpend {
  private let terms: MaximumSpendTerms
  private let scope: ClauseScope

  package init(_ terms: MaximumSpendTerms, _ scope: ClauseScope) {
    self.terms = terms
    self.scope = scope
  }

  /// `spent` is what is left of the lines that count.
  package func line(spent: Money) throws(Fault) -> RatedLine {
    let (windows, currency) = (scope.windows, scope.currency)
    let time = ChargedTime(scope, terms.assetTime, terms.proration)
    var share = try time.share(of: windows.inForce, in: windows.wholePeriod)
    // Of an asset that another contract has first, the whole maximum stands here too.
    if share == nil {
      share = try ProratedShare(
        of: windows.inForce, in: windows.wholePeriod, terms.proration, windows.zone)
    }
    let part = share!.exact
    let allowed = try terms.amount.ratio * part
    let above = max(.zero, try spent.fixed.ratio - allowed)
    let amount = try Money(rounding: -above, currency)
    let steps = [
      share!.step,
      Derivation.Step(
        name: "allowed", formula: "allowed = amount * share",
        inputs: [.init("amount", terms.amount), .init("share", part)], exact: allowed,
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
      scope, stage: terms.stage, description: "Maximum spend", quantity: part,
      unit: "period", amount: amount,
      derivation: Derivation(steps: steps, sentence: sentence),
      waterfall: try Waterfall(running: [("above the maximum", -above)], line: amount), meters: [])
  }
}

extension MaximumSpendTerms: ClauseRule {
  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let spent = try inputs.soFar.lines(of: clauses, upTo: .cap, scope)
    var line = try MaximumSpend(self, scope).line(spent: spent.left)
    line.shares = try spent.shares(of: line.amount)
    return RatedClause([line])
  }
}
