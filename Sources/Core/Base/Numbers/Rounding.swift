/// Half away from zero, the one rounding of money, so that a reversal is the exact negative.
package enum Rounding {
  /// The integer nearest to `numerator / denominator`; a tie goes away from zero.
  /// `denominator` is positive.
  package static func halfAwayFromZero(_ numerator: Int128, over denominator: Int128) -> Int128 {
    precondition(denominator > 0, "a denominator is positive")
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
    // |remainder| < denominator, so the distance to the next integer cannot overflow.
    let distance = denominator - abs(remainder)
    guard abs(remainder) >= distance else { return quotient }
    return numerator < 0 ? quotient - 1 : quotient + 1
  }

  /// Where a remainder goes. A reversal stays the exact negative: up is away from zero, down is
  /// towards it.
  package enum Mode: String, CaseIterable, Sendable {
    case up, down, half
  }

  package static func divide(
    _ numerator: Int128, by denominator: Int128, _ mode: Mode
  ) -> Int128 {
    precondition(denominator > 0, "a denominator is positive")
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
    switch mode {
    case .down: return quotient
    case .up: return remainder == 0 ? quotient : quotient + numerator.signum()
    case .half: return halfAwayFromZero(numerator, over: denominator)
    }
  }

  /// 10 to the power of `places`; defined for 0...38.
  package static func powerOfTen(_ places: Int) -> Int128 {
    precondition((0...38).contains(places), "ten to that power does not fit")
    return powersOfTen[places]
  }

  private static let powersOfTen = (0..<38).reduce(into: [Int128(1)]) { powers, _ in
    powers.append(powers.last! * 10)
  }
}
