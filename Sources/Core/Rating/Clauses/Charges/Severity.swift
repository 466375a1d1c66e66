import Base
import Contracts
import Metering

/// How hard the asset was used, as one factor with the factors it is made of.
///
///     S = round6(clamp(S_leg * S_derate * S_env, S_min, S_max))
///
/// Source: domain rule G1. The tables are agreed in the contract; the sample curve of the demo is a
/// public stand-in, for the curves of real makers are confidential.
struct Severity {
  let severity: Derived
  /// The product after each factor, in order; the limits come last where they bite.
  let running: [(label: String, product: Ratio)]
  let steps: [Derivation.Step]
  let flags: [RatedLine.Flag]

  init(_ terms: SeverityHoursTerms, _ usage: SeverityUsage) throws(Fault) {
    var factors: [(label: String, factor: Ratio)] = []
    var steps: [Derivation.Step] = []
    var flags: [RatedLine.Flag] = []
    if let table = terms.legTable {
      let (leg, legFlags) = try Severity.leg(table, usage)
      factors.append(("leg", try leg.rounded?.ratio ?? leg.exact))
      steps.append(leg)
      flags = legFlags
    }
    if let derate = terms.derate, usage.month.hours > .zero {
      let step = try Severity.derate(derate, usage)
      factors.append(("derate", try step.ratio))
      steps.append(step.step)
    }
    if !terms.environment.isEmpty, usage.month.hours > .zero {
      let step = try Severity.environment(terms.environment, usage)
      factors.append(("environment", step.exact))
      steps.append(step)
    }
    var running: [(label: String, product: Ratio)] = []
    var product = Ratio.one
    for (label, factor) in factors {
      product = try product * factor
      running.append((label, product))
    }
    var held = product
    if let lowest = terms.severityMin { held = max(held, try lowest.ratio) }
    if let highest = terms.severityMax { held = min(held, try highest.ratio) }
    if held != product { running.append(("limits", held)) }
    severity = try Derived(
      "severity", "S = round6(clamp(S_leg * S_derate * S_env, S_min, S_max))",
      factors.map { .init($0.label, $0.factor) }, held, places: 6)
    self.running = running
    self.steps = steps + [severity.step]
    self.flags = flags
  }

  /// Hours per cycle on the leg table: of the periods whose ratio stands, or else of the period.
  /// Hours without a cycle: the last twelve months say how long a leg is; where they know no cycle
  /// either, the factor is 1 and the line says so.
  private static func leg(
    _ table: FactorTable, _ usage: SeverityUsage
  ) throws(Fault) -> (Derivation.Step, [RatedLine.Flag]) {
    let window = usage.legs
    var inputs: [Derivation.Input] = [
      .init("hours", window.hours), .init("cycles", window.cycles),
    ]
    if let months = window.months {
      inputs.append(.init("months", "\(months.lowerBound) to \(months.upperBound)"))
    }
    let formula = "S_leg = round6(table(hours / cycles))"
    guard window.cycles > .zero else {
      let step = Derivation.Step(
        name: "leg", formula: formula, inputs: inputs, exact: .one, rounded: nil)
      return (step, window.hours > .zero ? [.legFactorUnknown] : [])
    }
    let factor = try table.factor(at: window.hours / window.cycles)
    let step = try Derived("leg", formula, inputs, factor, places: 6).step
    return (step, window.months == nil && usage.year != nil ? [.legFactorOfYear] : [])
  }

  /// The mean derate, weighted by running time, on its table.
  private static func derate(
    _ derate: DerateTerms, _ usage: SeverityUsage
  ) throws(Fault) -> Derived {
    let mean = try usage.weightedDerate / usage.runningTime
    return try Derived(
      "derate", "S_derate = round6(table(mean derate))", [.init("mean derate", mean)],
      derate.table.factor(at: mean), places: 6)
  }

  /// Exact: the environment factor is not rounded. Time that no environment claims counts once.
  private static func environment(
    _ environments: [EnvironmentTerms], _ usage: SeverityUsage
  ) throws(Fault) -> Derivation.Step {
    let hours = usage.month.hours
    var (weighted, claimed) = (hours, Ratio.zero)
    var inputs = [Derivation.Input("hours", hours)]
    for (environment, spent) in zip(environments, usage.environmentHours) {
      weighted = try weighted + spent * (environment.factor.ratio - .one)
      claimed = try claimed + spent
      inputs.append(.init(environment.meter.text, "\(spent) h x \(environment.factor)"))
    }
    guard claimed <= hours else {
      throw Fault(.invalidValue, "the environments claim \(claimed) h of \(hours) h")
    }
    return Derivation.Step(
      name: "environment", formula: "S_env = sum(hours_e * factor_e) / hours", inputs: inputs,
      exact: try weighted / hours, rounded: nil)
  }
}

/// What the meters of the clause showed.
struct SeverityUsage {
  struct Window {
    let hours: Ratio
    let cycles: Ratio
    let period: Period
    /// Where it is told of, which they are.
    var months: ClosedRange<BillingMonth>?

    init(
      _ terms: SeverityHoursTerms, _ usage: UsageTable, _ scope: ClauseScope, _ windows: Windows,
      months: ClosedRange<BillingMonth>? = nil
    ) throws(Fault) {
      hours = try usage.hours(scope.request(terms.hours, windows))
      cycles = try usage.usage(scope.request(terms.cycles, windows)).value.ratio
      period = windows.period
      self.months = months
    }

    /// Running time, and not a single cycle to divide it by.
    var saysNoLeg: Bool { hours > .zero && cycles <= .zero }
  }

  let month: Window
  /// Of the last twelve months, where the period says no leg.
  let year: Window?
  /// The months whose hours per cycle stand; nil where those are the period's own.
  let standing: Window?
  /// Those that say how long a leg is.
  var legs: Window {
    standing.flatMap { $0.cycles > .zero ? $0 : nil } ?? year ?? month
  }
  /// Running time of the period in the unit of its meter, as the derate meter weighs with it.
  let runningTime: Ratio
  let weightedDerate: Ratio
  let environmentHours: [Ratio]

  /// How many units of the hours meter an hour has.
  static func countPerHour(
    _ terms: SeverityHoursTerms, _ usage: UsageTable, _ scope: ClauseScope
  ) throws(Fault) -> Ratio {
    let hours = try usage.usage(scope.request(terms.hours, scope.usageWindows))
    guard let count = hours.unit.countPerHour else { return try hours.hours }
    return Ratio(count)
  }

  init(
    _ terms: SeverityHoursTerms, _ usage: UsageTable, _ scope: ClauseScope
  ) throws(Fault) {
    let period = scope.usageWindows
    month = try Window(terms, usage, scope, period)
    year =
      month.saysNoLeg ? try Window(terms, usage, scope, Windows(scope.windows.year)) : nil
    standing = try terms.trailing(scope).map { (trailing) throws(Fault) in
      try Window(terms, usage, scope, Windows(trailing.period), months: trailing.months)
    }
    runningTime = try usage.usage(scope.request(terms.hours, period)).value.ratio
    weightedDerate =
      try terms.derate.map { (derate) throws(Fault) in
        try usage.usage(scope.request(derate.meter, period)).value.ratio
      } ?? .zero
    environmentHours = try terms.environment.map { (environment) throws(Fault) in
      try usage.hours(scope.request(environment.meter, period))
    }
  }
}
