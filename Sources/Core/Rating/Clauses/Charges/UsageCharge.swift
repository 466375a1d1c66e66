package import Base
package import Contracts
import Metering

/// A meter's value at a price.
///
///     v    = value, or value / length of the period where it is averaged
///     q    = max(0, v - free)
///     a    = price(q) * (1 - percent / 100) - min(discount, what is left)
///     line = round(max(minimum, min(a, maximum)))        to the minor unit
///
/// Where the clause changes inside the period, use fills it in the order of time, and each segment
/// costs what it adds at its own terms: what is free, tiers, packages and bounds are those of the
/// period, and the lines add up to the rounded whole.
///
///     p    = price(q through the segment) - price(q before it)      sum: p of the segments so far
///     line = bounded(sum) - bounded(sum before), rounded as they add up
///
/// Counted over a year, free units and tiers begin anew with it: what the use of the year so far
/// costs, less what its use before the period costs, takes the place of price(q).
///
///     price(max(0, before + v - free)) - price(max(0, before - free))
///
/// A negative value is credited as the exact negative of its price: nothing of it is free, and no
/// discount or minimum holds it up. Source: domain, section 4, conventional models.
package struct UsageCharge {
  private let segments: [Segment<UsageChargeTerms>]
  private let usage: RunningUsage
  private let unit: String
  /// What was used in the year before the period; nil where each period is counted by itself.
  private let opening: Ratio?
  /// Which part of the usage it is for, where the clause prices several.
  private let part: String?
  /// What was done with the meter's value before.
  private let before: [Derivation.Step]

  package init(
    _ terms: UsageChargeTerms, _ scope: ClauseScope, quantity: Ratio, unit: String,
    part: String? = nil, before: [Derivation.Step] = []
  ) {
    self.init(
      [Segment(terms: terms, scope: scope)], RunningUsage(quantity), unit: unit, part: part,
      before: before)
  }

  init(
    _ segments: [Segment<UsageChargeTerms>], _ usage: RunningUsage, unit: String,
    part: String? = nil, before: [Derivation.Step] = [], opening: Ratio? = nil
  ) {
    self.opening = opening
    self.segments = segments
    self.usage = usage
    self.unit = unit
    self.part = part
    self.before = before
  }

  /// That of a period without a change.
  package func line() throws(Fault) -> RatedLine { try lines()[0] }

  /// One for each segment.
  func lines() throws(Fault) -> [RatedLine] {
    guard let first = segments.first else { return [] }
    var (lines, sum) = ([RatedLine](), Ratio.zero)
    var amounts = RunningAmount(in: first.scope.currency)
    for (place, (segment, stretch)) in zip(segments, usage.stretches).enumerated() {
      let reached = try Reached(
        segment.terms, stretch, of: usage.whole, opening, sumBefore: place == 0 ? nil : sum)
      sum = reached.sum
      lines.append(
        try line(
          segment, stretch, reached, amounts.add(reached.exact), isAlone: segments.count == 1))
    }
    return lines
  }

  private func line(
    _ segment: Segment<UsageChargeTerms>, _ stretch: RunningUsage.Stretch, _ reached: Reached,
    _ amount: Money, isAlone: Bool
  ) throws(Fault) -> RatedLine {
    let (terms, scope) = (segment.terms, segment.scope)
    let quantity = try stretch.quantity
    let steps =
      before + [free(terms, reached)].compactMap(\.self) + reached.price.parts.map(step)
      + (isAlone && opening != nil ? reached.priceBefore?.parts.map(stepBefore) ?? [] : [])
      + (isAlone ? [] : try sums(stretch, reached))
      + reached.bars.dropFirst().map { bar in
        Derivation.Step(
          name: bar.label, formula: bar.formula, inputs: [], exact: bar.exact, rounded: nil)
      } + [
        Derivation.Step(
          name: "line",
          formula: isAlone
            ? "amount = round(amount)" : "amount = a - a before, rounded as the lines add up",
          inputs: [.init("amount", reached.bars.last!.exact)]
            + (isAlone ? [] : [.init("before", reached.boundedBefore)]),
          exact: reached.exact, rounded: amount.fixed)
      ]
    let billed =
      isAlone
      ? "\(try reached.billed - reached.billedBefore) of them billed"
      : "of \(usage.whole) in the period"
    let sentence = """
      \(quantity) \(unit), \(billed), make \(amount.fixed.grouped) \(scope.currency).
      """
    let running =
      isAlone
      ? reached.bars.map { ($0.label, $0.exact) }
      : [("price", try reached.sum - reached.sumBefore)]
        + (reached.bars.count > 1 ? [("of the period", reached.exact)] : [])
    var line = RatedLine(
      scope, part: part,
      description: "Usage of \(terms.meter)" + (part.map { ", \($0)" } ?? ""),
      quantity: quantity, unit: unit, amount: amount,
      derivation: Derivation(steps: steps, sentence: sentence),
      waterfall: try Waterfall(running: running, line: amount),
      meters: [terms.meter], flags: [])
    if !isAlone { line.times = [times(of: terms, scope.windows)] }
    return line
  }

  /// The time without whose events a segment's line would be another one.
  private func times(of terms: UsageChargeTerms, _ windows: RatingWindows) -> Period {
    guard usage.addsUp, !terms.isOfWhole else {
      return windows.wholePeriod.intersection(windows.term)
    }
    guard terms.isLinear else {
      return Period(start: segments[0].scope.windows.period.start, end: windows.period.end)
    }
    return windows.period
  }

  /// How the segments add up.
  private func sums(
    _ stretch: RunningUsage.Stretch, _ reached: Reached
  ) throws(Fault) -> [Derivation.Step] {
    [
      Derivation.Step(
        name: "segment", formula: "p = price(q through it) - price(q before it)",
        inputs: [.init("through", stretch.through), .init("before", stretch.before)],
        exact: try reached.sum - reached.sumBefore, rounded: nil),
      Derivation.Step(
        name: "sum", formula: "a = p of the segments so far", inputs: [], exact: reached.sum,
        rounded: nil),
    ]
  }

  private func free(_ terms: UsageChargeTerms, _ reached: Reached) -> Derivation.Step? {
    terms.free.map { free in
      Derivation.Step(
        name: "free units", formula: "q = max(0, value - free)",
        inputs: [.init("value", reached.used), .init("free", free)], exact: reached.billed,
        rounded: nil)
    }
  }

  /// What the use before the period costs.
  private func stepBefore(_ part: Price.Part) -> Derivation.Step {
    Derivation.Step(
      name: "price before", formula: part.label, inputs: [.init("q", part.quantity)],
      exact: part.amount, rounded: nil)
  }

  private func step(_ part: Price.Part) -> Derivation.Step {
    Derivation.Step(
      name: "price", formula: part.label, inputs: [.init("q", part.quantity)],
      exact: part.amount, rounded: nil)
  }
}

