import Base
import Contracts
import Rating
import Testing

struct AccumulationYearTests {
  private func windows(_ month: String, from: String, until: String = "9999-01-01") throws
    -> RatingWindows
  {
    let term = Period(
      start: try Node.instant(Node(.string("\(from)T00:00:00Z"))),
      end: try Node.instant(Node(.string("\(until)T00:00:00Z"))))
    return RatingWindows(try BillingMonth(month), term: term, zone: .utc)
  }

  @Test(arguments: [
    ("2026-03", "2025-05-01", "2025-05 2026-04"),
    ("2026-05", "2025-05-01", "2026-05 2027-04"),
    ("2026-04", "2025-05-16", "2025-05 2026-04"),
    ("2025-05", "2025-05-16", "2025-05 2026-04"),
    ("2026-02", "2024-02-29", "2026-02 2027-01"),
  ])
  func aContractsYearStartsInTheMonthOfItsStart(
    month: String, from: String, months: String
  ) throws {
    let year = AccumulationYear.years(.contract, try windows(month, from: from))[0]
    #expect("\(year.months.lowerBound) \(year.months.upperBound)" == months)
  }

  @Test func aCalendarYearIsCutByTheContract() throws {
    let year = AccumulationYear.years(
      .calendar, try windows("2025-07", from: "2025-05-16", until: "2025-10-01"))[0]
    #expect(year.whole.start.description == "2025-01-01T00:00:00Z")
    #expect(year.inForce.start.description == "2025-05-16T00:00:00Z")
    #expect(year.inForce.end.description == "2025-10-01T00:00:00Z")
    #expect(year.soFar.end.description == "2025-08-01T00:00:00Z")
    #expect(year.firstDay.description == "2025-05-16")
    #expect(try year.seconds == Ratio(365 * 86_400))
  }

  @Test func yearsBeforeAreThoseTheContractWasInForce() throws {
    let windows = try windows("2026-07", from: "2023-05-16")
    let year = AccumulationYear.years(.contract, windows)[0]
    #expect(
      year.before(countMax: 20, windows).map { "\($0.months.lowerBound)" } == [
        "2023-05", "2024-05", "2025-05",
      ])
    #expect(year.before(countMax: 1, windows).map { "\($0.months.lowerBound)" } == ["2025-05"])
    #expect(AccumulationYear.years(.calendar, windows)[0].before(countMax: 20, windows).count == 3)
  }
}
