package import Base
package import Contracts

/// Prepaid credit against what the month comes to.
///
///     due     = max(0, what is left of the lines that it pays)
///     line    = -min(due, what is left of the grants that pay for the month)
///     expired = what is then left of grants that pay for no later month
///     given   = carried over + expired + drawn - bought - carried over from the month before
///
/// A grant that is bought is charged by a line of its own; one that is given is not, and what of
/// both expires, the provider keeps. What earlier months drew is taken from their lines, rated with
/// what is known now, but for what credit notes gave back: that is there again, and what of a
/// purchase went back pays nothing any more. The line is shared out over those that it pays. The
/// clause finds what is carried over. Source: domain, section 4, conventional models, prepaid
/// credit.
package struct PrepaidCreditCharge {
  private let terms: PrepaidCreditTerms
  private let scope: ClauseScope
  private var credit: PrepaidCredit
  /// What the month before has carried over, and what credit notes on it changed of that.
  private let opening: Money
  /// What those gave back to grants that had expired by then.
  private let expiredBefore: Money

  /// `before` are the earlier months, in order.
  package init(
    _ terms: PrepaidCreditTerms, _ scope: ClauseScope, before: [RatedMonth] = []
  ) throws(Fault) {
    self.terms = terms
    self.scope = scope
    credit = try PrepaidCredit(terms.grants, in: scope.currency)
    for month in before {
      for line in month.lines where line.clause == scope.clause && line.asset == scope.asset {
        for movement in line.grants { try credit.settle(movement) }
      }
      for movement in month.returned(scope.clause, scope.asset) { try credit.takeBack(movement) }
    }
    let found = before.last?.finding(of: scope.clause, for: scope.asset)?.value
    var opening = try Money(rounding: found ?? .zero, scope.currency)
    var expired = Money.zero(scope.currency)
    for movement in before.last?.returned(scope.clause, scope.asset) ?? [] {
      opening = try opening + movement.balance
      if credit.hasExpired(movement.grant, before: scope.windows.billingMonth) {
        expired = try expired - movement.drawn
      }
    }
    (self.opening, expiredBefore) = (opening, expired)
  }

  /// `due` is what is left of the lines that it pays.
  func clause(due timed: TimedLines) throws(Fault) -> RatedClause {
    let (lines, due) = (timed.whole, timed.whole.left)
    var credit = credit
    let bought = try boughtLines()
    let month = scope.windows.billingMonth
    let next = scope.windows.billing.next(after: month)
    let available = try credit.left(in: Set(timed.parts.map(\.month)))
    var amount = Money.zero(scope.currency)
    var steps: [Derivation.Step] = []
    var running: [(label: String, exact: Ratio)] = []
    var grants: [GrantMovement] = []
    for draw in try draws(timed, &credit) {
      amount = try amount - draw.amount
      try grants.add(.drawn(draw.grant, draw.amount))
      steps.append(
        Derivation.Step(
          name: draw.grant, formula: "drawn = min(due, left)",
          inputs: [.init("left after", draw.left)], exact: try draw.amount.fixed.ratio,
          rounded: draw.amount.fixed))
      running.append((draw.grant, try amount.fixed.ratio))
    }
    let carried = try credit.carried(into: next)
    var expired = expiredBefore
    for movement in credit.expiring(with: month, before: next) {
      expired = try expired + movement.expired
      try grants.add(movement)
    }
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
          amount, available, left: credit.left(in: Set(timed.parts.map(\.month))), expired: expired)
      ),
      waterfall: try Waterfall(
        running: running.isEmpty ? [("credit", .zero)] : running, line: amount), meters: [])
    var given = try carried + expired - amount - opening
    for line in bought { given = try given - line.amount }
    line.moves = .prepaid(given: given, expired: expired)
    line.grants = grants
    line.shares = try lines.shares(of: amount)
    return RatedClause(
      bought + [line], MeasuredResult(try carried.fixed.ratio, unit: scope.currency.code))
  }

  /// Each part of the period is paid by the grants that pay for it, in the order of time, and all
  /// of them no more than what is left of the whole.
  private func draws(
    _ timed: TimedLines, _ credit: inout PrepaidCredit
  ) throws(Fault) -> [PrepaidCredit.Draw] {
    var open = timed.whole.left
    var draws: [PrepaidCredit.Draw] = []
    for part in timed.parts {
      let due = Money(
        minor: min(part.lines.left.amountMinor, open.amountMinor), scope.currency)
      for draw in try credit.draw(due, in: part.month) {
        open = try open - draw.amount
        draws.append(draw)
      }
    }
    return draws
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
      guard let bought = grant.bought, month <= bought, bought < next,
        scope.windows.cut.map({ scope.windows.billing.firstDay(of: bought) < $0 }) ?? true
      else { continue }
      let exact = try grant.amount.ratio
      let amount = try Money(rounding: exact, scope.currency)
      let step = Derivation.Step(
        name: "line", formula: "amount = round(credit)", inputs: [.init("credit", grant.amount)],
        exact: exact, rounded: amount.fixed)
      var line = RatedLine(
        scope, stage: terms.stage, part: "bought/\(grant.name)",
        description: "Prepaid credit, bought: \(grant.name)", quantity: .one, unit: "credit",
        amount: amount,
        derivation: Derivation(
          steps: [step],
          sentence: "\(amount.fixed.grouped) \(scope.currency) of credit were bought."),
        waterfall: try Waterfall(running: [(grant.name, exact)], line: amount), meters: [])
      line.grants = [.bought(grant.name, amount)]
      lines.append(line)
    }
    return lines
  }
}

extension PrepaidCreditTerms: ClauseRule {
  private var months: [BillingMonth] { grants.map(\.from) + grants.compactMap(\.until) }

  package func cuts(_ scope: ClauseScope) -> [CivilDate] { TimedLines.cuts(months, scope) }

  /// Back to the period of the first month that a grant pays for, or is bought in: what was drawn
  /// since then is gone.
  package func reach(_ scope: ClauseScope) -> BillingMonth {
    let (windows, billing) = (scope.windows, scope.windows.billing)
    let firsts = grants.map(\.from) + grants.compactMap(\.bought)
    let first = firsts.min().map { billing.period(holding: $0) } ?? windows.billingMonth
    let began = billing.period(holding: windows.zone.date(at: windows.term.start))
    return min(max(first, began), windows.billingMonth)
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    // What is bought is not paid with credit.
    let due = try TimedLines(months, scope, inputs) { (month) throws(Fault) in
      try month.lines(of: clauses, upTo: .cap, scope)
    }
    return try PrepaidCreditCharge(
      self, scope, before: inputs.before.filter { $0.month >= reach(scope) }
    ).clause(due: due)
  }
}
