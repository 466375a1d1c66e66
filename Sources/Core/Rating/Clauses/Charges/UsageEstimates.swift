import Base
import Contracts
import Metering

/// What the meters of a clause may have shown in a period of which they know nothing.
struct UsageEstimates {
  let usage: [UsageRequest: UsageResult]
  let steps: [Derivation.Step]

  /// Nil where no month before is known.
  init?(
    _ requests: [UsageRequest], _ trailing: (UsageRequest) -> UsageRequest,
    _ policy: MissingUsagePolicy, _ usage: UsageTable
  ) throws(Fault) {
    var months: [(request: UsageRequest, before: Windows, answer: UsageResult)] = []
    for request in requests {
      let before = trailing(request)
      months.append((request, before.windows, try usage.answer(before)))
    }
    let places = (months.first?.before.indices ?? 0..<0).filter { place in
      months.contains { $0.answer.all.windows[place].hasSeenSomething }
    }
    var estimates: [UsageRequest: UsageResult] = [:]
    var steps: [Derivation.Step] = []
    for (request, before, answer) in months
    where try !usage.usage(request).hasSeenSomething {
      func estimate(_ series: UsageSeries) throws(Fault) -> (count: Int, value: Ratio)? {
        let known = places.filter { series.windows[$0].hasNumber }
        guard !known.isEmpty else { return nil }
        return (
          known.count,
          try UsageEstimates.estimate(
            known.map { (series.windows[$0], before[$0]) }, over: request.windows.period, policy)
        )
      }
      func made(_ value: Ratio) -> UsageSeries {
        UsageSeries(MeteredUsage(answer.all.whole.meter, estimate: .fraction(value)))
      }
      guard let (count, value) = try estimate(answer.all) else { return nil }
      var parts: [UsageResult.Part] = []
      for part in answer.parts {
        if let estimate = try estimate(part.series) {
          parts.append(.init(part.name, made(estimate.value)))
        }
      }
      estimates[request] = UsageResult(made(value), parts: parts)
      steps.append(
        Derivation.Step(
          name: "estimate of \(request.meter)", formula: policy.formula,
          inputs: [.init("months known", count)], exact: value, rounded: nil))
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
