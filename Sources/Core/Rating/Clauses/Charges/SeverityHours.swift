package import Base
package import Contracts
import Metering

/// Power by the hour.
///
///     R           = round4(R0 * E)
///     hours line  = round(h * R * S)                   to the minor unit
///     cycles line = round(c * round4(Rc0 * E))         to the minor unit
///
/// Both lines are listed in every period, also when they are zero. Where the rate steps inside the
/// period, by the index or another version, each segment has its own for what it adds: S is of the
/// period as a whole, by the tables of each version. Source: domain rule G1.
package struct SeverityHours {
  private let scope: ClauseScope
  private let parts: [Part]

  /// A segment, at its own rates.
  private struct Part {
    let terms: SeverityHoursTerms
    let scope: ClauseScope
    let index: IndexFactor
    let usage: SeverityUsage
    let hours: Ratio
    let cycles: Ratio
  }

  package init(
    _ terms: SeverityHoursTerms, _ scope: ClauseScope, usage: UsageTable,
    series: IndexSeriesByKey = [:]
  ) throws(Fault) {
    self.scope = scope
    let segments = scope.segmentsPassed(terms)
    let hours = try RunningUsage(
      usage.answer(scope.request(terms.hours, scope.usageWindows)).all, segments, scope
    ).divided(by: SeverityUsage.countPerHour(terms, usage, scope))
    let cycles = try RunningUsage(
      usage.answer(scope.request(terms.cycles, scope.usageWindows)).all, segments, scope)
    var parts: [Part] = []
    for (place, segment) in segments.enumerated() {
      parts.append(
        Part(
          terms: segment.terms, scope: segment.scope,
          index: try IndexFactor(segment.terms.index, series, on: segment.scope.windows.firstDay),
          usage: try SeverityUsage(segment.terms, usage, scope),
          hours: try hours.stretches[place].quantity,
          cycles: try cycles.stretches[place].quantity))
    }
    self.parts = parts
  }

  private var currency: Currency { scope.currency }

  package func lines() throws(Fault) -> [RatedLine] {
    var (hours, cycles) = (RunningAmount(in: currency), RunningAmount(in: currency))
    var lines: [RatedLine] = []
    for part in parts {
      lines += [try hoursLine(part, &hours), try cyclesLine(part, &cycles)]
    }
    return lines
  }

  private var rounding: String { parts.count == 1 ? "" : ", as the lines add up" }

  private func hoursLine(_ part: Part, _ sum: inout RunningAmount) throws(Fault) -> RatedLine {
    let (hours, index) = (part.hours, part.index)
    let rate = try index.rate(part.terms.rate)
    let severity = try Severity(part.terms, part.usage)
    let escalated = try hours * rate.ratio
    let exact = try escalated * severity.severity.ratio
    let amount = try sum.add(exact)

    var running = [(label: "plain hours", exact: try hours * part.terms.rate.ratio)]
    if index.isAgreed { running.append(("index", escalated)) }
    for (label, product) in severity.running { running.append((label, try escalated * product)) }

    let line = Derivation.Step(
      name: "line", formula: "amount = round(hours * R * S)\(rounding)",
      inputs: [
        .init("hours", hours), .init("R", rate.value), .init("S", severity.severity.value),
      ], exact: exact, rounded: amount.fixed)
    let sentence = """
      \(try hours.rounded(to: 4).grouped) hours at \(rate.value) \(currency) an hour, \
      times a severity of \(severity.severity.value), make \(amount.fixed.grouped) \(currency).
      """
    var rated = RatedLine(
      part.scope, part: "hours", description: "Hours in use, adjusted for severity",
      quantity: hours, unit: "h", amount: amount,
      derivation: Derivation(
        steps: index.steps + [rate.step] + severity.steps + [line], sentence: sentence),
      waterfall: try Waterfall(running: running, line: amount),
      meters: part.terms.meters, flags: severity.flags + index.flags)
    // The severity rests on all of the period, whatever part of it the line is for.
    rated.times = scope.windows.isPart ? [scope.windows.inForce] : nil
    if part.terms.legTable != nil {
      let (legs, own) = (part.usage.legs.period, part.usage.month.period)
      let all = Period(start: min(legs.start, own.start), end: max(legs.end, own.end))
      if all != own {
        for meter in [part.terms.hours, part.terms.cycles] { rated.wider[meter] = all }
      }
    }
    return rated
  }

  private func cyclesLine(_ part: Part, _ sum: inout RunningAmount) throws(Fault) -> RatedLine {
    let (cycles, index) = (part.cycles, part.index)
    let rate = try index.rate(part.terms.cycleRate)
    let exact = try cycles * rate.ratio
    let amount = try sum.add(exact)
    let line = Derivation.Step(
      name: "line", formula: "amount = round(cycles * Rc)\(rounding)",
      inputs: [.init("cycles", cycles), .init("Rc", rate.value)],
      exact: exact, rounded: amount.fixed)
    let sentence = """
      \(try cycles.rounded(to: 0).grouped) cycles at \(rate.value) \(currency) each \
      make \(amount.fixed.grouped) \(currency).
      """
    return RatedLine(
      part.scope, part: "cycles", description: "Cycles", quantity: cycles, unit: "cycles",
      amount: amount,
      derivation: Derivation(steps: index.steps + [rate.step, line], sentence: sentence),
      waterfall: try Waterfall(running: [("cycles", exact)], line: amount),
      meters: [part.terms.cycles], flags: index.flags)
  }
}

extension SeverityHoursTerms: ClauseRule {
  package var meterNeeds: [MeterNeed] {
    [MeterNeed(hours, .time, at: "/hours")]
      + environment.enumerated().map { place, environment in
        MeterNeed(environment.meter, .time, at: "/environment/\(place)/meter")
      }
  }

  package func steps(after start: CivilDate, until end: CivilDate) -> [CivilDate] {
    guard case .escalation(let terms) = index else { return [] }
    return terms.years.map(\.from).filter { start < $0 && $0 < end }
  }

  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    // Each segment may rest on months of its own.
    let standing = scope.allSegments(self).compactMap { $0.terms.trailing(scope)?.period }
    return meters.map { scope.request($0, scope.usageWindows) }
      + standing.flatMap { legs(Windows($0), scope) } + fallbacks(scope)
  }

  /// How long a leg is in a year, for a month that does not say.
  package func fallbacks(_ scope: ClauseScope) -> [UsageRequest] {
    legs(Windows(scope.windows.year), scope)
  }

  package func needsFallbacks(_ scope: ClauseScope, knowing usage: UsageTable) -> Bool {
    do throws(Fault) {
      return try SeverityUsage.Window(self, usage, scope, scope.usageWindows).saysNoLeg
    } catch {
      return true
    }
  }

  private func legs(_ windows: Windows, _ scope: ClauseScope) -> [UsageRequest] {
    [hours, cycles].map { scope.request($0, windows) }
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
