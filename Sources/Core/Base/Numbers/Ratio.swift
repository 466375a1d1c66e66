/// An exact rational number: what every amount is until its one rounding.
///
/// Kept in lowest terms with a positive denominator, so that equal numbers are equal values.
/// Arithmetic that leaves 127 bits is an `overflow` fault, never a trap or a wrap.
package struct Ratio: Hashable, Sendable {
  package let numerator: Int128
  package let denominator: Int128

  package static let zero = Ratio(0)
  package static let one = Ratio(1)

  package init(_ integer: Int128) {
    precondition(integer != .min, "the one number without a negative is no ratio")
    numerator = integer
    denominator = 1
  }

  package init(_ numerator: Int128, over denominator: Int128) throws(Fault) {
    guard denominator != 0 else { throw Fault(.overflow, "a division by zero") }
    guard numerator != .min, denominator != .min else { throw Ratio.tooLarge }
    let common = Ratio.greatestCommonDivisor(abs(numerator), abs(denominator))
    let reduced = Ratio.quotient(numerator, common)
    self.numerator = denominator < 0 ? -reduced : reduced
    self.denominator = Ratio.quotient(abs(denominator), common)
  }

  package static func + (left: Ratio, right: Ratio) throws(Fault) -> Ratio {
    if left.numerator == 0 { return right }
    if right.numerator == 0 { return left }
    let common = greatestCommonDivisor(left.denominator, right.denominator)
    let leftScale = quotient(right.denominator, common)
    let rightScale = quotient(left.denominator, common)
    let sum = try checked(
      product(left.numerator, leftScale)
        .addingReportingOverflow(product(right.numerator, rightScale)))
    let denominator = try product(left.denominator, leftScale)
    // What the sum may share with it, the two denominators share (Knuth, section 4.5.1).
    guard common != 1 else { return Ratio(reduced: sum, over: denominator) }
    let shared = greatestCommonDivisor(abs(sum), common)
    return Ratio(reduced: quotient(sum, shared), over: quotient(denominator, shared))
  }

  package static func - (left: Ratio, right: Ratio) throws(Fault) -> Ratio {
    try left + (-right)
  }

  package static prefix func - (value: Ratio) -> Ratio {
    // Never the minimum: the initialisers refuse it.
    Ratio(reduced: -value.numerator, over: value.denominator)
  }

  package static func * (left: Ratio, right: Ratio) throws(Fault) -> Ratio {
    // Reducing crosswise first keeps the products as small as they can be.
    let first = greatestCommonDivisor(abs(left.numerator), right.denominator)
    let second = greatestCommonDivisor(abs(right.numerator), left.denominator)
    return Ratio(
      reduced: try product(quotient(left.numerator, first), quotient(right.numerator, second)),
      over: try product(quotient(left.denominator, second), quotient(right.denominator, first)))
  }

  package static func / (left: Ratio, right: Ratio) throws(Fault) -> Ratio {
    try left * Ratio(right.denominator, over: right.numerator)
  }

  /// This number rounded to `places` decimal places, half away from zero unless said otherwise.
  package func rounded(
    to places: Int, _ mode: Rounding.Mode = .half
  ) throws(Fault) -> Fixed {
    let scaled = try self * Ratio(Rounding.powerOfTen(places))
    let units = Rounding.divide(scaled.numerator, by: scaled.denominator, mode)
    return Fixed(units: units, places: places)
  }

  package func clamped(to range: ClosedRange<Ratio>) -> Ratio {
    min(max(self, range.lowerBound), range.upperBound)
  }

  private init(reduced numerator: Int128, over denominator: Int128) {
    self.numerator = numerator
    self.denominator = denominator
  }

  private static let tooLarge = Fault(.overflow, "an intermediate amount exceeds 127 bits")

  private static func product(_ left: Int128, _ right: Int128) throws(Fault) -> Int128 {
    if right == 1 { return left }
    return try checked(left.multipliedReportingOverflow(by: right))
  }

  /// A division without a remainder; by one it is nearly always.
  private static func quotient(_ number: Int128, _ divisor: Int128) -> Int128 {
    divisor == 1 ? number : number / divisor
  }

  private static func checked(
    _ result: (partialValue: Int128, overflow: Bool)
  ) throws(Fault) -> Int128 {
    guard !result.overflow, result.partialValue != .min else { throw tooLarge }
    return result.partialValue
  }

  /// Of two numbers that are not negative; of zero and zero it is one, so that dividing by it is
  /// safe.
  private static func greatestCommonDivisor(_ left: Int128, _ right: Int128) -> Int128 {
    var (large, small) = (left, right)
    // A word is far quicker divided.
    while small > 1 {
      if let first = UInt64(exactly: large), let second = UInt64(exactly: small) {
        return Int128(greatestCommonDivisor(first, second))
      }
      (large, small) = (small, large % small)
    }
    return small == 1 ? 1 : max(large, 1)
  }

  private static func greatestCommonDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
    var (large, small) = (left, right)
    while small > 1 { (large, small) = (small, large % small) }
    return small == 1 ? 1 : max(large, 1)
  }
}

extension Ratio: Comparable {
  package static func < (left: Ratio, right: Ratio) -> Bool {
    if left.denominator == right.denominator { return left.numerator < right.numerator }
    let (one, isLarge) = left.numerator.multipliedReportingOverflow(by: right.denominator)
    let (other, isOtherLarge) = right.numerator.multipliedReportingOverflow(by: left.denominator)
    guard isLarge || isOtherLarge else { return one < other }
    // Full-width products: a comparison must not be able to fail.
    let first = left.numerator.multipliedFullWidth(by: right.denominator)
    let second = right.numerator.multipliedFullWidth(by: left.denominator)
    return first.high != second.high ? first.high < second.high : first.low < second.low
  }
}

extension Ratio {
  /// A decimal for people and tables where `description` is a fraction: to six places, or to as
  /// many fewer as fit, without needless zeros. Nil where `description` is a decimal itself.
  package var nearestDecimal: String? {
    guard description.contains("/") else { return nil }
    for places in (0...6).reversed() {
      guard let fixed = try? rounded(to: places) else { continue }
      return (try? fixed.ratio)?.description
    }
    return nil
  }
}

extension Ratio: CustomStringConvertible {
  /// The exact number: a decimal where one of at most 18 places says it, else a fraction.
  package var description: String {
    if let places = decimalPlaces, places <= 18 {
      let scale = Rounding.powerOfTen(places) / denominator
      let (units, overflow) = numerator.multipliedReportingOverflow(by: scale)
      if !overflow { return decimalText(units, places: places) }
    }
    return "\(numerator)/\(denominator)"
  }

  /// How many decimal places say the number; nil where none do.
  private var decimalPlaces: Int? {
    let twos = denominator.trailingZeroBitCount
    var (rest, fives) = (denominator >> twos, 0)
    while rest > 1, rest.isMultiple(of: 5) { (rest, fives) = (rest / 5, fives + 1) }
    return rest == 1 ? max(twos, fives) : nil
  }
}
