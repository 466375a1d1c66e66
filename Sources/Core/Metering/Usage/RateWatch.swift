package import Base
package import Contracts

/// Watches, event by event in the order of time, whether an asset shows more of a meter than its
/// time can hold.
///
/// A meter that adds up reported times does not say when they were spent: an event stands for time
/// that ended with it, or that began with it. Over no stretch [ti, tj] may there be more use than
/// the stretch holds, where only the first or only the last event reaches over its edge:
///
///     ended with its event:   sum(vi..vj) - reach(vi) <= rate * (tj - ti)
///     began with its event:   sum(vi..vj) - reach(vj) <= rate * (tj - ti)
///     reach(v) = v * max(1, rate), in hours an hour: several parts may run at one time
///
/// The record of an asset is impossible where both readings of it are, or where one event alone is
/// longer than the period. Every other meter is held to its rate in each UTC hour.
package struct RateWatch: Sendable {
  /// The units are those of the readings.
  package enum Rule: Sendable {
    /// Reported times: what an event, its reach and a microsecond weigh on one scale.
    case stretches(event: Int128, reach: Int128, microsecond: Int128)
    /// No more than `limit` in an hour, where a unit weighs `event`.
    case hours(event: Int128, limit: Int128)
    /// The same for intervals, which fall into every hour they touch.
    case intervals(event: Int128, limit: Int128)
  }

  /// More than there may be, from the first event of the stretch to the last.
  package struct Breach: Hashable, Sendable {
    package let start: Instant
    package let end: Instant
    package let units: Int128
  }

  private let rule: Rule
  private let period: Period
  /// In units of the reading.
  private var sum: Int128 = 0
  private var (leastEnded, leastBegun) = (Int128.max, Int128.max)
  private var (canHaveEnded, canHaveBegun) = (true, true)
  private var stretch = (start: Instant.earliest, before: Int128(0))
  private var hours: [Int64: Int128] = [:]
  private var hour = Int64.min
  package private(set) var breach: Breach?

  package init(_ rule: Rule, over period: Period) {
    self.rule = rule
    self.period = period
  }

  /// Whether the event is beyond the bound, together with those before it.
  package mutating func take(_ units: Int64, at occurred: Instant) -> Bool {
    switch rule {
    case .stretches(let event, let reach, let microsecond):
      takeTime(Int128(units), at: occurred, event, reach, microsecond)
    case .hours(let event, let limit):
      takeHour(Int128(units), at: occurred, event, limit)
    case .intervals(let event, let limit):
      takeInterval(Int128(units), at: occurred, event, limit)
    }
  }

  private mutating func takeTime(
    _ units: Int128, at occurred: Instant, _ event: Int128, _ reach: Int128, _ microsecond: Int128
  ) -> Bool {
    guard breach == nil else { return true }
    guard units * event <= microsecond * Int128(period.microseconds) else {
      breach = Breach(start: occurred, end: occurred, units: units)
      return true
    }
    let elapsed = Int128(
      occurred.microsecondsSinceEpoch - period.start.microsecondsSinceEpoch)
    let before = sum * event - microsecond * elapsed
    let (after, reached) = (before + units * event, units * max(event, reach))
    if after > leastEnded { canHaveEnded = false }
    if after - reached > leastBegun { canHaveBegun = false }
    if before <= leastBegun {
      leastBegun = before
      stretch = (occurred, sum)
    }
    leastEnded = min(leastEnded, before + reached)
    sum += units
    guard !canHaveEnded, !canHaveBegun else { return false }
    breach = Breach(start: stretch.start, end: occurred, units: sum - stretch.before)
    return true
  }

  private mutating func takeHour(
    _ units: Int128, at occurred: Instant, _ event: Int128, _ limit: Int128
  ) -> Bool {
    if occurred.hour != hour { (hour, sum) = (occurred.hour, 0) }
    sum += units
    guard sum * event > limit else { return false }
    note(hour, sum)
    return true
  }

  private mutating func takeInterval(
    _ microseconds: Int128, at occurred: Instant, _ event: Int128, _ limit: Int128
  ) -> Bool {
    let end = min(occurred, period.end)
    guard microseconds > 0,
      let start = Instant(microsecondsSinceEpoch: end.microsecondsSinceEpoch - Int64(microseconds))
    else { return false }
    var isBeyond = false
    let interval = Period(start: start, end: end)
    for hour in interval.hours {
      let part = interval.intersection(Period(hours: hour..<hour + 1)).microseconds
      hours[hour, default: 0] += Int128(part)
      guard hours[hour]! * event > limit else { continue }
      note(hour, hours[hour]!)
      isBeyond = true
    }
    return isBeyond
  }

  private mutating func note(_ hour: Int64, _ units: Int128) {
    guard breach.map({ $0.start.hour == hour }) ?? true else { return }
    let whole = Period(hours: hour..<hour + 1)
    breach = Breach(start: whole.start, end: whole.end, units: units)
  }
}

extension MeterDefinition {
  /// The most that an asset may show in an hour, in the unit of the meter: by the bounds or, where
  /// the meter measures time as a whole, by the wall clock. Nil for any.
  package func ratePerHour(_ bounds: MeterBounds) -> Fixed? {
    if let rate = bounds.perAssetHour { return aggregation.addsUp ? rate : nil }
    guard groupBy.isEmpty, let perHour = boundUnit.countPerHour else { return nil }
    switch aggregation {
    case .sum, .duration: return Fixed(units: perHour, places: 0)
    default: return nil
    }
  }

  /// What the rate and the bound of a value are in.
  package var boundUnit: MeasureUnit {
    if case .duration = aggregation { return unit }
    return readingUnit
  }

  /// How an asset is held to the rate; nil where nothing bounds it.
  package func rateRule(_ bounds: MeterBounds) -> RateWatch.Rule? {
    guard let rate = ratePerHour(bounds) else { return nil }
    let hour: Int128 = 3_600_000_000
    let scale = Rounding.powerOfTen(rate.places)
    if case .duration = aggregation, let perHour = unit.countPerHour {
      return .intervals(event: scale * perHour, limit: rate.units * hour)
    }
    guard case .sum = aggregation, let perHour = readingUnit.countPerHour else {
      return .hours(event: scale, limit: rate.units * Rounding.powerOfTen(places))
    }
    // A million parts at one time are as good as any number, and fit.
    let (event, reach) = (hour * scale, hour / perHour * rate.units)
    return .stretches(
      event: event, reach: min(reach, event * 1_000_000),
      microsecond: rate.units * Rounding.powerOfTen(places))
  }

  /// The bound of one event's value in units of the reading, rounded down; nil for any.
  package func valueUnitsMax(_ bounds: MeterBounds) -> Int128? {
    guard let value = bounds.value else { return nil }
    if case .duration = aggregation, let perHour = unit.countPerHour {
      return value.units * 3_600_000_000 / (perHour * Rounding.powerOfTen(value.places))
    }
    let shift = places - value.places
    return shift >= 0
      ? value.units * Rounding.powerOfTen(shift) : value.units / Rounding.powerOfTen(-shift)
  }
}
