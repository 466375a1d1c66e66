import Base

/// So many per cent of a base: what credits, bonus, malus and holdbacks come to.
struct PercentOfBase {
  /// Negative where it is taken off.
  let exact: Ratio
  let amount: Money
  /// The last step of the line.
  let step: Derivation.Step

  /// `amount = round(percent / 100 * base)` to the minor unit; `sign` is -1 for what is taken off,
  /// which is no more than what is left of the base.
  init(_ percent: Ratio, of base: BaseLines, sign: Int128 = 1) throws(Fault) {
    let full = try Ratio(sign) * percent / Ratio(100) * base.gross.fixed.ratio
    let rounded = try Money(rounding: full, base.gross.currency)
    guard sign < 0, rounded.amountMinor < -base.available.amountMinor else {
      exact = full
      amount = rounded
      step = Derivation.Step(
        name: "line", formula: "amount = \(sign < 0 ? "-" : "")round(percent / 100 * base)",
        inputs: [.init("percent", percent), .init("base", base.gross)], exact: exact,
        rounded: amount.fixed)
      return
    }
    amount = Money(minor: -base.available.amountMinor, rounded.currency)
    exact = try amount.fixed.ratio
    step = Derivation.Step(
      name: "line", formula: "amount = -min(round(percent / 100 * base), left of the base)",
      inputs: [
        .init("percent", percent), .init("base", base.gross), .init("left", base.available),
      ], exact: exact, rounded: amount.fixed)
  }

  /// Nothing, for the reason that the step names.
  init(nothingOf base: BaseLines, because formula: String) {
    exact = .zero
    amount = .zero(base.gross.currency)
    step = Derivation.Step(
      name: "line", formula: formula, inputs: [.init("base", base.gross)], exact: .zero,
      rounded: amount.fixed)
  }
}

extension Money {
  /// `135,533.35 EUR`, for people.
  var shown: String { "\(fixed.grouped) \(currency)" }
}

extension Ratio {
  /// For people: exact where six places say it, else rounded to six.
  var shown: String {
    guard !Rounding.powerOfTen(6).isMultiple(of: denominator),
      let rounded = try? rounded(to: 6)
    else { return description }
    return rounded.description
  }
}
