import Base
import Contracts
import Rating
import TestSupport
import Testing

/// Edges of the yearly escalation; the worked example stands in GoldenTests.
struct EscalationTests {
  /// One series with base 100 and no fixed share: the formula is the average over 100.
  static func escalation(
    _ averages: [String], floor: String? = nil, cap: String? = nil, catchUp: Bool = false
  ) throws -> Escalation {
    try Escalation(
      EscalationTerms(
        fixedShare: Fixed("0"),
        components: [.init(name: "price", weight: try Fixed("1"), base: try Fixed("100"))],
        floor: floor.map { try Fixed($0) }, cap: cap.map { try Fixed($0) }, catchUp: catchUp,
        years: averages.enumerated().map { index, average in
          .init(
            from: CivilDate(year: 2014 + index, month: 1, day: 1)!,
            averages: [try Fixed(average)])
        }))
  }

  static func factors(_ escalation: Escalation) -> [String] {
    escalation.years.map(\.factor.description)
  }

  @Test func withoutFloorAndCapTheFactorFollowsTheFormula() throws {
    for catchUp in [false, true] {
      let escalation = try Self.escalation(["105", "90", "120"], catchUp: catchUp)
      #expect(escalation.years.map(\.formula.description) == ["1.050000", "0.900000", "1.200000"])
      #expect(Self.factors(escalation) == ["1.050000", "0.900000", "1.200000"])
    }
  }

  /// Averages of the years, and the factors with a floor of 0 and a cap of 4 per cent.
  static let capped: [(averages: [String], plain: [String], catchUp: [String])] = [
    (["104", "104"], ["1.040000", "1.040000"], ["1.040000", "1.040000"]),
    // What the cap held back comes later, or never.
    (
      ["110", "110", "110"], ["1.040000", "1.040000", "1.040000"],
      ["1.040000", "1.081600", "1.100000"]
    ),
    // Prices fall: the floor holds the factor, and without catch-up a later rise counts in full.
    (["90", "95"], ["1.000000", "1.040000"], ["1.000000", "1.000000"]),
  ]

  @Test(arguments: capped)
  func keepsEachYearsStepBetweenFloorAndCap(
    averages: [String], plain: [String], catchUp: [String]
  ) throws {
    let without = try Self.escalation(averages, floor: "0", cap: "0.04")
    #expect(Self.factors(without) == plain)
    let with = try Self.escalation(averages, floor: "0", cap: "0.04", catchUp: true)
    #expect(Self.factors(with) == catchUp)
  }

  @Test func aNegativeFloorLetsTheRateFallSoFar() throws {
    #expect(Self.factors(try Self.escalation(["90"], floor: "-0.02")) == ["0.980000"])
  }

  /// A day, and the factor in force; before the first year there is none.
  @Test(arguments: [
    ("2013-12-31", nil), ("2014-01-01", "1.010000"), ("2014-12-31", "1.010000"),
    ("2015-01-01", "1.020000"), ("2099-01-01", "1.020000"),
  ])
  func isInForceFromTheFirstDayOfItsYear(day: String, factor: String?) throws {
    let escalation = try Self.escalation(["101", "102"])
    let date = try Node.date(Node(.string(day)))
    #expect(escalation.year(on: date)?.factor.description == factor)
  }

  @Test func aSeriesThatFallsToZeroIsAFaultNotACrash() {
    #expect(fault { try Self.escalation(["0", "100"]) }?.code == .overflow)
  }

  @Test func explainsBothItsSteps() throws {
    let year = try #require(try Self.escalation(["105"], floor: "0", cap: "0.04").years.first)
    #expect(year.steps.map(\.name) == ["index formula", "index factor"])
    #expect(
      year.steps[1].inputs.map { "\($0.name) \($0.value)" }
        == ["E before 1", "step 0.05", "floor 0", "cap 0.04"])
  }
}
