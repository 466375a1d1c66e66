package import Base
package import Contracts
package import Metering

/// A meter's value by the time of day and the day of the week at which it was used, each band at
/// its own price.
///
///     line of a band = round(price of the band (value in the windows of the band))
///
/// to the minor unit. The clocks are those of the contract's zone, or of another that the clause
/// names: where they are put forward or back a band has the hours it has on that day. A day of the
/// calendar that the clause names is no day of the week: the bands of holidays have it, or none.
/// Every band is listed, also at zero. Where bands or prices change inside the period, each band
/// fills it in the order of time (`UsageCharge`).
/// Source: domain, section 3, time; section 4, conventional models, time-of-day.
package struct TimeOfDayCharge {
  private let scope: ClauseScope
  private let terms: TimeOfDayTerms
  /// All segments, also those of which nothing has passed.
  private let all: [Segment<TimeOfDayTerms>]
  private let segments: [Segment<TimeOfDayTerms>]
  private let split: ClockSplit

  package init(_ terms: TimeOfDayTerms, _ scope: ClauseScope) {
    self.scope = scope
    self.terms = terms
    all = scope.allSegments(terms)
    segments = scope.segmentsPassed(terms)
    let minutes = all.flatMap(\.terms.bands).flatMap(\.times).flatMap { [$0.from, $0.until] }
    split = ClockSplit(
      scope.windows.inForce, at: Set(minutes), in: scope.zone(terms.zone),
      holidays: scope.holidays(terms.holidays), and: scope.cuts(in: scope.windows.inForce)[...])
  }

  package var request: UsageRequest { scope.request(terms.meter, split.windows) }

  package func lines(_ usage: UsageSeries) throws(Fault) -> [RatedLine] {
    let names = split.windows.map(name)
    var lines: [RatedLine] = []
    for name in bandNames {
      let places = names.indices.filter { names[$0] == name }
      lines += try self.lines(of: name, usage, places)
    }
    return lines
  }

  /// `places` are those of the windows of the band. An estimate is shared out by time.
  private func lines(
    of name: String, _ usage: UsageSeries, _ places: [Int]
  ) throws(Fault) -> [RatedLine] {
    let isCut = usage.windows.count == split.windows.count
    let windows = places.map { place in
      (period: split.windows[place], usage: isCut ? usage.windows[place].usage : Usage())
    }
    var whole = MeteredUsage(
      usage.whole.meter, windows.reduce(into: Usage()) { $0.add($1.usage) }, within: usage.whole)
    if usage.whole.isEstimated {
      let time = windows.reduce(0) { $0 + Int128($1.period.microseconds) }
      let share = try Ratio(time, over: Int128(split.windows.period.microseconds))
      whole = MeteredUsage(
        usage.whole.meter, estimate: .fraction(try usage.whole.value.ratio * share))
    }
    let running = try RunningUsage(whole, in: windows, segments.map(\.scope.windows.period), scope)
    let priced = segments.indices.filter { segments[$0].terms.price(of: name) != nil }
    return try UsageCharge(
      priced.map { place in
        segments[place].with(
          UsageChargeTerms(meter: terms.meter, price: segments[place].terms.price(of: name)!))
      }, running.keeping(priced), unit: whole.unit.name, part: name
    ).lines().map { line in
      var line = line
      let seen = line.times ?? [scope.windows.inForce]
      line.times = windows.map(\.period).filter { window in
        seen.contains { !$0.intersection(window).isEmpty }
      }
      return line
    }
  }

  /// Of all segments, each once, as they are written; behind them the time that no band claims.
  private var bandNames: [String] {
    var names: [String] = []
    for name in segments.flatMap(\.terms.bands).map(\.name) where !names.contains(name) {
      names.append(name)
    }
    return names + [TimeOfDayTerms.otherwiseName]
  }

  /// The band that claims a window.
  private func name(_ window: Period) -> String {
    let (day, minute) = split.clock(window)
    let terms = all.last { $0.scope.windows.inForce.start <= window.start }?.terms ?? terms
    let band = terms.bands.first { band in
      band.times.contains { $0.holds(day, minute: minute) }
    }
    return band?.name ?? TimeOfDayTerms.otherwiseName
  }
}

extension TimeOfDayTerms {
  fileprivate func price(of name: String) -> PriceTerms? {
    name == Self.otherwiseName ? otherwise : bands.first { $0.name == name }?.price
  }
}

extension TimeOfDayTerms: ClauseRule {
  package func counts(as other: any ClauseTerms) -> Bool {
    guard let other = other as? TimeOfDayTerms else { return true }
    return zone == other.zone && holidays == other.holidays
  }

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
