package import Base
package import Contracts

/// The most that a period, or a span of several, comes to.
///
///     allowed = amount * share of the period that the contract covers, or an asset serves it
///     line    = -round(max(0, what is left of their lines - allowed)) to the minor unit
///
/// Of a span the cut is what is above the amount in all, less what was cut in its periods before:
///
///     line    = -round(max(0, spent in the span so far - allowed) - cut in it before)
///
/// and comes back in part where less was spent than thought. No more is cut than is left. Without
/// names everything on the period's invoice before it counts. What others took off is not
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

extension MaximumSpend {
  /// The line of a span. `before` is what was left of the lines of its periods before, and `cut`
  /// what was taken off them.
  fileprivate func line(
    of span: CommittedSpan, spent: BaseLines, before: Money, cut: Money
  ) throws(Fault) -> RatedLine {
    let currency = scope.currency
    let all = try before + spent.left
    let above = max(.zero, try all.fixed.ratio - span.committed)
    let exact = try min(above - cut.fixed.ratio, spent.available.fixed.ratio)
    let amount = try Money(rounding: -exact, currency)
    let step = Derivation.Step(
      name: "line", formula: "amount = -round(max(0, spent - allowed) - cut before)",
      inputs: [
        .init("spent", all), .init("allowed", span.committed), .init("cut before", cut),
        .init("left", spent.available),
      ], exact: -exact, rounded: amount.fixed)
    let allowed = try span.committed.rounded(to: currency.minorDigits).grouped
    let sentence = """
      \(all.shown) were spent from \(span.months.lowerBound) on, and at most \(allowed) \
      \(currency) are due to \(span.months.upperBound); \(cut.shown) were taken off before: \
      \(amount.shown).
      """
    return RatedLine(
      scope, stage: terms.stage, description: "Maximum spend", quantity: span.share, unit: "span",
      amount: amount, derivation: Derivation(steps: span.steps + [step], sentence: sentence),
      waterfall: try Waterfall(running: [("above the maximum", -exact)], line: amount), meters: [])
  }
}

extension MaximumSpendTerms: ClauseRule {
  package func reach(_ scope: ClauseScope) -> BillingMonth {
    span.map { CommittedSpan.months($0, scope).lowerBound } ?? scope.windows.billingMonth
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let spent = try inputs.soFar.lines(of: clauses, upTo: .cap, scope)
    var line = try line(scope, inputs, spent)
    line.shares = try spent.shares(of: line.amount)
    return RatedClause([line])
  }

  private func line(
    _ scope: ClauseScope, _ inputs: RatingInputs, _ spent: BaseLines
  ) throws(Fault) -> RatedLine {
    guard let span else { return try MaximumSpend(self, scope).line(spent: spent.left) }
    let agreed = try CommittedSpan(span, spanTerms, scope) { moment in
      scope.terms(at: moment, or: self)?.spanTerms
    }
    var (before, cut) = (Money.zero(scope.currency), Money.zero(scope.currency))
    for period in agreed.before(inputs) {
      before = try before + period.spent(on: clauses, upTo: .cap, before: scope)
      for line in period.lines where line.clause == scope.clause && line.asset == scope.asset {
        cut = try cut - line.amount
      }
    }
    return try MaximumSpend(self, scope).line(of: agreed, spent: spent, before: before, cut: cut)
  }

  private var spanTerms: CommittedSpan.Terms {
    CommittedSpan.Terms(amount: amount, proration: proration, assetTime: assetTime)
  }
}
