import Base
import TestSupport
import Testing

/// Exact arithmetic: nothing is lost, and what does not fit is a fault, never a trap or a wrap.
struct RatioTests {
  static func ratio(_ numerator: Int128, _ denominator: Int128) throws -> Ratio {
    try Ratio(numerator, over: denominator)
  }

  @Test func isKeptInLowestTermsWithAPositiveDenominator() throws {
    #expect(try Self.ratio(6, 4) == Self.ratio(3, 2))
    #expect(try Self.ratio(6, -4) == Self.ratio(-3, 2))
    #expect(try Self.ratio(-6, -4) == Self.ratio(3, 2))
    #expect(try Self.ratio(0, -7) == .zero)
    #expect(try Self.ratio(0, -7).denominator == 1)
    #expect(try Self.ratio(7, 7) == .one)
  }

  @Test func addsSubtractsMultipliesAndDividesExactly() throws {
    let (third, sixth) = (try Self.ratio(1, 3), try Self.ratio(1, 6))
    #expect(try third + sixth == Self.ratio(1, 2))
    #expect(try third - sixth == sixth)
    #expect(try sixth - third == -sixth)
    #expect(try third * sixth == Self.ratio(1, 18))
    #expect(try third / sixth == Ratio(2))
    #expect(try third / -sixth == Ratio(-2))
    #expect(try third + -third == .zero)
  }

  /// Whatever is added comes off again, and whatever is multiplied divides out again.
  @Test func arithmeticUndoesItself() throws {
    var random = SeededRandom(seed: 3)
    for _ in 0..<1000 {
      let left = try Self.ratio(
        random.number(-99_999...99_999 as ClosedRange<Int128>),
        random.number(1...9999 as ClosedRange<Int128>))
      let right = try Self.ratio(
        random.number(1...99_999 as ClosedRange<Int128>),
        random.number(1...9999 as ClosedRange<Int128>))
      #expect(try left + right - right == left)
      #expect(try left * right / right == left)
      #expect(try left * right == right * left)
      #expect(try (left < right) == ((left - right) < .zero))
    }
  }

  /// By the textbook: over the product of the denominators, and then reduced.
  @Test func sumsAndComparisonsAreThoseOfTheTextbook() throws {
    var random = SeededRandom(seed: 4)
    let bounds: [Int128] = [3, 1000, 1 << 31, 1 << 40, 1 << 62]
    for _ in 0..<4000 {
      func any() throws -> Ratio {
        let bound = random.pick(bounds)
        return try Self.ratio(
          random.number(-bound...bound as ClosedRange<Int128>),
          random.chance(30) ? 1 : random.number(1...bound as ClosedRange<Int128>))
      }
      let (left, right) = (try any(), try any())
      let (first, second) = (
        left.numerator.multipliedReportingOverflow(by: right.denominator),
        right.numerator.multipliedReportingOverflow(by: left.denominator)
      )
      let sum = first.partialValue.addingReportingOverflow(second.partialValue)
      guard !first.overflow, !second.overflow, !sum.overflow else { continue }
      let plain = try Self.ratio(sum.partialValue, left.denominator * right.denominator)
      #expect(try left + right == plain)
      #expect((left < right) == (first.partialValue < second.partialValue))
    }
  }

  @Test func aDecimalIsSaidByTheFewestPlacesThatSayIt() throws {
    var random = SeededRandom(seed: 5)
    for _ in 0..<2000 {
      let number = try Self.ratio(
        random.number(-99_999_999...99_999_999 as ClosedRange<Int128>),
        random.chance(70)
          ? Rounding.powerOfTen(random.number(0...18))
          : random.number(1...999_999 as ClosedRange<Int128>))
      let places = (0...18).first {
        Rounding.powerOfTen($0).isMultiple(of: number.denominator)
      }
      let expected = try places.map { try number.rounded(to: min($0, 12)) }
      if let places, places <= 12 {
        #expect(number.description == expected!.description)
      } else if places == nil {
        #expect(number.description == "\(number.numerator)/\(number.denominator)")
      }
    }
  }

  @Test func multiplyingReducesCrosswiseSoThatProductsStaySmall() throws {
    let huge = try Self.ratio(.max, 3)
    #expect(try huge * Self.ratio(3, .max) == .one)
    #expect(try huge / huge == .one)
  }

  static let overflowing: [(String, @Sendable () throws -> Ratio)] = [
    ("a division by zero", { try ratio(1, 0) }),
    ("a zero divisor", { try Ratio.one / .zero }),
    ("the one number without a negative", { try ratio(.min, 1) }),
    ("that number below the line", { try ratio(1, .min) }),
    ("a sum beyond 127 bits", { try ratio(.max, 1) + .one }),
    ("a difference beyond 127 bits", { try ratio(-.max, 1) - Ratio(2) }),
    ("a difference that lands on the minimum", { try ratio(-.max, 1) - .one }),
    ("a common denominator beyond 127 bits", { try ratio(1, .max) + ratio(1, .max - 1) }),
    ("a product beyond 127 bits", { try ratio(.max, 1) * Ratio(2) }),
    ("a product that lands on the minimum", { try Ratio(.min / 2) * Ratio(2) }),
    ("a product below the line beyond 127 bits", { try ratio(1, .max) * ratio(1, 2) }),
    ("a quotient beyond 127 bits", { try ratio(.max, 1) / ratio(1, 2) }),
  ]

