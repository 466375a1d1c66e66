package import Base
package import Contracts

/// A fee for each week, month, quarter or year.
///
///     line of an interval = round(amount * share)          to the minor unit
///     share               = what the contract covers of the interval, by days or by seconds
///
/// In advance an interval stands on the invoice of the month in which it starts, in arrears on that
/// of the month in which it ends; a month may have none, and with weeks it has several. Where the
/// contract starts or ends within an interval, that one costs its share. Source: domain, section 3,
/// proration; section 4, conventional models.
package struct RecurringFee {
  private let terms: RecurringFeeTerms
  private let scope: ClauseScope

  package init(_ terms: RecurringFeeTerms, _ scope: ClauseScope) {
    self.terms = terms
    self.scope = scope
  }

  /// One for each interval, named by the day on which it starts.
  package func lines() throws(Fault) -> [RatedLine] {
    try FeeCalendar(terms, scope.windows).due.map { (interval) throws(Fault) in
      try line(interval)
    }
  }

  private func line(_ interval: FeeCalendar.Interval) throws(Fault) -> RatedLine {
    let (zone, currency) = (scope.windows.zone, scope.currency)
    let share = try ProratedShare(
      of: interval.active, in: interval.whole, terms.proration, zone)
    let exact = try terms.amount.ratio * share.exact
    let amount = try Money(rounding: exact, currency)
    let line = Derivation.Step(
      name: "line", formula: "amount = round(fee * share)",
      inputs: [.init("fee", terms.amount), .init("share", share.exact)], exact: exact,
      rounded: amount.fixed)
    let (from, until) = (
      zone.date(at: interval.active.start), zone.date(at: interval.active.end)
    )
    let part =
      share.exact == .one ? "one \(terms.interval)" : "\(share.exact) of a \(terms.interval)"
    return RatedLine(
      scope, part: "\(from)", description: "Fee from \(from) until \(until)",
      quantity: share.exact, unit: terms.interval.rawValue, amount: amount,
      derivation: Derivation(
        steps: [share.step, line],
        sentence:
          "\(terms.amount) \(currency) for \(part) make \(amount.fixed.grouped) \(currency)."),
      waterfall: try Waterfall(running: [("fee", exact)], line: amount), meters: [])
  }
}

extension RecurringFeeTerms: ClauseRule {
  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    RatedClause(try RecurringFee(self, scope).lines())
  }
}
