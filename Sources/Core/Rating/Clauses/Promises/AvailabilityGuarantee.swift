package import Base
package import Contracts

/// A promised availability, and the service credit where it is missed.
///
///     credit = -round(percent(A) * repeat factor / 100 * base)        to the minor unit
///
/// It is no more than what is left of the base lines, over which it is shared out. Bands are tested
/// on the exact availability, never on the printed one. The repeat factor is that of so many months
/// in a row below the top band. Where less is known than agreed, there is neither an availability
/// nor a credit: the line says so, and the money waits. Source: domain rule G4; domain, section 3,
/// base and missing data.
package struct AvailabilityGuarantee {
  private let terms: AvailabilityGuaranteeTerms
  private let scope: ClauseScope
  private let before: [RatedMonth]
  private let base: BaseLines
  private let reading: AvailabilityReading

  package init(
    _ terms: AvailabilityGuaranteeTerms, _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) {
    self.terms = terms
    self.scope = scope
    before = inputs.before
    base = try inputs.soFar.baseLines(of: terms.base, for: scope.asset)
    reading = try AvailabilityReading(terms.measure, scope, inputs.usage)
  }

  package func rated() throws(Fault) -> RatedClause {
    let isKnown = try reading.coverage * Ratio(100) >= terms.coverageMin.ratio
    guard isKnown, let percent = reading.percent else {
      return RatedClause(
        [try waitingLine(isKnown: isKnown)],
        MeasuredResult(nil, unit: "%", coverage: reading.coverage, weight: reading.eligible))
    }
    let finding = MeasuredResult(
      percent, unit: "%", coverage: reading.coverage, weight: reading.eligible)
    let line = try creditLine(percent)
    return RatedClause(
      [line], finding, penalised: line.amount.amountMinor < 0 ? [scope.clause] : [])
  }

  private func creditLine(_ availability: Ratio) throws(Fault) -> RatedLine {
    let place = try terms.bands.place(of: availability)
    let band = terms.bands.bands[place]
    let plain = try PercentOfBase(band.percent.ratio, of: base, sign: -1)
    var running = [(label: "band of \(band.percent) %", exact: plain.exact)]
    var steps =
      [reading.step].compactMap(\.self) + [
        Derivation.Step(
          name: "band", formula: "percent = band(A)",
          inputs: [.init("A", availability.shown), .init("band", terms.bands.name(of: place))],
          exact: try band.percent.ratio, rounded: nil)
      ]
    var credit = plain
    let row = place == 0 ? 0 : try monthsInARow + 1
    if row > 0, !terms.repeats.isEmpty {
      let factor = terms.repeats[min(row, terms.repeats.count) - 1]
      let percent = min(Ratio(100), try band.percent.ratio * factor.ratio)
      credit = try PercentOfBase(percent, of: base, sign: -1)
      running.append(("month \(row) in a row", credit.exact))
      steps.append(
        Derivation.Step(
          name: "repeat", formula: "percent = min(percent * factor, 100)",
          inputs: [.init("months in a row", row), .init("factor", factor)], exact: percent,
          rounded: nil))
    }
    return try line(
      quantity: availability, unit: "%", credit, steps: steps, running: running,
      """
      Available for \(availability.shown) % of \(reading.eligible.shown) \(reading.unit) that \
      count, \(terms.bands.name(of: place)) %: \(outcome(credit)).
      """)
  }

  private func outcome(_ credit: PercentOfBase) -> String {
    credit.amount.amountMinor == 0
      ? "no credit is due" : "the credit on \(base.gross.shown) is \(credit.amount.shown)"
  }

  /// Months before this one, one behind the other, in which the top band was missed; no more than
  /// there are factors for. A month of which too little is known ends the row.
  private var monthsInARow: Int {
    get throws(Fault) {
      var (count, start) = (0, scope.windows.period.start)
      for month in before.reversed() {
        guard month.period.end == start, count + 1 < terms.repeats.count,
          let value = month.finding(of: scope.clause, for: scope.asset)?.value,
          try terms.bands.place(of: value) > 0
        else { break }
        (count, start) = (count + 1, month.period.start)
      }
      return count
    }
  }

  private func waitingLine(isKnown: Bool) throws(Fault) -> RatedLine {
    let known = try reading.coverage * Ratio(100)
    let sentence =
      isKnown
      ? "Nothing of the period counts towards the availability: no credit is due."
      : """
      \(known.shown) % of the period is known, less than the \(terms.coverageMin) % agreed: the \
      availability cannot be told, and its credit waits until more is known.
      """
    return try line(
      quantity: known, unit: "% known",
      PercentOfBase(nothingOf: base, because: "amount = 0: the availability is not determinable"),
      steps: [], running: [("not determinable", .zero)], sentence, flags: [.notDeterminable])
  }

  private func line(
    quantity: Ratio, unit: String, _ credit: PercentOfBase, steps: [Derivation.Step],
    running: [(label: String, exact: Ratio)], _ sentence: String, flags: [RatedLine.Flag] = []
  ) throws(Fault) -> RatedLine {
    var line = RatedLine(
      scope, stage: .availability, description: "Availability guarantee", quantity: quantity,
      unit: unit, amount: credit.amount,
      derivation: Derivation(steps: steps + [credit.step], sentence: sentence),
      waterfall: try Waterfall(running: running, line: credit.amount), meters: terms.meters,
      flags: flags)
    line.shares = try base.shares(of: credit.amount)
    return line
  }
}

extension CreditBands {
  /// The place of the band that an availability in per cent falls into.
  func place(of percent: Ratio) throws(Fault) -> Int {
    for (place, band) in bands.enumerated() {
      guard let bound = try band.atLeast?.ratio else { return place }
      if percent >= bound { return place }
    }
    return bands.count - 1
  }

  /// `at least 96`; the last one is `below 90`.
  func name(of place: Int) -> String {
    if let bound = bands[place].atLeast { return "at least \(bound)" }
    return place == 0 ? "at least 0" : "below \(bands[place - 1].atLeast!)"
  }
}

extension AvailabilityGuaranteeTerms: ClauseRule {
  package var meterNeeds: [MeterNeed] {
    guard case .states(let states) = measure else { return [] }
    return [MeterNeed(states.meter, .states, at: "/meter")]
  }

  /// As many periods as the row of the highest repeat factor is long.
  package func reach(_ scope: ClauseScope) -> BillingMonth {
    let periods = max(0, repeats.count - 1)
    return scope.windows.billingMonth.advanced(by: -periods * scope.windows.billing.length.months)
  }

  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    switch measure {
    case .states(let terms): [terms.request(scope)]
    case .energy(let actual, let lost):
      [actual, lost].map { scope.request($0, scope.windows.period) }
    }
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    try AvailabilityGuarantee(self, scope, inputs).rated()
  }
}
