import Base
import Testing

struct DecimalTextTests {
  /// A number of JSON, and its exact value: significand and exponent.
  static let readable: [(String, Int128, Int)] = [
    ("0", 0, 0), ("-0", 0, 0), ("0.000", 0, 0), ("0e99", 0, 0), ("7", 7, 0), ("-7", -7, 0),
    ("1.5", 15, -1), ("1.50", 15, -1), ("15e-1", 15, -1), ("0.15E+1", 15, -1), ("150e-2", 15, -1),
    ("1200", 12, 2), ("12e2", 12, 2), ("-0.001", -1, -3), ("1e99", 1, 99), ("1e-99", 1, -99),
    ("1e007", 1, 7), ("1E0", 1, 0),
    ("123456789012345678901234567890123456", 123_456_789_012_345_678_901_234_567_890_123_456, 0),
  ]

  @Test(arguments: readable)
  func isTheExactValue(text: String, significand: Int128, exponent: Int) throws {
    let number = try #require(DecimalText(text.utf8))
    #expect(number.significand == significand)
    #expect(number.exponent == exponent)
  }

  /// Devices may put a number into a string: there, too, it must be a number of JSON.
  @Test(arguments: [
    "", "-", "+1", ".5", "1.", "-.5", "1.e5", "01", "00", "-01", "1e", "1e+", "1e-", "1e+-5",
    "1e++5", "1e0-5", "1e5+", "e5", "1ee5", "1e5e5", "1e5.0", "1.2.3", "--1", "1-", "1 ", " 1",
    "1,5", "0x10", "NaN", "Infinity", "1_000", "١",
  ])
  func refusesWhatIsNoNumberOfJSON(text: String) {
    #expect(DecimalText(text.utf8) == nil)
  }

  @Test func refusesMoreThanThirtySixDigits() {
    #expect(DecimalText(String(repeating: "9", count: 36).utf8) != nil)
    #expect(DecimalText(String(repeating: "9", count: 37).utf8) == nil)
    #expect(DecimalText(String(repeating: "9", count: 100_000).utf8) == nil)
    #expect(DecimalText("1e99999999999999999999".utf8) == nil)
  }

  /// A number, the places of the meter, and its units; nil where digits would be lost.
  static let scalings: [(String, Int, Int128?)] = [
    ("1.5", 1, 15), ("1.5", 2, 150), ("1.5", 0, nil), ("15e-1", 1, 15), ("12e2", 0, 1200),
    ("0", 9, 0), ("0.000", 0, 0), ("-2.25", 2, -225), ("1e37", 0, Rounding.powerOfTen(37)),
    ("1e38", 0, nil), ("9e37", 0, 9 * Rounding.powerOfTen(37)), ("99e37", 0, nil),
    ("1e-99", 9, nil), ("1e99", 9, nil),
  ]

  @Test(arguments: scalings)
  func givesUnitsOnlyWithoutLoss(text: String, places: Int, units: Int128?) throws {
    #expect(try #require(DecimalText(text.utf8)).units(places: places) == units)
  }
}
