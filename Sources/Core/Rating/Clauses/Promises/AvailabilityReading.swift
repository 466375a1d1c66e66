import Base
import Contracts
import Metering

/// An availability as a period's meters show it, with the step that tells how it came about.
///
///     A = (eligible - down) / eligible     of states, where down is down equivalent
///     A = actual / (actual + lost)         of energy
///
/// Source: domain rule G4.
struct AvailabilityReading {
  /// In per cent; nil where nothing is eligible.
  let percent: Ratio?
  /// The share of the time that is known.
  let coverage: Ratio
  /// What the availability is a share of: hours that count, or energy.
  let eligible: Ratio
  /// What is counted, for people.
  let unit: String
  let step: Derivation.Step?

  private init(
    available: Ratio, eligible: Ratio, unit: String, coverage: Ratio, formula: String,
    _ inputs: [Derivation.Input]
  ) throws(Fault) {
    let percent = eligible == .zero ? nil : try available / eligible * Ratio(100)
    self.percent = percent
    self.eligible = eligible
    self.unit = unit
    self.coverage = coverage
    step = percent.map {
      Derivation.Step(
        name: "availability", formula: formula, inputs: inputs, exact: $0, rounded: nil)
    }
  }

  init(
    _ measure: AvailabilityGuaranteeTerms.Measure, _ scope: ClauseScope, _ usage: UsageTable
  ) throws(Fault) {
    switch measure {
    case .states(let terms): try self.init(terms, scope, usage)
    case .energy(let actual, let lost): try self.init(actual: actual, lost: lost, scope, usage)
    }
  }

  private init(
    _ terms: StateGuarantee, _ scope: ClauseScope, _ usage: UsageTable
  ) throws(Fault) {
    let answer = try usage.answer(terms.request(scope))
    guard case .stateTime = answer.all.whole.meter.aggregation else {
      throw Fault(.invalidValue, "meter `\(terms.meter)` watches no states")
    }
    let month = scope.windows.period
    let hours = terms.serviceHours?.periods(in: month, zone: scope.windows.zone) ?? [month]
    var availability = Availability()
    let series = answer.parts.isEmpty ? [answer.all] : answer.parts.map(\.series)
    for asset in series {
      let times = terms.times(asset.whole.states?.timelines ?? [], in: hours)
      availability =
        try availability
        + Availability(
          times, plannedQuotaSeconds: terms.plannedQuotaSeconds.map { Int64($0) },
          unknownPolicy: terms.unknown)
    }
    let eligible = Ratio(availability.eligible)
    try self.init(
      available: (eligible - availability.downEquivalent) / Self.hour,
      eligible: eligible / Self.hour,
      unit: "h", coverage: availability.coverage ?? .zero,
      formula: "A = (eligible - down) / eligible * 100",
      [
        .init("eligible h", (eligible / Self.hour).shown),
        .init("down h", (availability.downEquivalent / Self.hour).shown),
        .init("excused h", (Ratio(availability.excused) / Self.hour).shown),
        .init("unknown h", (Ratio(availability.unknown) / Self.hour).shown),
      ])
  }

  /// In microseconds.
  private static let hour = Ratio(Int128(Instant.microsecondsPerHour))

  private init(
    actual: MeterKey, lost: MeterKey, _ scope: ClauseScope, _ usage: UsageTable
  ) throws(Fault) {
    let made = try usage.usage(scope.request(actual, scope.windows.period))
    let missed = try usage.usage(scope.request(lost, scope.windows.period))
    var isKnown = true
    for value in [made.value, missed.value] where value == .missing { isKnown = false }
    let (actual, lost) = isKnown ? (try made.value.ratio, try missed.value.ratio) : (.zero, .zero)
    try self.init(
      available: actual, eligible: actual + lost, unit: made.unit.name,
      coverage: isKnown ? .one : .zero, formula: "A = actual / (actual + lost) * 100",
      [.init("actual", actual), .init("lost", lost)])
  }
}

extension StateGuarantee {
  /// The month, and so much on either side that an outage over its bounds is judged as a whole.
  func request(_ scope: ClauseScope) -> UsageRequest {
    let reach = Int64(max(minimumOutageSeconds ?? 0, rectificationSeconds ?? 0))
    let month = scope.windows.period
    let period = Period(
      start: month.start.advanced(bySeconds: -reach), end: month.end.advanced(bySeconds: reach))
    return scope.timelines(meter, period.intersection(scope.windows.term))
  }

  fileprivate func times(_ timelines: [StateTimeline], in hours: [Period]) -> StateTimes {
    var times = StateTimes()
    for var timeline in timelines {
      if let seconds = minimumOutageSeconds {
        timeline = timeline.ignoringOutages(shorterThanSeconds: Int64(seconds))
      }
      if let seconds = rectificationSeconds {
        timeline = timeline.ignoringOutages(rectifiedWithinSeconds: Int64(seconds))
      }
      times.add(timeline.times(in: hours))
    }
    return times
  }
}
