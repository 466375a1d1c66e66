import Base
import Contracts
import Metering

/// How use fills a period in the order of time: what a meter showed before each segment, and with
/// it.
///
///     of a meter that adds up     the value of what was seen up to the end of the segment
///     of another, or estimated    the value of the period * time up to there / time of the period
///
/// Source: domain, section 3; Documentation, decision 13.
struct RunningUsage {
  struct Stretch {
    let before: Ratio
    let through: Ratio

    /// What was used in the segment itself.
    var quantity: Ratio { get throws(Fault) { try through - before } }
  }

  /// Of the period, whether or not all of it has passed.
  let whole: Ratio
  /// Whether a part of the period shows its own part of it.
  let addsUp: Bool
  let stretches: [Stretch]

  /// `usage` is that of all of the period, in windows of which none holds the end of a segment
  /// unless at its own end; `segments` are those that have passed, in order.
  init(
    _ whole: MeteredUsage, in windows: [(period: Period, usage: Usage)], _ segments: [Period],
    _ scope: ClauseScope
  ) throws(Fault) {
    let value = try whole.value.ratio
    self.whole = value
    addsUp = whole.meter.aggregation.growsWithTime && !whole.isEstimated
    let all = windows.reduce(0) { $0 + Int128($1.period.microseconds) }
    var stretches: [Stretch] = []
    for segment in segments {
      let before = stretches.last?.through ?? .zero
      let passed = windows.filter {
        $0.period.end <= segment.end && scope.holds(at: $0.period.start)
      }
      var through = Ratio.zero
      if passed.count == windows.count {
        through = value
      } else if addsUp {
        let usage = passed.reduce(into: Usage()) { $0.add($1.usage) }
        let known = MeteredUsage(whole.meter, usage).value
        through = known == .missing ? .zero : try known.ratio
      } else if all > 0 {
        let time = passed.reduce(0) { $0 + Int128($1.period.microseconds) }
        through = try value * Ratio(time, over: all)
      }
      stretches.append(Stretch(before: before, through: through))
    }
    self.stretches = stretches
  }

  /// Of an answer in some windows of the period.
  init(
    _ series: UsageSeries, in windows: Windows, _ segments: [Period], _ scope: ClauseScope
  ) throws(Fault) {
    let isCut = series.windows.count == windows.count
    let parts = windows.indices.map { place in
      (period: windows[place], usage: isCut ? series.windows[place].usage : Usage())
    }
    try self.init(series.whole, in: parts, segments, scope)
  }

  /// Of an answer in the windows of the scope.
  init<Terms>(
    _ series: UsageSeries, _ segments: [Segment<Terms>], _ scope: ClauseScope
  ) throws(Fault) {
    try self.init(
      series, in: scope.usageWindows, segments.map(\.scope.windows.period), scope)
  }

  /// A quantity of a period without a change.
  init(_ whole: Ratio) {
    self.whole = whole
    addsUp = true
    stretches = [Stretch(before: .zero, through: whole)]
  }

  private init(whole: Ratio, addsUp: Bool, _ stretches: [Stretch]) {
    self.whole = whole
    self.addsUp = addsUp
    self.stretches = stretches
  }

  /// The same divided by one number.
  func divided(by divisor: Ratio) throws(Fault) -> RunningUsage {
    let parts = try stretches.map { (part) throws(Fault) in
      Stretch(before: try part.before / divisor, through: try part.through / divisor)
    }
    return RunningUsage(whole: try whole / divisor, addsUp: addsUp, parts)
  }

  /// Those of some segments, by their places.
  func keeping(_ places: [Int]) -> RunningUsage {
    RunningUsage(whole: whole, addsUp: addsUp, places.map { stretches[$0] })
  }
}

/// Amounts that fill a period segment by segment: what is reached with each, rounded, less what was
/// reached before, rounded, so that the lines add up to the rounded whole.
struct RunningAmount {
  private var reached = Ratio.zero
  private let currency: Currency

  init(in currency: Currency) { self.currency = currency }

  mutating func add(_ part: Ratio) throws(Fault) -> Money {
    let before = try Money(rounding: reached, currency)
    reached = try reached + part
    return try Money(rounding: reached, currency) - before
  }
}

extension MeterDefinition.Aggregation {
  /// Whether twice the time shows about twice the value.
  var growsWithTime: Bool {
    switch self {
    case .count, .sum, .timeWeightedSum, .duration, .stateTime, .register: true
    case .mean, .minimum, .maximum, .latest, .percentile, .uniqueCount: false
    }
  }
}
