import Base
import TestSupport
import Testing

struct BillingMonthTests {
  @Test(arguments: ["2013-01", "2013-12", "0001-01", "9999-12", "2012-02"])
  func printsWhatItRead(text: String) throws {
    #expect(try BillingMonth(text).description == text)
  }

  @Test(arguments: [
    "", "2013", "2013-1", "2013-13", "2013-00", "0000-01", "13-01", "2013-01-01", "2013/01",
    "-013-01", "2013--1", "2013-+1", "２０１３-01", " 2013-01", "2013-01 ", "2013-a1",
  ])
  func refusesWhatIsNoMonth(text: String) {
    #expect(fault { try BillingMonth(text) }?.code == .invalidValue)
  }

  @Test(arguments: [
    ("2013-01", 1, "2013-02"), ("2013-12", 1, "2014-01"), ("2013-01", -1, "2012-12"),
    ("2013-12", -11, "2013-01"), ("2013-06", 30, "2015-12"), ("2013-06", 0, "2013-06"),
    // The ends of the calendar stay where they are.
    ("9999-12", 1, "9999-12"), ("0001-01", -1, "0001-01"), ("2013-01", -900_000, "0001-01"),
    ("2013-01", 900_000, "9999-12"),
  ])
  func movesByMonths(text: String, months: Int, expected: String) throws {
    #expect(try BillingMonth(text).advanced(by: months).description == expected)
  }

  @Test func knowsItsNeighbours() throws {
    let month = try BillingMonth("2013-12")
    #expect(month.next.description == "2014-01")
    #expect(month.previous.description == "2013-11")
    #expect(month.previous < month && month < month.next)
  }

  /// A zone, a month, its first moment and the first moment behind it, and its hours.
  static let periods: [(ZoneRules, String, String, String, Int64)] = [
    (.utc, "2013-02", "2013-02-01T00:00:00Z", "2013-03-01T00:00:00Z", 28 * 24),
    (.utc, "2012-02", "2012-02-01T00:00:00Z", "2012-03-01T00:00:00Z", 29 * 24),
    (SampleZones.newYork, "2013-01", "2013-01-01T05:00:00Z", "2013-02-01T05:00:00Z", 31 * 24),
    // The months in which the clock changes miss an hour, or have one more.
    (SampleZones.newYork, "2013-03", "2013-03-01T05:00:00Z", "2013-04-01T04:00:00Z", 31 * 24 - 1),
    (SampleZones.newYork, "2013-11", "2013-11-01T04:00:00Z", "2013-12-01T05:00:00Z", 30 * 24 + 1),
    (SampleZones.samoa, "2011-12", "2011-12-01T10:00:00Z", "2011-12-31T10:00:00Z", 30 * 24),
    (SampleZones.kathmandu, "2013-01", "2012-12-31T18:15:00Z", "2013-01-31T18:15:00Z", 31 * 24),
  ]

  @Test(arguments: periods)
  func runsFromMidnightToMidnight(
    zone: ZoneRules, text: String, start: String, end: String, hours: Int64
  ) throws {
    let period = try BillingMonth(text).period(in: zone)
    #expect(period.start.description == start)
    #expect(period.end.description == end)
    #expect((period.end.secondsSinceEpoch - period.start.secondsSinceEpoch) / 3600 == hours)
  }

  @Test(arguments: ZoneRulesTests.all)
  func monthsTileTimeAndHoldTheirOwnMoments(zone: ZoneRules) throws {
    var month = try BillingMonth("2011-06")
    for _ in 0..<36 {
      let period = month.period(in: zone)
      #expect(period.end == month.next.period(in: zone).start)
      #expect(BillingMonth(containing: period.start, in: zone) == month)
      #expect(BillingMonth(containing: period.end.advanced(bySeconds: -1), in: zone) == month)
      month = month.next
    }
  }

  /// A device may send any moment from year 1 to 9999: each has a month in every zone.
  @Test(arguments: ZoneRulesTests.all)
  func theFirstAndTheLastMomentHaveAMonthInEveryZone(zone: ZoneRules) {
    #expect(BillingMonth(containing: .earliest, in: zone).description == "0001-01")
    #expect(BillingMonth(containing: .latest, in: zone).description == "9999-12")
  }
}
