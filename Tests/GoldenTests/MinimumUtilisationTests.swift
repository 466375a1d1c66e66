import Base
import Contracts
import Rating
import Testing

/// When a minimum is settled, for whom, and what counts towards it.
struct MinimumUtilisationTests {
  /// 365 hours a year, an hour a day, at 10.00. N1 flies 300 hours in March, N2 500 in April.
  private func lines(
    _ terms: String, _ usage: String, contract: String = "from: 2026-01-01", through: String
  ) throws -> [String] {
    let example = try Chapter(
      """
      ```yaml
      \(contract)
      clauses:
        - {key: m, kind: minimumUtilisation, hours: time, minimum: 365, rate: 10\(terms)}
      ```
      ```usage
      \(usage)
      ```
      ```lines
      ```
      """)
    return try example.months(through: BillingMonth(through)).flatMap { month in
      month.lines.map { "\(month.month) \($0.key) \($0.amount)" }
    }
  }

  private static let fleet = """
    assigned N1 2026-01-01
    assigned N2 2026-01-01
    time h 2026-03-05 300 @N1
    time h 2026-04-05 400 @N2
    """

  @Test(arguments: [
    ("", ["2026-12 m 650.00"]),
    (", perAsset: true", ["2026-12 m/N1 650.00", "2026-12 m/N2 0.00"]),
    (", perAsset: true, counting: pool", ["2026-12 m/N1 650.00", "2026-12 m/N2 0.00"]),
    (", counting: pool", ["2026-12 m 300.00"]),
    (", counting: contract", ["2026-12 m 0.00"]),
    (", assets: [N2]", ["2026-12 m 0.00"]),
    (", assets: [N1], counting: pool", ["2026-12 m 650.00"]),
  ])
  func isCountedForAnAssetAPoolOrTheContract(terms: String, expected: [String]) throws {
    #expect(try lines(terms, Self.fleet, through: "2026-12") == expected)
  }

  /// N1 leaves in the middle of July after 195 days; N2 stays until the contract ends in October.
  @Test func isSettledAtTheExit() throws {
    let usage = """
      assigned N1 2026-01-01 2026-07-15
      assigned N2 2026-01-01
      time h 2026-03-05 100 @N1
      time h 2026-04-05 200 @N2
      """
    let contract = "from: 2026-01-01\nuntil: 2026-10-01"
    #expect(
      try lines("", usage, contract: contract, through: "2026-09") == [
        "2026-07 m 950.00", "2026-09 m 730.00",
      ])
    #expect(
      try lines(", counting: pool", usage, contract: contract, through: "2026-09") == [
        "2026-09 m 1680.00"
      ])
  }

  /// Two stretches of 90 and 61 days of one year are settled once, behind the second.
  @Test func anAssetThatComesBackIsSettledOnce() throws {
    let usage = """
      assigned N1 2026-01-01 2026-04-01
      assigned N1 2026-07-01 2026-08-31
      time h 2026-02-01 100 @N1
      """
    #expect(try lines("", usage, through: "2026-12") == ["2026-08 m 510.00"])
  }

  @Test func excusedTimeIsNotOwed() throws {
    let excused = "assigned N1 2026-01-01\nexcused h 2026-05-01 2400 @N1"
    #expect(
      try lines(", excused: excused", excused, through: "2026-12") == ["2026-12 m 2650.00"])
    let whole = "assigned N1 2026-01-01\nexcused h 2026-05-01 9000 @N1"
    #expect(try lines(", excused: excused", whole, through: "2026-12") == ["2026-12 m 0.00"])
  }

  /// 100 hours beyond the first year: 60 make up for the second, 40 are left for the third.
  @Test func aBankCarriesTheSurplusOver() throws {
    let usage = """
      assigned N1 2026-01-01
      time h 2026-03-05 465 @N1
      time h 2027-03-05 305 @N1
      time h 2028-03-05 300 @N1
      """
    #expect(
      try lines("", usage, through: "2028-12") == [
        "2026-12 m 0.00", "2027-12 m 600.00", "2028-12 m 650.00",
      ])
    #expect(
      try lines(", bank: true", usage, through: "2028-12") == [
        "2026-12 m 0.00", "2027-12 m 0.00", "2028-12 m 250.00",
      ])
  }

  /// In the contract's own year, from June to May; the leap year has a day more.
  @Test func theYearIsTheContractsOrTheCalendars() throws {
    let usage = "assigned N1 2027-06-01"
    let contract = "from: 2027-06-01\nuntil: 2028-06-01"
    #expect(
      try lines("", usage, contract: contract, through: "2028-05") == ["2028-05 m 3650.00"])
    #expect(
      try lines(", year: calendar", usage, contract: contract, through: "2028-05") == [
        "2027-12 m 2140.00", "2028-05 m 1515.85",
      ])
  }

  @Test func withoutAnyAssetThereIsNothingToSettle() throws {
    #expect(try lines("", "time h 2026-03-05 1", through: "2026-12") == [])
    #expect(try lines(", counting: pool", "", through: "2026-12") == ["2026-12 m 0.00"])
    #expect(
      try lines(", counting: contract", "time h 2026-03-05 65", through: "2026-12") == [
        "2026-12 m 3000.00"
      ])
  }
}
