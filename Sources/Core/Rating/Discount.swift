package import Base
package import Contracts

/// Coupons on the lines of some clauses.
///
///     left = sum of their lines
///     left = left - left * percent / 100       for each coupon in per cent, as they are written
///     left = left - min(left, amount)          then for each with an amount
///     line = -round(sum - left)                to the minor unit
///
/// Percentages multiply, so that their order makes no difference, and never more is taken off than
/// there is. What is negative already is not discounted. Source: domain, section 4, conventional
/// models, discounts.
package struct Discount {
  private let terms: DiscountTerms
  private let scope: ClauseScope

  package init(_ terms: DiscountTerms, _ scope: ClauseScope) {
    self.terms = terms
    self.scope = scope
  }

  /// `sum` is that of the lines that are cut.
  package func line(of sum: Money) throws(Fault) -> RatedLine {
    let whole = max(.zero, try sum.fixed.ratio)
    var left = whole
    var steps: [Derivation.Step] = []
    var running: [(label: String, exact: Ratio)] = []
    for coupon in inOrder {
      let cut = try cut(coupon, left)
      left = try left - cut.exact
      steps.append(cut)
      running.append((coupon.name, try left - whole))
    }
    let exact = try left - whole
    let amount = try Money(rounding: exact, scope.currency)
    steps.append(
      Derivation.Step(
        name: "line", formula: "amount = -round(sum - left)",
        inputs: [.init("sum", whole), .init("left", left)], exact: exact, rounded: amount.fixed))
    let names = running.isEmpty ? "No coupon counts" : running.map(\.label).joined(separator: ", ")
    return RatedLine(
      scope, stage: terms.stage, description: "Discount", quantity: Ratio(Int128(running.count)),
      unit: "coupons", amount: amount,
      derivation: Derivation(
        steps: steps,
        sentence: "\(names): \(amount.fixed.grouped) \(scope.currency) "
          + "of \(sum.fixed.grouped) \(scope.currency)."),
      waterfall: try Waterfall(
        running: running.isEmpty ? [("discount", .zero)] : running, line: amount), meters: [])
  }

  /// Those that count in the month, percentages first.
  private var inOrder: [DiscountTerms.Coupon] {
    let coupons = terms.coupons.filter { $0.counts(in: scope.windows.billingMonth) }
    func isPercent(_ coupon: DiscountTerms.Coupon) -> Bool {
      if case .percent = coupon.cut { true } else { false }
    }
    return coupons.filter(isPercent) + coupons.filter { !isPercent($0) }
  }

  private func cut(
    _ coupon: DiscountTerms.Coupon, _ left: Ratio
  ) throws(Fault) -> Derivation.Step {
    let (formula, exact): (String, Ratio)
    switch coupon.cut {
    case .percent(let percent):
      (formula, exact) = ("cut = left * \(percent) / 100", try left * percent.ratio / Ratio(100))
    case .amount(let amount):
      (formula, exact) = ("cut = min(left, \(amount))", min(left, try amount.ratio))
    }
    return Derivation.Step(
      name: coupon.name, formula: formula, inputs: [.init("left", left)], exact: exact,
      rounded: nil)
  }
}

extension DiscountTerms: ClauseRule {
  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let sum = try inputs.soFar.spend(on: clauses, upTo: .usage, scope)
    return RatedClause([try Discount(self, scope).line(of: sum)])
  }
}
