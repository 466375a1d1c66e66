import Base
import TestSupport
import Testing

struct MoneyTests {
  /// An exact amount, its currency, and the amount on the line.
  static let roundings: [(Int128, Int128, String, String)] = [
    (12_006_335_25, 10_000, "EUR", "120063.35"), (1, 2, "JPY", "1"), (-1, 2, "JPY", "-1"),
    (1, 3, "KWD", "0.333"), (1, 200, "EUR", "0.01"), (-1, 200, "EUR", "-0.01"),
    (1, 201, "EUR", "0.00"), (123_456_789, 1, "CLF", "123456789.0000"),
  ]

  @Test(arguments: roundings)
  func roundsALineOnceToTheMinorUnit(
    numerator: Int128, denominator: Int128, code: String, expected: String
  ) throws {
    let exact = try Ratio(numerator, over: denominator)
    #expect(try Money(rounding: exact, Currency(code)).description == expected)
  }

  @Test func addsAndSubtractsWithoutRoundingAgain() throws {
    let euro = try Currency("EUR")
    let (charge, credit) = (Money(minor: 10_345, euro), Money(minor: -1_355, euro))
    #expect(try (charge + credit).description == "89.90")
    #expect(try (charge - credit).description == "117.00")
    #expect(try charge - charge == .zero(euro))
  }

  @Test func aSumThatDoesNotFitIsAFault() throws {
    let euro = try Currency("EUR")
    let (most, least) = (Money(minor: .max, euro), Money(minor: .min, euro))
    let cent = Money(minor: 1, euro)
    #expect(fault { try most + cent }?.code == .overflow)
    #expect(fault { try least - cent }?.code == .overflow)
    #expect(fault { try most - least }?.code == .overflow)
    #expect(fault { try cent - least }?.code == .overflow)
    #expect(try least - least == .zero(euro))
  }
}