/// What a period has come to with a segment, and what the segment adds to it.
private struct Reached {
  typealias Bar = (label: String, formula: String, exact: Ratio)

  /// Units through the segment, and those of them that are not free.
  let used: Ratio
  let billed: Ratio
  let billedBefore: Ratio
  /// Of those.
  let price: Price
  /// What the use before the segment costs at its price.
  let priceBefore: Price?
  let sumBefore: Ratio
  /// The prices of the segments so far.
  let sum: Ratio
  /// The sum after each thing that changes it, the price first.
  let bars: [Bar]
  let boundedBefore: Ratio
  /// What the segment adds.
  let exact: Ratio

  /// `sumBefore` is nil for the first segment; `opening` was used before the period.
  init(
    _ terms: UsageChargeTerms, _ stretch: RunningUsage.Stretch, of whole: Ratio,
    _ opening: Ratio?, sumBefore: Ratio?
  ) throws(Fault) {
    let start = opening ?? .zero
    let most = try Reached.billed(start + whole, terms)
    used = try start + stretch.through
    billed = try Reached.billed(used, terms)
    price = try Price(of: billed, at: terms.price, partOf: most)
    self.sumBefore = sumBefore ?? .zero
    if sumBefore != nil || opening != nil {
      billedBefore = try Reached.billed(start + stretch.before, terms)
      priceBefore = try Price(of: billedBefore, at: terms.price, partOf: most)
    } else {
      (billedBefore, priceBefore) = (.zero, nil)
    }
    sum = try self.sumBefore + price.amount - (priceBefore?.amount ?? .zero)
    bars = try Reached.bars(terms, sum, of: stretch.through)
    boundedBefore =
      try sumBefore.map { (sum) throws(Fault) in
        try Reached.bars(terms, sum, of: stretch.before).last!.exact
      } ?? .zero
    exact = try bars.last!.exact - boundedBefore
  }

  private static func billed(_ quantity: Ratio, _ terms: UsageChargeTerms) throws(Fault) -> Ratio {
    guard let free = terms.free, quantity > .zero else { return quantity }
    return max(.zero, try quantity - free.ratio)
  }

