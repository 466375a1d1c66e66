/// An exact fraction. The model has its own, so that it shares no arithmetic with the product.
struct Fraction: Hashable, Comparable {
  let top: Int128
  let bottom: Int128

  static let zero = Fraction(0)
  static let one = Fraction(1)

  init(_ whole: Int) { (top, bottom) = (Int128(whole), 1) }

  init(_ top: Int128, over bottom: Int128) {
    var (large, small) = (abs(top), abs(bottom))
    while small != 0 { (large, small) = (small, large % small) }
    let sign: Int128 = bottom < 0 ? -1 : 1
    self.top = sign * top / max(large, 1)
    self.bottom = abs(bottom) / max(large, 1)
  }

  init(_ top: Int, over bottom: Int) { self.init(Int128(top), over: Int128(bottom)) }

  static func + (left: Fraction, right: Fraction) -> Fraction {
    Fraction(left.top * right.bottom + right.top * left.bottom, over: left.bottom * right.bottom)
  }

  static func - (left: Fraction, right: Fraction) -> Fraction { left + -right }

  /// What both have in common is taken out first, so that less overflows.
  static func * (left: Fraction, right: Fraction) -> Fraction {
    let one = Fraction(left.top, over: right.bottom)
    let other = Fraction(right.top, over: left.bottom)
    return Fraction(one.top * other.top, over: one.bottom * other.bottom)
  }

  static func / (left: Fraction, right: Fraction) -> Fraction {
    left * Fraction(right.bottom, over: right.top)
  }

  static prefix func - (value: Fraction) -> Fraction { Fraction(-value.top, over: value.bottom) }

  static func < (left: Fraction, right: Fraction) -> Bool {
    left.top * right.bottom < right.top * left.bottom
  }

  /// The next whole number towards zero.
  var truncated: Int { Int(top / bottom) }

  /// The next whole number that is not below.
  var ceiling: Int { -(-self).floor }

  var floor: Int {
    let quotient = top / bottom
    return Int(top < 0 && quotient * bottom != top ? quotient - 1 : quotient)
  }

  /// To whole numbers, half away from zero.
  var rounded: Int {
    let magnitude = (2 * abs(top) + bottom) / (2 * bottom)
    return Int(top < 0 ? -magnitude : magnitude)
  }
}

extension Sequence where Element == Fraction {
  var sum: Fraction { reduce(.zero, +) }
}
