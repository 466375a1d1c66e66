import Base
import TestSupport
import Testing

struct QuantityTests {
  @Test func aDecimalKeepsItsPlacesAndAFractionIsExact() throws {
    let decimal = Quantity.decimal(Fixed(units: 4500, places: 3))
    #expect(decimal.json == "4.500")
    #expect(try decimal.ratio == Ratio(9, over: 2))
    let third = Quantity.fraction(try Ratio(1, over: 3))
    #expect(third.json == "1/3")
    #expect(third.shown?.description == "0.3333")
    #expect(Quantity.decimal(Fixed(units: 1_234_567, places: 0)).grouped == "1,234,567")
  }

  @Test func whatIsMissingIsNoNumber() {
    #expect(Quantity.missing.json == .null)
    #expect(Quantity.missing.shown == nil)
    #expect(fault { try Quantity.missing.ratio }?.code == .missingUsage)
    let failed = Quantity.failed(Fault(.overflow, "too large"))
    #expect(failed.json == .null)
    #expect(fault { try failed.ratio }?.code == .overflow)
  }

  /// A reversal is the exact negative, whichever way is rounded.
  @Test(
    arguments: [
      (7, 2, 4, 3, 4), (6, 2, 3, 3, 3), (1, 3, 1, 0, 0), (5, 3, 2, 1, 2), (0, 3, 0, 0, 0),
    ] as [(Int128, Int128, Int128, Int128, Int128)])
  func roundsAwayFromZeroTowardsItOrToTheNearest(
    number: Int128, divisor: Int128, up: Int128, down: Int128, half: Int128
  ) {
    for sign in [Int128(1), -1] {
      #expect(Rounding.divide(sign * number, by: divisor, .up) == sign * up)
      #expect(Rounding.divide(sign * number, by: divisor, .down) == sign * down)
      #expect(Rounding.divide(sign * number, by: divisor, .half) == sign * half)
    }
  }
}
