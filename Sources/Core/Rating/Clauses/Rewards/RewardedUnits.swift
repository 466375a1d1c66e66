import Base
import Contracts
import Metering

/// How much of an activity is paid for in a period.
///
/// Of each task so many units at most are paid for in a year, whatever the months they were done
/// in: a period's part is what is paid for of the year so far, less what was so before it.
struct RewardedUnits {
  let rewarded: Ratio
  /// Not validated yet.
  let pending: Ratio
  let unit: String
  let steps: [Derivation.Step]

  init(_ terms: PerUnitReward, _ scope: ClauseScope, _ usage: UsageTable) throws(Fault) {
    let requests = RewardedUnits.requests(terms, scope)
    var steps: [Derivation.Step] = []
    var allowed = Ratio.zero
    if let allowance = try terms.allowance?.ratio {
      var (done, tasks) = (Ratio.zero, 0)
      for request in requests {
        for task in try usage.answer(request).parts {
          let (before, now) = try RewardedUnits.amounts(task.series, request.windows, scope)
          done = try done + now
          tasks += 1
          allowed = try allowed + min(before + now, allowance) - min(before, allowance)
        }
      }
      steps.append(
        Derivation.Step(
          name: "allowance", formula: "sum over tasks(min(year to date, allowance) - before)",
          inputs: [
            .init("tasks", tasks), .init("done", done), .init("allowance", terms.allowance!),
          ], exact: allowed, rounded: nil))
    } else {
      allowed = try usage.usage(requests[0]).value.ratio
    }
    if let cap = terms.cap {
      let capped = min(allowed, try cap.ratio)
      steps.append(
        Derivation.Step(
          name: "cap of the period", formula: "q = min(q, cap)",
          inputs: [.init("q", allowed), .init("cap", cap)], exact: capped, rounded: nil))
      allowed = capped
    }
    pending =
      try RewardedUnits.pending(terms, scope).map { (request) throws(Fault) in
        try usage.usage(request).value.ratio
      } ?? .zero
    if terms.pending != nil {
      steps.append(
        Derivation.Step(
          name: "pending", formula: "not validated yet, not paid for", inputs: [],
          exact: pending, rounded: nil))
    }
    rewarded = allowed
    unit = try usage.usage(requests[0]).unit.name
    self.steps = steps
  }

  /// Of the activity's meter: the period, or each year that it lies in, up to the period and in it.
  private static func requests(_ terms: PerUnitReward, _ scope: ClauseScope) -> [UsageRequest] {
    let period = scope.windows.period
    guard terms.allowance != nil else { return [scope.request(terms.meter, period)] }
    return AccumulationYear.years(terms.year, scope.windows).map { year in
      let bounds = [year.soFar.start, period.start, year.soFar.end]
      let rising = bounds.indices.filter { $0 == 0 || bounds[$0 - 1] < bounds[$0] }
      return scope.request(
        terms.meter, Windows(bounds: rising.map { bounds[$0] }), by: .group)
    }
  }

  private static func pending(_ terms: PerUnitReward, _ scope: ClauseScope) -> UsageRequest? {
    terms.pending.map { scope.request($0, scope.windows.period) }
  }

  static func allRequests(_ terms: PerUnitReward, _ scope: ClauseScope) -> [UsageRequest] {
    requests(terms, scope) + [pending(terms, scope)].compactMap(\.self)
  }

  /// What was done in the period, and what before it.
  private static func amounts(
    _ series: UsageSeries, _ windows: Windows, _ scope: ClauseScope
  ) throws(Fault) -> (before: Ratio, now: Ratio) {
    var (before, now) = (Ratio.zero, Ratio.zero)
    for (usage, window) in zip(series.windows, windows) {
      let value = try usage.value.ratio
      if window.start < scope.windows.period.start {
        before = try before + value
      } else {
        now = try now + value
      }
    }
    return (before, now)
  }
}
