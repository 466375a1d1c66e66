import Base
import Contracts
import Rating
import TestSupport
import Testing

/// How hard the engine was used: the factors, and what happens where a meter knows nothing.
struct SeverityTests {
  /// The hours line of a month with these terms.
  static func line(_ month: SampleMonth, _ terms: SeverityHoursTerms) throws -> RatedLine {
    try #require(try month.lines(terms).first)
  }

  @Test func withoutTablesTheSeverityIsOne() throws {
    let line = try Self.line(SampleMonth(seconds: 36_000, cycles: 5), terms())
    #expect(line.step("severity") == "1.000000")
    #expect(line.amount.description == "1000.00")
    #expect(line.bars == "plain hours 1000.00")
  }

  /// Hours and cycles of the month, of the year, the leg factor, and the flag on the line.
  static let legs: [(Int64, Int64, Int64, Int64, String, [RatedLine.Flag])] = [
    (20, 10, 20, 10, "1.000000", []),
    // The month knows its own legs: the year is not asked.
    (20, 10, 1000, 1, "1.000000", []),
    // Hours without a cycle: the last twelve months say how long a leg is.
    (20, 0, 300, 100, "0.922000", [.legFactorOfYear]),
    // Where they know no cycle either, the factor is 1 and the line says so.
    (20, 0, 300, 0, "1", [.legFactorUnknown]),
    // No hours: nothing to flag, whatever the year was.
    (0, 0, 300, 100, "1", []), (0, 0, 0, 0, "1", []),
    // Cycles without hours are legs of no length.
    (0, 10, 0, 10, "1.235000", []),
  ]

  @Test(arguments: legs)
  func looksBackAYearWhereTheMonthHasNoCycle(
    hours: Int64, cycles: Int64, yearHours: Int64, yearCycles: Int64, leg: String,
    flags: [RatedLine.Flag]
  ) throws {
    let month = SampleMonth(
      seconds: hours * 3600, cycles: cycles, yearSeconds: yearHours * 3600, yearCycles: yearCycles)
    let line = try Self.line(month, terms(leg: sampleLegTable))
    #expect(line.step("leg") == leg)
    #expect(line.flags == flags)
  }

  /// Interpolated factors are rounded to six places before they are multiplied.
  @Test func roundsTheLegFactorToSixPlaces() throws {
    let line = try Self.line(SampleMonth(seconds: 4000, cycles: 1), terms(leg: sampleLegTable))
    // 1 1/9 hours a cycle: 1.235 - 0.157 * 2/9 = 1.2001111...
    #expect(line.step("leg") == "1.200111")
  }

  /// Mean derate in percent, and the factor of {0:1.06, 10:1.00, 20:0.95}.
  @Test(
    arguments: [
      (0, "1.060000"), (5, "1.030000"), (10, "1.000000"), (12, "0.990000"), (20, "0.950000"),
      (90, "0.950000"),
    ] as [(Int64, String)])
  func weighsTheDerateByRunningTime(percent: Int64, factor: String) throws {
    let month = SampleMonth(seconds: 7200, cycles: 1, derateSeconds: percent * 7200)
    let line = try Self.line(month, terms(derate: "0:1.06 10:1.00 20:0.95"))
    #expect(line.step("derate") == factor)
  }

  @Test func aMeanOfUnequalFlightsIsWeightedByTheirTime() throws {
    // One hour at 20 per cent and three at none: 5 per cent on average.
    let month = SampleMonth(seconds: 4 * 3600, cycles: 2, derateSeconds: 3600 * 20)
    let line = try Self.line(month, terms(derate: "0:1.06 10:1.00 20:0.95"))
    #expect(line.step("derate") == "1.030000")
  }

  /// Seconds in dust and in salt of 10,000, and the exact factor at 1.12 and 0.90.
  @Test(
    arguments: [
      (0, 0, "1"), (10_000, 0, "1.12"), (1500, 0, "1.018"), (0, 5000, "0.95"), (5000, 5000, "1.01"),
      (1, 0, "1.000012"), (1, 1, "1.000002"),
    ] as [(Int64, Int64, String)])
  func timeThatNoEnvironmentClaimsCountsOnce(dust: Int64, salt: Int64, factor: String) throws {
    let month = SampleMonth(seconds: 10_000, cycles: 1, dustSeconds: dust, saltSeconds: salt)
    let line = try Self.line(month, terms(dust: "1.12", salt: "0.90"))
    #expect(line.step("environment") == factor)
  }

  @Test(arguments: [(10_001, 0), (5001, 5000), (0, 20_000)] as [(Int64, Int64)])
  func environmentsThatClaimMoreThanTheRunningTimeAreAFault(dust: Int64, salt: Int64) throws {
    let month = SampleMonth(seconds: 10_000, cycles: 1, dustSeconds: dust, saltSeconds: salt)
    let fault = fault { try month.lines(terms(dust: "1.12", salt: "0.90")) }
    #expect(fault?.code == .invalidValue)
    #expect(fault?.detail.contains("claim") == true)
  }

  /// Limits, the severity under them, and the bars of the waterfall.
  static let limits: [(String?, String?, String, String)] = [
    (nil, nil, "1.235000", "plain hours 100.00, leg 23.50"),
    ("0.8", "1.3", "1.235000", "plain hours 100.00, leg 23.50"),
    (nil, "1.2", "1.200000", "plain hours 100.00, leg 23.50, limits -3.50"),
    ("1.5", nil, "1.500000", "plain hours 100.00, leg 23.50, limits 26.50"),
    ("1.235", "1.235", "1.235000", "plain hours 100.00, leg 23.50"),
    ("1", "1", "1.000000", "plain hours 100.00, leg 23.50, limits -23.50"),
    ("0", "0", "0.000000", "plain hours 100.00, leg 23.50, limits -123.50"),
  ]

  @Test(arguments: limits)
  func isHeldBetweenItsLimits(min: String?, max: String?, severity: String, bars: String) throws {
    let month = SampleMonth(seconds: 3600, cycles: 1)
    let line = try Self.line(month, terms(leg: sampleLegTable, min: min, max: max))
    #expect(line.step("severity") == severity)
    #expect(line.bars == bars)
  }
}
