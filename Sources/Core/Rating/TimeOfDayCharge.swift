package import Base
package import Contracts
package import Metering

/// A meter's value by the time of day and the day of the week at which it was used, each band at
/// its own price.
///
///     line of a band = round(price of the band (value in the windows of the band))
///
/// to the minor unit. The clocks are those of the contract's zone: where they are put forward or
/// back a band has the hours it has on that day. Every band is listed, also at zero. Source:
/// domain, section 3, time; section 4, conventional models, time-of-day.
package struct TimeOfDayCharge {
  private let scope: ClauseScope
  private let terms: TimeOfDayTerms
  private let split: ClockSplit

  package init(_ terms: TimeOfDayTerms, _ scope: ClauseScope) {
    self.scope = scope
    self.terms = terms
    let minutes = terms.bands.flatMap(\.times).flatMap { [$0.from, $0.until] }
    split = ClockSplit(scope.windows.period, at: Set(minutes), in: scope.windows.zone)
  }

  package var request: UsageRequest { scope.request(terms.meter, split.windows) }

  package func lines(_ usage: UsageSeries) throws(Fault) -> [RatedLine] {
    var sums = [Usage](repeating: Usage(), count: terms.bands.count + 1)
    for (window, part) in zip(split.windows, usage.windows) { sums[band(window)].add(part.usage) }
    let names = terms.bands.map { ($0.name, $0.price) }
    var lines: [RatedLine] = []
    for (sum, (name, price)) in zip(
      sums, names + [(TimeOfDayTerms.otherwiseName, terms.otherwise)])
    {
      let metered = MeteredUsage(usage.whole.meter, sum)
      lines.append(
        try UsageCharge(
          UsageChargeTerms(meter: terms.meter, price: price), scope,
          quantity: metered.value.ratio, unit: metered.unit.name, part: name
        ).line())
    }
    return lines
  }

  /// The place of the band that claims the window; behind the last one where none does.
  private func band(_ window: Period) -> Int {
    let (day, minute) = split.clock(window)
    return terms.bands.firstIndex { band in
      band.times.contains { $0.holds(day, minute: minute) }
    } ?? terms.bands.count
  }
}

extension TimeOfDayTerms: ClauseRule {
  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    [TimeOfDayCharge(self, scope).request]
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let charge = TimeOfDayCharge(self, scope)
    return RatedClause(try charge.lines(inputs.usage.answer(charge.request).all))
  }
}
