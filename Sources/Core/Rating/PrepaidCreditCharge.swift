package import Base
package import Contracts

/// Prepaid credit against what the month comes to.
///
///     due  = max(0, sum of the lines that it pays)
///     line = -min(due, what is left of the grants that pay for the month)
///
/// What earlier months drew is taken from their lines, rated with what is known now. The clause
/// finds what is left. Source: domain, section 4, conventional models, prepaid credit.
package struct PrepaidCreditCharge {
  private let terms: PrepaidCreditTerms
  private let scope: ClauseScope
  private var credit: PrepaidCredit

  /// `before` are the earlier months, in order.
  package init(
    _ terms: PrepaidCreditTerms, _ scope: ClauseScope, before: [RatedMonth] = []
  ) throws(Fault) {
    self.terms = terms
    self.scope = scope
    credit = try PrepaidCredit(terms.grants, in: scope.currency)
    for month in before {
      let drawn = try month.sum { $0.clause == scope.clause && $0.asset == scope.asset }
      _ = try credit.draw(Money.zero(scope.currency) - drawn, in: month.month)
    }
  }

  /// `due` is the sum of the lines that it pays.
  package func clause(due: Money) throws(Fault) -> RatedClause {
    var credit = credit
    let month = scope.windows.billingMonth
    let available = try credit.left(in: month)
    var amount = Money.zero(scope.currency)
    var steps: [Derivation.Step] = []
    var running: [(label: String, exact: Ratio)] = []
    for draw in try credit.draw(due, in: month) {
      amount = try amount - draw.amount
      steps.append(
        Derivation.Step(
          name: draw.grant, formula: "drawn = min(due, left)",
          inputs: [.init("left after", draw.left)], exact: try draw.amount.fixed.ratio,
          rounded: draw.amount.fixed))
      running.append((draw.grant, try amount.fixed.ratio))
    }
    let left = try credit.left(in: month)
    steps.append(
      Derivation.Step(
        name: "line", formula: "amount = -min(due, available)",
        inputs: [.init("due", due), .init("available", available)],
        exact: try amount.fixed.ratio, rounded: amount.fixed))
    let line = RatedLine(
      scope, stage: terms.stage, description: "Prepaid credit", quantity: try available.fixed.ratio,
      unit: scope.currency.code, amount: amount,
      derivation: Derivation(
        steps: steps,
        sentence: """
          \(amount.fixed.grouped) \(scope.currency) of \(available.fixed.grouped) \
          \(scope.currency) were drawn; \(left.fixed.grouped) \(scope.currency) are left.
          """),
      waterfall: try Waterfall(
        running: running.isEmpty ? [("credit", .zero)] : running, line: amount), meters: [])
    return RatedClause([line], Finding(try left.fixed.ratio, unit: scope.currency.code))
  }
}

extension PrepaidCreditTerms: ClauseRule {
  /// Back to the first month that a grant pays for: what was drawn since then is gone.
  package func reach(_ scope: ClauseScope) -> BillingMonth {
    let first = grants.map(\.from).min() ?? scope.windows.billingMonth
    let began = BillingMonth(containing: scope.windows.term.start, in: scope.windows.zone)
    return min(max(first, began), scope.windows.billingMonth)
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let due = try inputs.soFar.spend(on: clauses, upTo: .cap, scope)
    return try PrepaidCreditCharge(
      self, scope, before: inputs.before.filter { $0.month >= reach(scope) }
    ).clause(due: due)
  }
}
