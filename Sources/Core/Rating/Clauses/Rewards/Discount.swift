package import Base
package import Contracts

/// Coupons on the lines of some clauses.
///
///     left = what is left of their lines together
///     left = left - left * percent / 100       for each coupon in per cent, as they are written
///     left = left - min(left, amount)          then for each with an amount
///     line = -round(sum - left)                to the minor unit
///
/// Percentages multiply, so that their order makes no difference, and never more is taken off than
/// is left once other clauses have taken off theirs. What is negative already is not discounted.
/// The line is shared out over those that it cuts. Source: domain, section 4, conventional models,
/// discounts.
package struct Discount {
  private let terms: DiscountTerms
  private let scope: ClauseScope

  package init(_ terms: DiscountTerms, _ scope: ClauseScope) {
    self.terms = terms
    self.scope = scope
  }

  /// `sum` is what is left of the lines that are cut.
  package func line(of sum: Money) throws(Fault) -> RatedLine {
    try line(of: sum, parts: [(scope.windows.billingMonth, sum)])
  }

  /// The same of a period of which some coupons count in some months alone: what is left of each
  /// part of it, by the month in which that begins. All of them take no more than is left of `sum`.
  func line(
    of sum: Money, parts: [(month: BillingMonth, sum: Money)]
  ) throws(Fault) -> RatedLine {
    let whole = max(.zero, try sum.fixed.ratio)
    var open = try parts.map { (part) throws(Fault) in max(.zero, try part.sum.fixed.ratio) }
    var left = whole
    var steps: [Derivation.Step] = []
    var running: [(label: String, exact: Ratio)] = []
    for coupon in inOrder {
      let places = parts.indices.filter { coupon.counts(in: parts[$0].month) }
      guard !places.isEmpty else { continue }
      var base = Ratio.zero
      for place in places { base = try base + open[place] }
      let cut = try cut(coupon, min(base, left))
      left = try left - cut.exact
      try take(cut.exact, of: coupon, base, places, &open)
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

  /// What a coupon cuts of each part: one in per cent the same of all, an amount in the order of
  /// time.
  private func take(
    _ cut: Ratio, of coupon: DiscountTerms.Coupon, _ base: Ratio, _ places: [Int],
    _ open: inout [Ratio]
  ) throws(Fault) {
    guard base > .zero else { return }
    var rest = cut
    for place in places {
      var part = min(rest, open[place])
      if case .percent = coupon.cut { part = try cut * open[place] / base }
      open[place] = try open[place] - part
      rest = try rest - part
    }
  }

  /// Percentages first.
  private var inOrder: [DiscountTerms.Coupon] {
    func isPercent(_ coupon: DiscountTerms.Coupon) -> Bool {
      if case .percent = coupon.cut { true } else { false }
    }
    return terms.coupons.filter(isPercent) + terms.coupons.filter { !isPercent($0) }
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
  private var months: [BillingMonth] {
    coupons.compactMap(\.from) + coupons.compactMap(\.until)
  }

  package func cuts(_ scope: ClauseScope) -> [CivilDate] { TimedLines.cuts(months, scope) }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let timed = try TimedLines(months, scope, inputs) { (month) throws(Fault) in
      try month.lines(of: clauses, upTo: .usage, scope)
    }
    var line = try Discount(self, scope).line(
      of: timed.whole.left, parts: timed.parts.map { ($0.month, $0.lines.left) })
    line.shares = try timed.whole.shares(of: line.amount)
    return RatedClause([line])
  }
}
