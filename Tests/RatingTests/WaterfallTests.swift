import Base
import Rating
import Testing

struct WaterfallTests {
  static func bars(_ running: [String], line: String, in code: String = "EUR") throws -> [String] {
    let currency = try Currency(code)
    let waterfall = try Waterfall(
      running: try running.enumerated().map { ("step \($0)", try Fixed($1).ratio) },
      line: Money(rounding: Fixed(line).ratio, currency))
    return waterfall.bars.map { "\($0.amount)" }
  }

  /// Amounts after each factor, the line, and the bars.
  @Test(arguments: [
    (["100", "104", "98.8"], "98.80", ["100.00", "4.00", "-5.20"]),
    // Each running amount is rounded, never a difference: 33.333 and 66.666 are 33.33 and 33.34.
    (["33.333", "66.666", "99.999"], "100.00", ["33.33", "33.34", "33.33"]),
    // The line rounds its severity first; the last bar takes up the difference.
    (["100", "104.7125"], "104.70", ["100.00", "4.70"]), (["0", "0"], "0.00", ["0.00", "0.00"]),
    (["12.345"], "12.35", ["12.35"]), (["-10", "-10.505"], "-10.51", ["-10.00", "-0.51"]),
  ])
  func eachBarIsTheRoundedStepFromTheOneBefore(
    running: [String], line: String, expected: [String]
  ) throws {
    #expect(try Self.bars(running, line: line) == expected)
  }

  @Test func barsAreInTheMinorUnitOfTheCurrency() throws {
    #expect(try Self.bars(["0.4", "1.4"], line: "1.4", in: "JPY") == ["0", "1"])
  }
}
