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
/// Lines are rounded to the minor unit, fees are not. A negative amount gives back the exact
/// negative of what it would cost; nothing of it is free. Source: domain, section 4, conventional
/// models.
package struct Percentage {
  private let scope: ClauseScope
  private let terms: PercentageTerms
  private let amount: Ratio
  private let unit: String
  /// What each event carries; nil where the sum says enough.
  private let events: [Ratio]?

  /// `amount` is the meter's value, `unit` its unit, `events` what it read of each event.
  package init(
    _ terms: PercentageTerms, _ scope: ClauseScope, amount: Ratio, unit: String,
    events: [Ratio]? = nil
  ) throws(Fault) {
    self.scope = scope
    self.terms = terms
    self.amount = amount
    self.unit = unit
    self.events = events
    guard let events else { return }
    var sum = Ratio.zero
    for event in events { sum = try sum + event }
    guard sum == amount else {
      throw Fault(
        .invalidValue,
        "meter `\(terms.meter)` shows \(amount) where its events carry \(sum); it has to sum them")
    }
  }

  package func line() throws(Fault) -> RatedLine {
    let (steps, running) = try way
    let exact = running.last!.exact
    let line = try Money(rounding: exact, scope.currency)
    let last = Derivation.Step(
      name: "line", formula: "amount = round(amount)", inputs: [.init("amount", exact)],
      exact: exact, rounded: line.fixed)
    let count = events.map { " in \($0.count) events" } ?? ""
    return RatedLine(
      scope, description: "Percentage of \(terms.meter)", quantity: amount, unit: unit,
      amount: line,
      derivation: Derivation(
        steps: steps + [last],
        sentence: "\(amount) \(unit)\(count) make \(line.fixed.grouped) \(scope.currency)."),
      waterfall: try Waterfall(running: running, line: line), meters: [terms.meter])
  }

  private typealias Way = (steps: [Derivation.Step], running: [(label: String, exact: Ratio)])

  private var way: Way {
    get throws(Fault) {
      if let events { try ofEach(events) } else { try ofAll }
    }
  }

  private var ofAll: Way {
    get throws(Fault) {
      var billed = amount
      if let free = terms.freeAmount, amount > .zero {
        billed = max(.zero, try amount - free.ratio)
      }
      let price = try Price(of: billed, at: Percentage.price(terms.rate))
      let free = terms.freeAmount.map { free in
        Derivation.Step(
          name: "free amount", formula: "q = max(0, amount - free)",
          inputs: [.init("amount", amount), .init("free", free)], exact: billed, rounded: nil)
      }
      let steps = price.parts.map { part in
        Derivation.Step(
          name: "percentage", formula: part.label, inputs: [.init("q", part.quantity)],
          exact: part.amount, rounded: nil)
      }
      return ([free].compactMap { $0 } + steps, [("percentage", try price.amount)])
    }
  }

  private func ofEach(_ events: [Ratio]) throws(Fault) -> Way {
    var fees = try EventFees(terms)
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

extension PercentageTerms: ClauseRule {
  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    [scope.request(meter, scope.windows.period)]
  }

  package func eventRequests(_ scope: ClauseScope) -> [EventRequest] {
    readsEvents ? [scope.events(meter, scope.windows.period)] : []
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let usage = try inputs.usage.usage(scope.request(meter, scope.windows.period))
    var events: [Ratio]?
    if readsEvents {
      events = try inputs.events.facts(scope.events(meter, scope.windows.period))
        .map { (fact) throws(Fault) in try fact.value.ratio }
    }
    return RatedClause([
      try Percentage(
        self, scope, amount: usage.value.ratio, unit: usage.unit.name, events: events
      ).line()
    ])
  }
}
