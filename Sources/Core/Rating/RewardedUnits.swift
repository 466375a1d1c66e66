import Base
import Contracts
import Metering

/// How much of an activity is paid for in a period.
///
/// Of each task so many units at most are paid for in a year, whatever the months they were done
/// in: a month's part is what is paid for of the year so far, less what was so before it.
struct RewardedUnits {
  let rewarded: Ratio
  /// Not validated yet.
  let pending: Ratio
  let unit: String
  let steps: [Derivation.Step]

  init(_ terms: PerUnitReward, _ scope: ClauseScope, _ usage: UsageTable) throws(Fault) {
    let requests = RewardedUnits.requests(terms, scope)
    let answer = try usage.answer(requests[0])
    var steps: [Derivation.Step] = []
    var done = Ratio.zero
    var allowed = Ratio.zero
    if let allowance = try terms.allowance?.ratio {
      for task in answer.parts {
        let amounts = try RewardedUnits.amounts(task.series)
        done = try done + amounts.now
        let (all, before) = (try amounts.before + amounts.now, amounts.before)
        allowed = try allowed + min(all, allowance) - min(before, allowance)
      }
      steps.append(
        Derivation.Step(
          name: "allowance", formula: "sum over tasks(min(year to date, allowance) - before)",
          inputs: [
            .init("tasks", answer.parts.count), .init("done", done),
            .init("allowance", terms.allowance!),
          ], exact: allowed, rounded: nil))
    } else {
      done = try answer.all.whole.value.ratio
      allowed = done
    }
    if let cap = terms.cap {
      let capped = min(allowed, try cap.ratio)
      steps.append(
        Derivation.Step(
          name: "cap of the period", formula: "q = min(q, cap)",
          inputs: [.init("q", allowed), .init("cap", cap)], exact: capped, rounded: nil))
      allowed = capped
    }
    pending = requests.count < 2 ? .zero : try usage.usage(requests[1]).value.ratio
    if terms.pending != nil {
      steps.append(
        Derivation.Step(
          name: "pending", formula: "not validated yet, not paid for", inputs: [],
          exact: pending, rounded: nil))
    }
    rewarded = allowed
    unit = answer.all.whole.unit.name
    self.steps = steps
  }

  /// The activity's meter, and then that of what is pending, where there is one.
  static func requests(_ terms: PerUnitReward, _ scope: ClauseScope) -> [UsageRequest] {
    let month = scope.windows.month
    let pending = terms.pending.map { [scope.request($0, month)] } ?? []
    guard terms.allowance != nil else { return [scope.request(terms.meter, month)] + pending }
    let year = AccumulationYear(terms.year, scope.windows).soFar
    // Twelve months at most, and one more where a zone turns back its date.
    let months = try? Windows(of: year, .month, in: scope.windows.zone, countMax: 13)
    return [scope.request(terms.meter, months ?? Windows(year), by: .group)] + pending
  }

  /// What was done in the last window, and in those before it.
  private static func amounts(
    _ series: UsageSeries
  ) throws(Fault) -> (before: Ratio, now: Ratio) {
    var before = Ratio.zero
    for window in series.windows.dropLast() { before = try before + window.value.ratio }
    return (before, try series.windows.last?.value.ratio ?? .zero)
  }
}
