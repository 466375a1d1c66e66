import Base
import Contracts
import Metering

/// What the meters of a clause may have shown in a month of which they know nothing.
struct UsageEstimates {
  let usage: [UsageRequest: MeteredUsage]
  let steps: [Derivation.Step]

  /// Nil where no month before is known.
  init?(
    _ requests: [UsageRequest], _ trailing: (UsageRequest) -> UsageRequest,
    _ policy: MissingUsagePolicy, _ usage: UsageTable
  ) throws(Fault) {
    var months: [(request: UsageRequest, before: UsageRequest, values: [MeteredUsage])] = []
    for request in requests {
      let before = trailing(request)
      months.append((request, before, try usage.answer(before).all.windows))
    }
    let places = (months.first?.before.windows.indices ?? 0..<0).filter { place in
      months.contains { $0.values[place].hasSeenSomething }
    }
    var estimates: [UsageRequest: MeteredUsage] = [:]
    var steps: [Derivation.Step] = []
    for (request, before, values) in months where try !usage.usage(request).hasSeenSomething {
      let known = places.filter { values[$0].hasNumber }
      guard !known.isEmpty else { return nil }
      let estimate = try UsageEstimates.estimate(
        known.map { (values[$0], before.windows[$0]) }, over: request.windows.period, policy)
      estimates[request] = MeteredUsage(values[known[0]].meter, estimate: .fraction(estimate))
      steps.append(
        Derivation.Step(
          name: "estimate of \(request.meter)", formula: policy.formula,
          inputs: [.init("months known", known.count)], exact: estimate, rounded: nil))
    }
    self.usage = estimates
    self.steps = steps
  }

  private static func estimate(
    _ months: [(usage: MeteredUsage, period: Period)], over period: Period,
    _ policy: MissingUsagePolicy
  ) throws(Fault) -> Ratio {
    let grows = months[0].usage.meter.aggregation.growsWithTime
    var (sum, weights) = (Ratio.zero, Ratio.zero)
    var least: Ratio?
    for (usage, month) in months {
      let weight = grows ? try AccumulationYear.seconds(month) : .one
      let value = try usage.value.ratio
      sum = try sum + value
      weights = try weights + weight
      let each = try value / weight
      least = min(least ?? each, each)
    }
    let each = policy == .estimateMinimum ? least! : try sum / weights
    return try grows ? each * AccumulationYear.seconds(period) : each
  }
}

extension MissingUsagePolicy {
  fileprivate var formula: String {
    self == .estimateMinimum
      ? "min(value / seconds) * seconds of the period"
      : "sum(value) / sum(seconds) * seconds of the period"
  }
}

extension MeterDefinition.Aggregation {
  /// Whether twice the time shows about twice the value.
  fileprivate var growsWithTime: Bool {
    switch self {
    case .count, .sum, .timeWeightedSum, .duration, .stateTime: true
    case .mean, .minimum, .maximum, .latest, .percentile, .uniqueCount: false
    }
  }
}

extension MeteredUsage {
  /// Whether any event had a part in it; a sum of no events is zero, but nobody knows it.
  var hasSeenSomething: Bool { usage != Usage() }

  var hasNumber: Bool { (try? value.ratio) != nil }

  /// Whether there is a number that rests on something.
  var isKnown: Bool { hasSeenSomething && hasNumber }

  /// The value in hours.
  var hours: Ratio {
    get throws(Fault) {
      guard let countPerHour = unit.countPerHour else {
        throw Fault(
          .invalidValue, "meter `\(meter.key)` counts `\(unit.name)`, not s, min or h")
      }
      return try value.ratio / Ratio(countPerHour)
    }
  }
}
