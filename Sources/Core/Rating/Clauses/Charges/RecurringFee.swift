package import Base
package import Contracts

/// A fee for each week, month, quarter or year.
///
///     line of an interval = round(sum over amounts(amount * share))     to the minor unit
///     share               = how much of the interval the amount holds, by days or by seconds
///
/// In advance an interval stands on the invoice of the period in which it starts, in arrears on
/// that of the period in which it ends, however many there are. Which amount holds when, the
/// versions of the contract say, also those of earlier and later periods: where the contract or the
/// clause starts or ends within an interval, that one costs its share. One that is not prorated is
/// paid whole, at the terms on which it starts. For an asset the time is that which it served
/// (`ChargedTime`). Source: domain, section 3, proration; section 4, conventional models.
package struct RecurringFee {
  private let terms: RecurringFeeTerms
  private let scope: ClauseScope

  package init(_ terms: RecurringFeeTerms, _ scope: ClauseScope) {
    self.terms = terms
    self.scope = scope
  }

  /// One for each interval, named by the day on which it starts.
  package func lines() throws(Fault) -> [RatedLine] {
    var lines: [RatedLine] = []
    for grid in FeeHistory(terms, scope).grids {
      for interval in FeeCalendar(grid.terms, scope.windows).intervals {
        if let charge = try charge(interval, grid) { lines.append(try line(charge)) }
      }
    }
    return lines
  }

  /// What an interval is charged.
  private struct Charge {
    let terms: RecurringFeeTerms
    /// What the fee covers of the interval.
    let active: Period
    let parts: [(amount: Fixed, share: ProratedShare)]
    /// How much of what the period charges has passed.
    let passed: Ratio
  }

  /// Nil where another period charges the interval, or none.
  private func charge(_ interval: Period, _ grid: FeeHistory.Grid) throws(Fault) -> Charge? {
    let windows = scope.windows
    let active = interval.intersection(grid.period)
    guard !active.isEmpty else { return nil }
    let terms = grid.terms(at: active.start)
    let isWhole = terms.proration == .none
    if isWhole, grid.follows, interval.start < grid.from { return nil }
    let time = ChargedTime(scope, terms.assetTime, terms.proration)
    guard let begin = time.begin(in: active) else { return nil }
    switch terms.due {
    case .advance: guard windows.wholePeriod.contains(begin) else { return nil }
    case .arrears:
      let last = interval.intersection(windows.term).last
      guard windows.wholePeriod.contains(last) else { return nil }
    }
    let passed =
      if let day = windows.accrued {
        try ChargedTime.earned(of: time.active(active), before: day, windows)
      } else {
        try ChargedTime.passed(of: active.intersection(windows.wholePeriod), windows)
      }
    var parts: [(amount: Fixed, share: ProratedShare)] = []
    for stretch in isWhole ? Array(grid.stretches.prefix(1)) : grid.stretches {
      let part = isWhole ? active : active.intersection(stretch.period)
      guard !part.isEmpty, let share = try time.share(of: part, in: interval),
        share.exact > .zero
      else { continue }
      parts.append((isWhole ? terms.amount : stretch.terms.amount, share))
    }
    guard !parts.isEmpty, passed > .zero else { return nil }
    return Charge(terms: terms, active: active, parts: parts, passed: passed)
  }

  private func line(_ charge: Charge) throws(Fault) -> RatedLine {
    let (zone, currency, interval) = (scope.windows.zone, scope.currency, charge.terms.interval)
    var (exact, quantity) = (Ratio.zero, Ratio.zero)
    for part in charge.parts {
      exact = try exact + part.amount.ratio * part.share.exact * charge.passed
      quantity = try quantity + part.share.exact
    }
    let amount = try Money(rounding: exact, currency)
    let isAlone = charge.parts.count == 1
    let line = Derivation.Step(
      name: "line",
      formula: isAlone ? "amount = round(fee * share)" : "amount = round(sum of fee * share)",
      inputs: charge.parts.enumerated().flatMap { place, part in
        let name = place == 0 ? "" : " \(place + 1)"
        return [
          Derivation.Input("fee\(name)", part.amount), .init("share\(name)", part.share.exact),
        ]
      }, exact: exact, rounded: amount.fixed)
    let (from, until) = (zone.date(at: charge.active.start), zone.date(at: charge.active.end))
    let words = charge.parts.map { part in
      let share =
        part.share.exact == .one ? "one \(interval)" : "\(part.share.exact) of a \(interval)"
      return "\(part.amount) \(currency) for \(share)"
    }.joined(separator: " and ")
    return RatedLine(
      scope, part: "\(from)", description: "Fee from \(from) until \(until)",
      quantity: quantity, unit: interval.rawValue, amount: amount,
      derivation: Derivation(
        steps: charge.parts.map(\.share.step) + [line],
        sentence: "\(words) make \(amount.fixed.grouped) \(currency)."),
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
