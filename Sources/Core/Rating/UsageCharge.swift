package import Base
package import Contracts
import Metering

/// A meter's value at a price.
///
///     v    = value, or value / length of the month where it is averaged
///     q    = max(0, v - free)
///     a    = price(q) * (1 - percent / 100) - min(discount, what is left)
///     line = round(max(minimum, min(a, maximum)))        to the minor unit
///
/// A negative value is credited as the exact negative of its price: nothing of it is free, and no
/// discount or minimum holds it up. Source: domain, section 4, conventional models.
package struct UsageCharge {
  private let scope: ClauseScope
  private let terms: UsageChargeTerms
  private let quantity: Ratio
  private let unit: String
  /// Which part of the usage it is for, where the clause prices several.
  private let part: String?
  /// What was done with the meter's value before.
  private let before: [Derivation.Step]

  package init(
    _ terms: UsageChargeTerms, _ scope: ClauseScope, quantity: Ratio, unit: String,
    part: String? = nil, before: [Derivation.Step] = []
  ) {
    self.scope = scope
    self.terms = terms
    self.quantity = quantity
    self.unit = unit
    self.part = part
    self.before = before
  }

  package func line() throws(Fault) -> RatedLine {
    let billed = try billedQuantity
    let price = try Price(of: billed, at: terms.price)
    let bars = try self.bars(price.amount)
    let exact = bars.last!.exact
    let amount = try Money(rounding: exact, scope.currency)
    let steps =
      before + [free(billed)].compactMap { $0 } + price.parts.map(step)
      + bars.dropFirst().map { bar in
        Derivation.Step(
          name: bar.label, formula: bar.formula, inputs: [], exact: bar.exact, rounded: nil)
      } + [
        Derivation.Step(
          name: "line", formula: "amount = round(amount)", inputs: [.init("amount", exact)],
          exact: exact, rounded: amount.fixed)
      ]
    let sentence = """
      \(quantity) \(unit), \(billed) of them billed, make \(amount.fixed.grouped) \
      \(scope.currency).
      """
    return RatedLine(
      scope, part: part,
      description: "Usage of \(terms.meter)" + (part.map { ", \($0)" } ?? ""),
      quantity: quantity, unit: unit, amount: amount,
      derivation: Derivation(steps: steps, sentence: sentence),
      waterfall: try Waterfall(running: bars.map { ($0.label, $0.exact) }, line: amount),
      meters: [terms.meter], flags: [])
  }

  private var billedQuantity: Ratio {
    get throws(Fault) {
      guard let free = terms.free, quantity > .zero else { return quantity }
      return max(.zero, try quantity - free.ratio)
    }
  }

  /// The amount after each thing that changes it, the price first.
  private func bars(
    _ price: Ratio
  ) throws(Fault) -> [(label: String, formula: String, exact: Ratio)] {
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

  private func free(_ billed: Ratio) -> Derivation.Step? {
    terms.free.map { free in
      Derivation.Step(
        name: "free units", formula: "q = max(0, value - free)",
        inputs: [.init("value", quantity), .init("free", free)], exact: billed, rounded: nil)
    }
  }

  private func step(_ part: Price.Part) -> Derivation.Step {
    Derivation.Step(
      name: "price", formula: part.label, inputs: [.init("q", part.quantity)],
      exact: part.amount, rounded: nil)
  }
}

extension UsageChargeTerms: ClauseRule {
  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    [scope.request(meter, scope.windows.period)]
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let usage = try inputs.usage.usage(scope.request(meter, scope.windows.period))
    guard isAveraged else {
      return RatedClause([
        try UsageCharge(
          self, scope, quantity: usage.value.ratio, unit: usage.unit.name
        ).line()
      ])
    }
    let average = try PeriodAverage(usage, scope.windows.wholePeriod)
    return RatedClause([
      try UsageCharge(
        self, scope, quantity: average.step.exact, unit: "on average", before: [average.step]
      ).line()
    ])
  }
}
