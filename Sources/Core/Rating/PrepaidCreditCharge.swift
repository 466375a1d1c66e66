package import Base
package import Contracts

/// Prepaid credit against what the month comes to.
///
///     due     = max(0, sum of the lines that it pays)
///     line    = -min(due, what is left of the grants that pay for the month)
///     expired = what is then left of grants that pay for no later month
///     given   = carried over + expired + drawn - bought - carried over from the month before
///
/// A grant that is bought is charged by a line of its own; one that is given is not, and what of
/// both expires, the provider keeps. What earlier months drew is taken from their lines, rated with
/// what is known now. The clause finds what is carried over. Source: domain, section 4,
/// conventional models, prepaid credit.
package struct PrepaidCreditCharge {
  private let terms: PrepaidCreditTerms
  private let scope: ClauseScope
  private var credit: PrepaidCredit
  /// What the month before has carried over.
  private let opening: Money

  /// `before` are the earlier months, in order.
  package init(
    _ terms: PrepaidCreditTerms, _ scope: ClauseScope, before: [RatedMonth] = []
  ) throws(Fault) {
    self.terms = terms
    self.scope = scope
    credit = try PrepaidCredit(terms.grants, in: scope.currency)
    for month in before {
      let drawn = try month.sum { $0.key == scope.key }
      _ = try credit.draw(Money.zero(scope.currency) - drawn, in: month.month)
    }
    let found = before.last?.finding(of: scope.clause, for: scope.asset)?.value
    opening = try Money(rounding: found ?? .zero, scope.currency)
  }

  /// `due` is the sum of the lines that it pays.
  package func clause(due: Money) throws(Fault) -> RatedClause {
    var credit = credit
    let bought = try boughtLines()
    let month = scope.windows.billingMonth
    let next = scope.windows.billing.next(after: month)
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
    let (expired, carried) = (
      try credit.expiring(with: month, before: next), try credit.carried(into: next)
    )
    steps.append(
      Derivation.Step(
        name: "line", formula: "amount = -min(due, available)",
        inputs: [.init("due", due), .init("available", available)],
        exact: try amount.fixed.ratio, rounded: amount.fixed))
    var line = RatedLine(
      scope, stage: terms.stage, description: "Prepaid credit", quantity: try available.fixed.ratio,
      unit: scope.currency.code, amount: amount,
      derivation: Derivation(
        steps: steps,
        sentence: try sentence(
          amount, available, left: credit.left(in: month), expired: expired)),
      waterfall: try Waterfall(
        running: running.isEmpty ? [("credit", .zero)] : running, line: amount), meters: [])
    var given = try carried + expired - amount - opening
    for line in bought { given = try given - line.amount }
    line.moves = .prepaid(given: given, expired: expired)
    return RatedClause(
      bought + [line], Finding(try carried.fixed.ratio, unit: scope.currency.code))
  }

  private func sentence(
    _ amount: Money, _ available: Money, left: Money, expired: Money
  ) throws(Fault) -> String {
    let currency = scope.currency
    let end =
      expired.amountMinor == 0
      ? "" : ", of which \(expired.fixed.grouped) \(currency) expire with the month"
    return """
      \(amount.fixed.grouped) \(currency) of \(available.fixed.grouped) \(currency) were drawn; \
      \(left.fixed.grouped) \(currency) are left\(end).
      """
  }

  /// A line for each grant whose price falls into the month.
  private func boughtLines() throws(Fault) -> [RatedLine] {
    let month = scope.windows.billingMonth
    let next = scope.windows.billing.next(after: month)
    var lines: [RatedLine] = []
    for grant in terms.grants {
      guard let bought = grant.bought, month <= bought, bought < next else { continue }
      let exact = try grant.amount.ratio
      let amount = try Money(rounding: exact, scope.currency)
      let step = Derivation.Step(
        name: "line", formula: "amount = round(credit)", inputs: [.init("credit", grant.amount)],
        exact: exact, rounded: amount.fixed)
      lines.append(
        RatedLine(
          scope, stage: terms.stage, part: "bought/\(grant.name)",
          description: "Prepaid credit, bought: \(grant.name)", quantity: .one, unit: "credit",
          amount: amount,
          derivation: Derivation(
            steps: [step],
            sentence: "\(amount.fixed.grouped) \(scope.currency) of credit were bought."),
          waterfall: try Waterfall(running: [(grant.name, exact)], line: amount), meters: []))
    }
    return lines
  }
}

extension PrepaidCreditTerms: ClauseRule {
  /// Back to the first month that a grant pays for, or is bought in: what was drawn since then is
  /// gone.
  package func reach(_ scope: ClauseScope) -> BillingMonth {
    let firsts = grants.map(\.from) + grants.compactMap(\.bought)
    let first = firsts.min() ?? scope.windows.billingMonth
    let began = BillingMonth(containing: scope.windows.term.start, in: scope.windows.zone)
    return min(max(first, began), scope.windows.billingMonth)
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    try PrepaidCreditCharge(
      self, scope, before: inputs.before.filter { $0.month >= reach(scope) }
    ).clause(due: due(scope, inputs.soFar))
  }

  /// What is bought is not paid with credit; what another such clause drew is not paid twice.
  private func due(_ scope: ClauseScope, _ month: RatedMonth) throws(Fault) -> Money {
    guard clauses.isEmpty else { return try month.spend(on: clauses, upTo: .cap, scope) }
    return try month.sum { line in
      (line.stage <= .cap || line.moves != nil)
        && (scope.asset == nil || line.asset == scope.asset)
    }
  }
}