  @Test(arguments: overflowing)
  func whatDoesNotFitIsAFault(name: String, compute: @Sendable () throws -> Ratio) {
    #expect(fault(of: compute)?.code == .overflow, "\(name)")
  }

  @Test func roundingWhatDoesNotFitIsAFault() throws {
    let huge = try Self.ratio(.max, 3)
    #expect(fault { try huge.rounded(to: 2) }?.code == .overflow)
    #expect(try Self.ratio(.max, 1).rounded(to: 0).units == .max)
  }

  /// Random giants in every operation: a value or a fault comes out, never a crash.
  @Test func noOperationEverTraps() {
    var random = SeededRandom(seed: 4)
    let range = -Int128.max...Int128.max
    for _ in 0..<3000 {
      let shifts = (0..<4).map { _ in random.number(0...127) }
      let parts = shifts.map { random.number(range) >> $0 }
      guard let left = try? Ratio(parts[0], over: parts[1]),
        let right = try? Ratio(parts[2], over: parts[3])
      else { continue }
      let outcomes = [
        fault { try left + right }, fault { try left - right }, fault { try left * right },
        fault { try left / right }, fault { try left.rounded(to: 6) },
      ]
      #expect(outcomes.allSatisfy { $0 == nil || $0?.code == .overflow })
      #expect((left < right) == !(right < left) || left == right)
      #expect(!left.description.isEmpty)
    }
  }

  /// Ascending; each pair of neighbours differs by as little as 127 bits can say.
  @Test func comparesAtTheEdgesOf127Bits() throws {
    let ascending = [
      try Self.ratio(-.max, 1), try Self.ratio(-.max + 1, 1), try Self.ratio(-.max, .max - 1),
      Ratio(-1), try Self.ratio(-.max + 1, .max), try Self.ratio(-1, .max - 1),
      try Self.ratio(-1, .max), .zero, try Self.ratio(1, .max), try Self.ratio(1, .max - 1),
      try Self.ratio(.max - 1, .max), .one, try Self.ratio(.max, .max - 1),
      try Self.ratio(.max - 1, 1), try Self.ratio(.max, 1),
    ]
    for (index, left) in ascending.enumerated() {
      for (other, right) in ascending.enumerated() {
        #expect((left < right) == (index < other), "\(left) < \(right)")
        #expect((left == right) == (index == other), "\(left) == \(right)")
      }
    }
  }

  @Test func clampsBetweenTwoBounds() throws {
    let range = try Fixed("0.5").ratio...Fixed("1.5").ratio
    #expect(try Ratio.zero.clamped(to: range) == Fixed("0.5").ratio)
    #expect(Ratio.one.clamped(to: range) == .one)
    #expect(try Ratio(2).clamped(to: range) == Fixed("1.5").ratio)
  }

  /// Numerator, denominator, places, what is printed.
  static let roundings: [(Int128, Int128, Int, String)] = [
    (1, 3, 2, "0.33"), (2, 3, 2, "0.67"), (5, 1000, 2, "0.01"), (-5, 1000, 2, "-0.01"),
    (4999, 1_000_000, 2, "0.00"), (-1, 3, 0, "0"), (676, 696, 8, "0.97126437"),
    (612_5 * 187_2 * 1_047_125, 100_000_000, 2, "120063.35"),
  ]

  @Test(arguments: roundings)
  func roundsToPlaces(numerator: Int128, denominator: Int128, places: Int, text: String) throws {
    #expect(try Self.ratio(numerator, denominator).rounded(to: places).description == text)
  }

  /// A derivation prints the exact number: as a decimal where there is one, else as a fraction.
  static let descriptions: [(Int128, Int128, String)] = [
    (0, 1, "0"), (5, 1, "5"), (-5, 1, "-5"), (1, 2, "0.5"), (-1, 8, "-0.125"), (1, 3, "1/3"),
    (-2, 7, "-2/7"), (1225, 2, "612.5"), (1, 1_000_000_000_000_000_000, "0.000000000000000001"),
    // Nineteen places are too many to read: the fraction says it shorter.
    (1, 10_000_000_000_000_000_000, "1/10000000000000000000"),
    (.max, 1, "170141183460469231731687303715884105727"),
    (.max, 2, "170141183460469231731687303715884105727/2"),
  ]

  /// A fraction gets a decimal beside it; what is a decimal already needs none.
  static let decimals: [(Int128, Int128, String?)] = [
    (7, 3600, "0.001944"), (-7, 3600, "-0.001944"), (1, 3, "0.333333"), (2, 3, "0.666667"),
    (200, 3, "66.666667"), (1, 8, nil), (5, 1, nil), (1, 7_000_000, "0"),
    (1, 10_000_000_000_000_000_000, "0"),
    (.max, 2, "85070591730234615865843651857942052864"),
  ]

  @Test(arguments: decimals)
  func nearestDecimal(numerator: Int128, denominator: Int128, text: String?) throws {
    #expect(try Self.ratio(numerator, denominator).nearestDecimal == text)
  }

  @Test(arguments: descriptions)
  func describesTheExactNumber(numerator: Int128, denominator: Int128, text: String) throws {
    #expect(try Self.ratio(numerator, denominator).description == text)
  }
}