  private static func bars(
    _ terms: UsageChargeTerms, _ price: Ratio, of quantity: Ratio
  ) throws(Fault) -> [Bar] {
    var amount = price
    var bars = [(label: "price", formula: "a = price(q)", exact: amount)]
    guard amount >= .zero, quantity >= .zero else { return bars }
    if let percent = terms.discountPercent {
      amount = try amount - amount * percent.ratio / Ratio(100)
      bars.append(("discount of \(percent) %", "a = a - a * \(percent) / 100", amount))
    }
    if let discount = terms.discountAmount {
      amount = try amount - min(amount, discount.ratio)
      bars.append(("discount of \(discount)", "a = a - min(a, \(discount))", amount))
    }
    if let maximum = try terms.maximum?.ratio, amount > maximum {
      amount = maximum
      bars.append(("maximum", "a = min(a, \(terms.maximum!))", amount))
    }
    if let minimum = try terms.minimum?.ratio, amount < minimum {
      amount = minimum
      bars.append(("minimum", "a = max(a, \(terms.minimum!))", amount))
    }
    return bars
  }
}

extension UsageChargeTerms: ClauseRule {
  package var meterNeeds: [MeterNeed] {
    isAveraged ? [MeterNeed(meter, .average, at: "/meter")] : []
  }

  package func counts(as other: any ClauseTerms) -> Bool {
    guard let other = other as? UsageChargeTerms else { return true }
    return isAveraged == other.isAveraged && counting == other.counting
  }

  /// Whether the price of a unit rests on all use of the period.
  fileprivate var isOfWhole: Bool { if case .volume = price { true } else { false } }

  /// Whether a part of the use costs the same whatever was used before it.
  fileprivate var isLinear: Bool {
    guard case .perUnit = price else { return false }
    return free == nil && discountAmount == nil && minimum == nil && maximum == nil
  }

  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    guard let basis = counting.basis else { return [scope.request(meter, scope.usageWindows)] }
    return years(basis, scope).flatMap { year in
      [scope.request(meter, scope.usageWindows(in: year.own))]
        + (year.before.isEmpty ? [] : [scope.request(meter, year.before)])
    }
  }

  /// The years that have a part in what is rated, each with what of it is rated and what was
  /// before.
  private func years(
    _ basis: YearBasis, _ scope: ClauseScope
  ) -> [(year: AccumulationYear, own: Period, before: Period)] {
    AccumulationYear.years(basis, scope.windows).map { year in
      let own = year.inForce.intersection(scope.windows.inForce)
      return (year, own, Period(start: year.soFar.start, end: max(year.soFar.start, own.start)))
    }
  }

  /// What the use of the year so far costs, less what the use before the period does.
  private func lines(
    _ basis: YearBasis, _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> [RatedLine] {
    var lines: [RatedLine] = []
    for (year, own, before) in years(basis, scope) {
      let windows = scope.usageWindows(in: own)
      let series = try inputs.usage.answer(scope.request(meter, windows)).all
      let segments = scope.segmentsPassed(self).filter {
        !$0.scope.windows.period.intersection(own).isEmpty
      }
      let usage = try RunningUsage(
        series, in: windows, segments.map { $0.scope.windows.period.intersection(own) }, scope)
      var opening = Ratio.zero
      if !before.isEmpty {
        let value = try inputs.usage.usage(scope.request(meter, before)).value
        opening = value == .missing ? .zero : try value.ratio
      }
      let charge = UsageCharge(
        segments, usage, unit: series.whole.unit.name, part: year.part(scope.windows),
        opening: opening)
      for var line in try charge.lines() {
        line.span = Period(start: before.start, end: own.end)
        lines.append(line)
      }
    }
    return lines
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    if let basis = counting.basis { return RatedClause(try lines(basis, scope, inputs)) }
    let series = try inputs.usage.answer(requests(scope)[0]).all
    let segments = scope.segmentsPassed(self)
    let usage = try RunningUsage(series, segments, scope)
    guard segments.contains(where: \.terms.isAveraged) else {
      return RatedClause(
        try UsageCharge(segments, usage, unit: series.whole.unit.name).lines())
    }
    let average = try PeriodAverage(series.whole, scope.windows.wholePeriod)
    return RatedClause(
      try UsageCharge(
        segments, usage.divided(by: average.length), unit: "on average", before: [average.step]
      ).lines())
  }
}
