import Base
import TestSupport
import Testing

struct RoundingTests {
  /// Numerator, denominator, the rounded quotient.
  static let cases: [(Int128, Int128, Int128)] = [
    (0, 3, 0), (1, 3, 0), (2, 3, 1), (4, 3, 1), (5, 3, 2),
    // Ties go away from zero, on both sides of it.
    (1, 2, 1), (3, 2, 2), (5, 2, 3), (-1, 2, -1), (-3, 2, -2), (-5, 2, -3),
    // A hair beside the tie.
    (499, 1000, 0), (501, 1000, 1), (-499, 1000, 0), (-501, 1000, -1),
    (7, 1, 7), (-7, 1, -7),
    // The ends of the number range.
    (.max, 1, .max), (.min, 1, .min), (.max, .max, 1), (.max - 1, .max, 1), (1, .max, 0),
    (.min, .max, -1), (.max / 2, .max, 0), (.max / 2 + 1, .max, 1),
  ]

  @Test(arguments: cases)
  func roundsHalfAwayFromZero(numerator: Int128, denominator: Int128, expected: Int128) {
    #expect(Rounding.halfAwayFromZero(numerator, over: denominator) == expected)
  }

  @Test func aReversalIsTheExactNegative() {
    var random = SeededRandom(seed: 1)
    for _ in 0..<2000 {
      let numerator = random.number(-1_000_000...1_000_000 as ClosedRange<Int128>)
      let denominator = random.number(1...1000 as ClosedRange<Int128>)
      let billed = Rounding.halfAwayFromZero(numerator, over: denominator)
      #expect(Rounding.halfAwayFromZero(-numerator, over: denominator) == -billed)
    }
  }

  @Test func theRoundedNumberIsNeverMoreThanHalfAway() {
    var random = SeededRandom(seed: 2)
    for _ in 0..<2000 {
      let numerator = random.number(-1_000_000...1_000_000 as ClosedRange<Int128>)
      let denominator = random.number(1...1000 as ClosedRange<Int128>)
      let rounded = Rounding.halfAwayFromZero(numerator, over: denominator)
      #expect(abs(rounded * denominator - numerator) * 2 <= denominator)
    }
  }

  @Test func powersOfTenReachAsFarAs127BitsDo() {
    #expect(Rounding.powerOfTen(0) == 1)
    #expect(Rounding.powerOfTen(6) == 1_000_000)
    #expect(Rounding.powerOfTen(38).description == "1" + String(repeating: "0", count: 38))
  }
}
