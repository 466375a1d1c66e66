import Base
import Contracts
import Metering

extension SilentMeter {
  /// The same clause, its lines without usage marked.
  static func marking(
    _ rated: RatedClause, of rule: any ClauseRule, _ scope: ClauseScope,
    _ policy: MissingUsagePolicy?, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    guard rule.stage == .usage, !scope.windows.period.isEmpty, mayBeSilent(rated) else {
      return rated
    }
    let silent = try meters(rule, scope, inputs)
    guard !silent.isEmpty else { return rated }
    return RatedClause(
      rated.lines.map { line in
        let saysNothing = !line.meters.isEmpty && silent.isSuperset(of: line.meters)
        return saysNothing ? line.flagged(.noUsageSeen) : line
      }, rated.finding, penalised: rated.penalised, unbilled: rated.unbilled,
      silent: silent.sorted().map {
        SilentMeter(
          meter: $0, clause: scope.clause, assets: scope.assets, isAgreed: policy != nil)
      })
  }

  /// What was used makes a line of it: most clauses need not be looked at.
  private static func mayBeSilent(_ rated: RatedClause) -> Bool {
    rated.lines.isEmpty
      || rated.lines.contains { line in
        !line.meters.isEmpty && (line.quantity == .zero || line.flags.contains(.estimated))
      }
  }

  /// Those of which no request about the period shows anything.
  private static func meters(
    _ rule: any ClauseRule, _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> Set<MeterKey> {
    let period = scope.windows.period
    let requests = rule.requests(scope).filter { $0.windows.period == period }
    let events = rule.eventRequests(scope).filter { $0.period == period }
    var silent = Set(requests.map(\.meter) + events.map(\.meter))
    for request in requests where inputs.usage.has(request) {
      let shown = try inputs.usage.usage(request)
      if shown.usage.count > 0 || shown.saysSomething { silent.remove(request.meter) }
    }
    for request in events where try !inputs.events.facts(request).isEmpty {
      silent.remove(request.meter)
    }
    return silent
  }
}

extension MeteredUsage {
  /// Whether anything is known of the time, even where no event lies in it: an interval that ends
  /// later, or a level that was reported before.
  fileprivate var saysSomething: Bool {
    switch usage.detail {
    case .states(let states): states.known > 0
    case .held(let held): held > 0
    case .samples(let set): !set.samples.isEmpty
    case .register, .hours, nil: usage.units != 0
    }
  }
}
