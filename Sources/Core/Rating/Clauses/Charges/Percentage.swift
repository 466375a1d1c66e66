package import Base
package import Contracts
import Metering

/// A percentage of the amounts that events carry.
///
///     without terms for each event
///       q    = max(0, amount - free amount)
///       line = round(q * rate / 100), or flat + q in the tier * rate / 100 over the tiers
///     with them, over the events in canonical order
///       q    = amount - what is left of the free amount, while there are free events
///       fee  = min(maximum, max(minimum, q * rate / 100 + fixed))     0 where q = 0
///       line = round(sum of the fees)
///
/// Lines are rounded to the minor unit, fees are not. Where the clause changes inside the period,
/// amounts fill it in the order of time: what is free and tiers are those of the period, and a line
/// is what its segment adds, at its own rate. A negative amount gives back the exact
/// negative of what it would cost; nothing of it is free. Source: domain, section 4, conventional
/// models.
package struct Percentage {
  private let segments: [Segment<PercentageTerms>]
  private let amounts: RunningUsage
  private let unit: String
  /// What each event carries, segment by segment; nil where the sum says enough.
  private let events: [[Ratio]]?

  /// `amount` is the meter's value, `unit` its unit, `events` what it read of each event.
  package init(
    _ terms: PercentageTerms, _ scope: ClauseScope, amount: Ratio, unit: String,
    events: [Ratio]? = nil
  ) throws(Fault) {
    self.init(
      [Segment(terms: terms, scope: scope)], RunningUsage(amount), unit: unit,
      events: events.map { [$0] })
    var sum = Ratio.zero
    for event in events ?? [] { sum = try sum + event }
    guard events == nil || sum == amount else {
      throw Percentage.unequal(terms.meter, amount, sum)
    }
  }

  fileprivate init(
    _ segments: [Segment<PercentageTerms>], _ amounts: RunningUsage, unit: String,
    events: [[Ratio]]?
  ) {
    self.segments = segments
    self.amounts = amounts
    self.unit = unit
    self.events = events
  }

  fileprivate static func unequal(_ meter: MeterKey, _ amount: Ratio, _ sum: Ratio) -> Fault {
    Fault(
      .invalidValue,
      "meter `\(meter)` shows \(amount) where its events carry \(sum); it has to sum them")
  }

  /// That of a period without a change.
  package func line() throws(Fault) -> RatedLine { try lines()[0] }

  /// One for each segment.
  func lines() throws(Fault) -> [RatedLine] {
    guard let first = segments.first else { return [] }
    var lines: [RatedLine] = []
    var rounded = RunningAmount(in: first.scope.currency)
    var fees = EventFees()
    for place in segments.indices {
      let terms = segments[place].terms
      let (steps, running): Way
      if let events, terms.readsEvents {
        (steps, running) = try ofEach(events[place], terms, &fees)
      } else {
        (steps, running) = try ofAll(place)
        try fees.pass(terms, through: amounts.stretches[place].through)
      }
      lines.append(
        try line(place, steps, running, rounded.add(running.last!.exact)))
    }
    return lines
  }

  private func line(
    _ place: Int, _ steps: [Derivation.Step], _ running: [(label: String, exact: Ratio)],
    _ line: Money
  ) throws(Fault) -> RatedLine {
    let (terms, scope) = (segments[place].terms, segments[place].scope)
    let (exact, amount) = (running.last!.exact, try amounts.stretches[place].quantity)
    let last = Derivation.Step(
      name: "line",
      formula: segments.count == 1
        ? "amount = round(amount)" : "amount = amount, rounded as the lines add up",
      inputs: [.init("amount", exact)], exact: exact, rounded: line.fixed)
    let count = events.map { " in \($0[place].count.counted("event"))" } ?? ""
    var rated = RatedLine(
      scope, description: "Percentage of \(terms.meter)", quantity: amount, unit: unit,
      amount: line,
      derivation: Derivation(
        steps: steps + [last],
        sentence: "\(amount) \(unit)\(count) make \(line.fixed.grouped) \(scope.currency)."),
      waterfall: try Waterfall(running: running, line: line), meters: [terms.meter])
    if segments.count > 1 { rated.times = [times(of: terms, scope.windows)] }
    return rated
  }

  /// The time without whose events a segment's line would be another one: what is free, and tiers,
  /// are of the period, and events before the segment may have used them up.
  private func times(of terms: PercentageTerms, _ windows: RatingWindows) -> Period {
    guard amounts.addsUp else { return windows.wholePeriod.intersection(windows.term) }
    guard terms.isLinear else {
      return Period(start: segments[0].scope.windows.period.start, end: windows.period.end)
    }
    return windows.period
  }

  private typealias Way = (steps: [Derivation.Step], running: [(label: String, exact: Ratio)])

  private func ofAll(_ place: Int) throws(Fault) -> Way {
    let (terms, stretch) = (segments[place].terms, amounts.stretches[place])
    let billed = try Percentage.billed(stretch.through, terms)
    let price = try Price(of: billed, at: Percentage.price(terms.rate))
    var (exact, steps) = (try price.amount, [Derivation.Step]())
    if let free = terms.freeAmount {
      steps.append(
        Derivation.Step(
          name: "free amount", formula: "q = max(0, amount - free)",
          inputs: [.init("amount", stretch.through), .init("free", free)], exact: billed,
          rounded: nil))
    }
    steps += price.parts.map { part in
      Derivation.Step(
        name: "percentage", formula: part.label, inputs: [.init("q", part.quantity)],
        exact: part.amount, rounded: nil)
    }
    if place > 0 {
      let before = try Percentage.billed(stretch.before, terms)
      let priceBefore = try Price(of: before, at: Percentage.price(terms.rate)).amount
      exact = try exact - priceBefore
      steps.append(
        Derivation.Step(
          name: "before", formula: "what the amounts before the segment cost at its rate",
          inputs: [.init("q", before)], exact: priceBefore, rounded: nil))
    }
    return (steps, [("percentage", exact)])
  }

  private static func billed(_ amount: Ratio, _ terms: PercentageTerms) throws(Fault) -> Ratio {
    guard let free = terms.freeAmount, amount > .zero else { return amount }
    return max(.zero, try amount - free.ratio)
  }

  private func ofEach(
    _ events: [Ratio], _ terms: PercentageTerms, _ fees: inout EventFees
  ) throws(Fault) -> Way {
    try fees.begin(terms)
    for event in events { try fees.add(event) }
    return try (fees.steps, fees.running)
  }

  /// Per cent as parts of one.
  private static func price(_ rate: PercentageTerms.Rate) throws(Fault) -> PriceTerms {
    func part(_ percent: Fixed) -> Fixed {
      Fixed(units: percent.units, places: percent.places + 2)
    }
    switch rate {
    case .plain(let rate):
      return .perUnit(rate: part(rate))
    case .graduated(let terms):
      return .graduated(
        try TierTerms(
          terms.tiers.map { tier in
            TierTerms.Tier(
              end: tier.end, rate: part(tier.rate), flat: tier.flat, block: tier.block,
              cap: tier.cap)
          }, flatAtZero: terms.flatAtZero))
    }
  }
}

