package import Base
package import Contracts
import Metering

/// The hours that were promised for a year and not used, settled once.
///
///     M_eff = max(0, M * (active seconds - excused seconds) / seconds of the year)
///     short = max(0, M_eff - hours - banked hours)
///     line  = round(sum(short) * R)              to the minor unit, R = round4(R0 * E)
///
/// Each asset is settled in the last period of the year in which it serves the contract: at its
/// exit, or at the year's end. A pool, and a contract as a whole, are settled in the last one in
/// which the contract is in force. Two years that end in one period are two lines. Until then the
/// shortfall to be expected is a finding, never a line. Credits do not lower the hours that count.
/// Source: domain rule G2; take-or-pay with an annual true-up, as usual in agreements for hours in
/// use.
package struct MinimumUtilisation {
  private let terms: MinimumUtilisationTerms
  private let scope: ClauseScope
  private let year: AccumulationYear
  private let index: IndexFactor
  private let rate: Derived
  private let shortfalls: [Shortfall]

  package init(
    _ terms: MinimumUtilisationTerms, _ scope: ClauseScope, _ year: AccumulationYear,
    usage: UsageTable, series: IndexSeriesByKey = [:]
  ) throws(Fault) {
    self.terms = terms
    self.scope = scope
    self.year = year
    index = try IndexFactor(terms.index, series, on: year.firstDay)
    rate = try index.rate(terms.rate)
    shortfalls = try UtilisationYears(terms, scope, year, usage).shortfalls
  }

  /// One line for all that is settled in this period; none where nothing is.
  package func line() throws(Fault) -> RatedLine? {
    let due = shortfalls.filter(\.isDue)
    guard !due.isEmpty else { return nil }
    var hours = Ratio.zero
    for shortfall in due { hours = try hours + shortfall.hours }
    let exact = try hours * rate.ratio
    let amount = try Money(rounding: exact, scope.currency)
    let short = due.filter { $0.hours > .zero }
    let shown = due.count == 1 ? due : short
    let line = Derivation.Step(
      name: "line", formula: "amount = round(sum(short) * R)",
      inputs: [
        .init("settled", due.count), .init("short of it", short.count), .init("hours", hours),
        .init("R", rate.value),
      ], exact: exact, rounded: amount.fixed)
    let whose = due.count == 1 ? "" : ", of \(short.count) of \(due.count) assets,"
    var rated = RatedLine(
      scope, stage: .minimum, part: year.part(scope.windows),
      description: "Hours below the minimum of the year",
      quantity: hours, unit: "h", amount: amount,
      derivation: Derivation(
        steps: shown.flatMap(\.steps) + index.steps + [rate.step, line],
        sentence: """
          \(try hours.rounded(to: 4).grouped) hours below the minimum\(whose) at \(rate.value) \
          \(scope.currency) an hour make \(amount.fixed.grouped) \(scope.currency).
          """),
      waterfall: try Waterfall(running: [("hours below the minimum", exact)], line: amount),
      meters: terms.meters, flags: index.flags)
    rated.span = year.soFar
    return rated
  }

  /// What the shortfall so far of those that are not settled yet would cost.
  package func expected() throws(Fault) -> MeasuredResult {
    var hours = Ratio.zero
    for shortfall in shortfalls where !shortfall.isDue && !shortfall.isOver {
      hours = try hours + shortfall.hours
    }
    let amount = try Money(rounding: hours * rate.ratio, scope.currency)
    return MeasuredResult(try amount.fixed.ratio, unit: scope.currency.code)
  }
}

extension MinimumUtilisationTerms: ClauseRule {
  package var meterNeeds: [MeterNeed] {
    [MeterNeed(hours, .time, at: "/hours")]
      + [excused].compactMap { $0 }.map { MeterNeed($0, .time, at: "/excused") }
  }

  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    let years = AccumulationYear.years(year, scope.windows).flatMap { year in
      UtilisationYears.years(self, scope, year)
    }
    return years.flatMap { year in meters.map { scope.request($0, year.soFar, by: .asset) } }
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let years = try AccumulationYear.years(year, scope.windows).map { (year) throws(Fault) in
      try MinimumUtilisation(self, scope, year, usage: inputs.usage, series: inputs.series)
    }
    let lines = try years.map { (year) throws(Fault) in try year.line() }
    return RatedClause(lines.compactMap(\.self), try years.last?.expected())
  }
}
