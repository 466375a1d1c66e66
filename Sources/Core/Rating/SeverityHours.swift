package import Base
package import Contracts

/// Power by the hour.
///
///     R           = round4(R0 * E)
///     hours line  = round(h * R * S)                   to the minor unit
///     cycles line = round(c * round4(Rc0 * E))         to the minor unit
///
/// Both lines are listed in every period, also when they are zero. Source: domain rule G1.
package struct SeverityHours {
  private let scope: ClauseScope
  private let terms: SeverityHoursTerms
  private let index: IndexFactor
  private let usage: SeverityUsage

  package init(
    _ terms: SeverityHoursTerms, _ scope: ClauseScope, usage: UsageTable,
    series: IndexBook = [:]
  ) throws(Fault) {
    self.scope = scope
    self.terms = terms
    index = try IndexFactor(terms.index, series, on: scope.windows.firstDay)
    self.usage = try SeverityUsage(terms, usage, scope)
  }

  private var currency: Currency { scope.currency }

  package func lines() throws(Fault) -> [RatedLine] {
    [try hoursLine(), try cyclesLine()]
  }

  private func hoursLine() throws(Fault) -> RatedLine {
    let hours = usage.month.hours
    let rate = try index.rate(terms.rate)
    let severity = try Severity(terms, usage)
    let escalated = try hours * rate.ratio
    let exact = try escalated * severity.severity.ratio
    let amount = try Money(rounding: exact, currency)

    var running = [(label: "plain hours", exact: try hours * terms.rate.ratio)]
    if index.isAgreed { running.append(("index", escalated)) }
    for (label, product) in severity.running { running.append((label, try escalated * product)) }

    let line = Derivation.Step(
      name: "line", formula: "amount = round(hours * R * S)",
      inputs: [
        .init("hours", hours), .init("R", rate.value), .init("S", severity.severity.value),
      ], exact: exact, rounded: amount.fixed)
    let sentence = """
      \(try hours.rounded(to: 4).grouped) hours at \(rate.value) \(currency) an hour, \
      times a severity of \(severity.severity.value), make \(amount.fixed.grouped) \(currency).
      """
    return RatedLine(
      scope, part: "hours", description: "Hours in use, adjusted for severity",
      quantity: hours, unit: "h", amount: amount,
      derivation: Derivation(
        steps: index.steps + [rate.step] + severity.steps + [line], sentence: sentence),
      waterfall: try Waterfall(running: running, line: amount),
      meters: terms.meters, flags: severity.flags + index.flags)
  }

  private func cyclesLine() throws(Fault) -> RatedLine {
    let cycles = usage.month.cycles
    let rate = try index.rate(terms.cycleRate)
    let exact = try cycles * rate.ratio
    let amount = try Money(rounding: exact, currency)
    let line = Derivation.Step(
      name: "line", formula: "amount = round(cycles * Rc)",
      inputs: [.init("cycles", cycles), .init("Rc", rate.value)],
      exact: exact, rounded: amount.fixed)
    let sentence = """
      \(try cycles.rounded(to: 0).grouped) cycles at \(rate.value) \(currency) each \
      make \(amount.fixed.grouped) \(currency).
      """
    return RatedLine(
      scope, part: "cycles", description: "Cycles", quantity: cycles, unit: "cycles",
      amount: amount,
      derivation: Derivation(steps: index.steps + [rate.step, line], sentence: sentence),
      waterfall: try Waterfall(running: [("cycles", exact)], line: amount),
      meters: [terms.cycles], flags: index.flags)
  }
}

extension SeverityHoursTerms: ClauseRule {
  package func steps(after start: CivilDate, until end: CivilDate) -> [CivilDate] {
    guard case .escalation(let terms) = index else { return [] }
    return terms.years.map(\.from).filter { start < $0 && $0 < end }
  }

  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    meters.map { scope.request($0, scope.windows.period) }
      + (trailing(scope).map { legs($0.period, scope) } ?? []) + fallbacks(scope)
  }

  /// How long a leg is in a year, for a month that does not say.
  package func fallbacks(_ scope: ClauseScope) -> [UsageRequest] {
    legs(scope.windows.year, scope)
  }

  package func needsFallbacks(_ scope: ClauseScope, knowing usage: UsageTable) -> Bool {
    do throws(Fault) {
      return try SeverityUsage.Window(self, usage, scope, scope.windows.period).saysNoLeg
    } catch {
      return true
    }
  }

  private func legs(_ period: Period, _ scope: ClauseScope) -> [UsageRequest] {
    [hours, cycles].map { scope.request($0, period) }
  }

  /// The months whose hours per cycle stand in the one that is rated; nil where those are its own.
  func trailing(
    _ scope: ClauseScope
  ) -> (months: ClosedRange<BillingMonth>, period: Period)? {
    let windows = scope.windows
    let months = ratioWindow?.months(
      standingIn: windows.billingMonth, since: windows.contractPeriod)
    return months.map { ($0, windows.time(of: $0)) }
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    RatedClause(
      try SeverityHours(self, scope, usage: inputs.usage, series: inputs.series).lines())
  }
}
