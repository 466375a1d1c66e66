import Base
import Rating
import Testing

struct RatingWindowsTests {
  /// A term, and the month and the year of January 2013 within it.
  @Test(arguments: [
    ("0001-01-01", "9999-12-31", "2013-01-01..2013-02-01", "2012-02-01..2013-02-01"),
    ("2013-01-10", "2013-01-20", "2013-01-10..2013-01-20", "2013-01-10..2013-01-20"),
    ("2012-11-15", "2014-01-01", "2013-01-01..2013-02-01", "2012-11-15..2013-02-01"),
    // Not in force during the month: the windows are empty.
    ("2013-02-01", "2014-01-01", "2013-02-01..2013-02-01", "2013-02-01..2013-02-01"),
    ("2012-01-01", "2013-01-01", "2013-01-01..2013-01-01", "2012-02-01..2013-01-01"),
  ])
  func lieWithinTheTerm(from: String, until: String, month: String, year: String) throws {
    let term = Period(
      start: try Node.instant(Node(.string(from + "T00:00:00Z"))),
      end: try Node.instant(Node(.string(until + "T00:00:00Z"))))
    let windows = RatingWindows(SampleMonth.month, term: term, zone: .utc)
    func text(_ period: Period) -> String {
      "\(period.start.description.prefix(10))..\(period.end.description.prefix(10))"
    }
    #expect(text(windows.period) == month)
    #expect(text(windows.year) == year)
    #expect(windows.firstDay.description == "2013-01-01")
  }
}