extension PercentageTerms {
  /// Whether an event costs the same, whatever came before it.
  fileprivate var isLinear: Bool {
    guard case .plain = rate else { return false }
    return freeAmount == nil && perEvent.free == nil
  }
}

extension PercentageTerms: ClauseRule {
  package var meterNeeds: [MeterNeed] {
    readsEvents ? [MeterNeed(meter, .sumOfEvents, at: "/meter")] : []
  }

  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    [scope.request(meter, scope.usageWindows)]
  }

  package func eventRequests(_ scope: ClauseScope) -> [EventRequest] {
    scope.allSegments(self).contains { $0.terms.readsEvents }
      ? [scope.events(meter, scope.windows.inForce)] : []
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let series = try inputs.usage.answer(requests(scope)[0]).all
    let segments = scope.segmentsPassed(self)
    let amounts = try RunningUsage(series, segments, scope)
    let events = try eventRequests(scope).first.map { (request) throws(Fault) in
      try self.events(inputs.events.facts(request), of: series.whole, segments)
    }
    return RatedClause(
      try Percentage(segments, amounts, unit: series.whole.unit.name, events: events).lines())
  }

  private func events(
    _ facts: [EventFact], of whole: MeteredUsage, _ segments: [Segment<PercentageTerms>]
  ) throws(Fault) -> [[Ratio]] {
    guard !whole.isEstimated else {
      throw Fault(.missingUsage, "an estimate of meter `\(meter)` has no events to be charged")
    }
    var sum = Ratio.zero
    var events = segments.map { _ in [Ratio]() }
    for fact in facts {
      let amount = try fact.value.ratio
      sum = try sum + amount
      let place = segments.firstIndex {
        $0.scope.windows.period.contains(fact.reference.occurred)
      }
      if let place { events[place].append(amount) }
    }
    guard try sum == whole.value.ratio else {
      throw Percentage.unequal(meter, try whole.value.ratio, sum)
    }
    return events
  }
}
