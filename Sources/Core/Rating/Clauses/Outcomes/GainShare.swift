package import Base
package import Contracts
import Metering

/// A share of what is saved against a baseline, settled for the year to date.
///
///     B    = sum over days(perDay + sum(coefficient * driver) + adjustments)
///     s    = B - A                        over the days that are known on both sides
///     el   = sgn(s) * max(0, |s| - d * B)                          deductible d
///     el   = s if |s| >= d * B else 0                              threshold d
///     fee  = round(clamp(el * price * share, -floor * B * price, cap * B * price))
///     line = fee(year to date) - fee(what was settled of it before)
///            both less what credit notes took back of the year's lines before, where they are
///            above zero, and never below it
///
/// Where coverage, the fit of the baseline or the uncertainty of the savings is not what was
/// agreed, nothing is settled: the line is withheld, and a later month makes up for it. Source:
/// domain rule G5; option C of the International Performance Measurement and Verification
/// Protocol, with the gates of ASHRAE guideline 14 as agreed decimals.
package struct GainShare {
  private let terms: GainShareTerms
  private let scope: ClauseScope
  private let year: AccumulationYear
  private let unit: String
  /// At the end of the period.
  private let now: SharedGain
  /// What was settled up to the end of the period before.
  private let settled: (fee: Money, eligible: Ratio)
  /// What credit notes took back of that.
  private let credited: Money

  package init(
    _ terms: GainShareTerms, _ scope: ClauseScope, _ year: AccumulationYear, usage: UsageTable,
    credited: [BillingMonth: Credited] = [:]
  ) throws(Fault) {
    self.credited = try GainShare.credited(credited, of: year, scope)
    self.terms = terms
    self.scope = scope
    self.year = year
    let days = try BaselineDays(terms, scope, year, usage)
    unit = days.unit
    var (gain, settled, before) = (
      try SharedGain(.none, terms), (Money.zero(scope.currency), Ratio.zero),
      (Money.zero(scope.currency), Ratio.zero)
    )
    for savings in try days.savings(beforeEach: GainShare.ends(of: year, scope.windows)) {
      before = settled
      gain = try SharedGain(savings, terms)
      if gain.isSettled {
        settled = (try Money(rounding: gain.exactFee, scope.currency), gain.eligible)
      }
    }
    now = gain
    self.settled = before
  }

  /// Where the periods of the year end, up to the one that is rated: with each of them something is
  /// settled.
  private static func ends(of year: AccumulationYear, _ windows: RatingWindows) -> [CivilDate] {
    let billing = windows.billing
    var ends: [CivilDate] = []
    var month = billing.period(holding: year.months.lowerBound)
    while month <= windows.billingMonth {
      let next = billing.next(after: month)
      ends.append(billing.firstDay(of: min(next, year.months.upperBound.next)))
      guard next > month else { break }
      month = next
    }
    return ends
  }

  /// Of the lines of that year in earlier periods.
  private static func credited(
    _ credited: [BillingMonth: Credited], of year: AccumulationYear, _ scope: ClauseScope
  ) throws(Fault) -> Money {
    let (first, billing) = (year.months.lowerBound, scope.windows.billing)
    var sum = Money.zero(scope.currency)
    for (month, credited) in credited
    where month < scope.windows.billingMonth && billing.next(after: month) > first {
      // A year that begins inside a period has a line of its own there.
      let key = month < first ? "\(scope.key)/\(first)" : scope.key
      sum = try sum + (credited.amounts[.init(key, on: key)] ?? .zero(scope.currency))
    }
    return sum
  }

  /// What is owed of a fee to date.
  private func owed(_ fee: Money) throws(Fault) -> Money {
    guard fee.amountMinor > 0 else { return fee }
    let left = try fee - credited
    return Money(minor: max(0, left.amountMinor), scope.currency)
  }

  package func line() throws(Fault) -> RatedLine {
    let currency = scope.currency
    guard now.isSettled else { return try withheld }
    let fee = try Money(rounding: now.exactFee, currency)
    let amount = try owed(fee) - owed(settled.fee)
    let credits = credited.amountMinor == 0 ? [] : [Derivation.Input("credited", credited)]
    let line = Derivation.Step(
      name: "line",
      formula: credits.isEmpty
        ? "amount = round(fee to date) - fee settled before"
        : "amount = max(0, fee to date - credited) - max(0, fee settled before - credited)",
      inputs: [.init("fee to date", fee), .init("settled before", settled.fee)] + credits,
      exact: try amount.fixed.ratio, rounded: amount.fixed)
    let running = now.running + [("settled before", try amount.fixed.ratio)]
    return try rated(
      quantity: now.eligible - settled.eligible, amount, now.steps + [line],
      """
      \(try now.savings.saved.rounded(to: 2).grouped) \(unit) saved in the year so far make a fee \
      of \(fee.fixed.grouped) \(currency), of which \(settled.fee.fixed.grouped) were settled \
      before: \(amount.fixed.grouped) \(currency).
      """, running: running, flags: [])
  }

  /// Listed all the same: both sides see that there is something to wait for.
  private var withheld: RatedLine {
    get throws(Fault) {
      let line = Derivation.Step(
        name: "line", formula: "nothing is settled", inputs: [], exact: .zero,
        rounded: Money.zero(scope.currency).fixed)
      return try rated(
        quantity: .zero, .zero(scope.currency), now.steps + [line],
        "Too little is known of the year so far: the share of the savings waits.",
        running: [("withheld", .zero)], flags: [.withheld])
    }
  }

  private func rated(
    quantity: Ratio, _ amount: Money, _ steps: [Derivation.Step], _ sentence: String,
    running: [(label: String, exact: Ratio)], flags: [RatedLine.Flag]
  ) throws(Fault) -> RatedLine {
    var line = RatedLine(
      scope, stage: .gainShare, part: year.part(scope.windows), description: "Share of the savings",
      quantity: quantity,
      unit: unit, amount: amount, derivation: Derivation(steps: steps, sentence: sentence),
      waterfall: try Waterfall(running: running, line: amount), meters: terms.meters,
      flags: flags)
    line.span = year.soFar
    return line
  }

  /// The savings of the year so far in per cent of the baseline.
  package func finding() throws(Fault) -> MeasuredResult {
    let baseline = now.savings.baseline
    let value = now.isSettled ? try now.savings.saved / baseline * Ratio(100) : nil
    return MeasuredResult(value, unit: "%", coverage: try now.savings.coverage)
  }
}

extension GainShareTerms: ClauseRule {
  package var leavesOutDays: Bool { true }

  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    AccumulationYear.years(year, scope.windows).flatMap { year in
      meters.map { scope.request($0, BaselineDays.windows(of: year, scope)) }
    }
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let gains = try AccumulationYear.years(year, scope.windows).map { (year) throws(Fault) in
      try GainShare(self, scope, year, usage: inputs.usage, credited: inputs.credited)
    }
    return RatedClause(
      try gains.map { (gain) throws(Fault) in try gain.line() }, try gains.last?.finding())
  }
}
