import Base
import Testing

struct WindowsTests {
  private static func period(_ start: String, _ end: String) -> Period {
    Period(start: Instant(start)!, end: Instant(end)!)
  }

  private static func windows(
    _ size: WindowSize, _ zone: ZoneRules, _ start: String, _ end: String
  ) throws -> Windows {
    try Windows(of: period(start, end), size, in: zone, countMax: 10_000)
  }

  /// What the clock there shows where each window starts, and how many minutes long it is.
  private static func lines(_ windows: Windows, _ zone: ZoneRules) -> [String] {
    windows.map { window in
      let seconds = window.end.secondsSinceEpoch - window.start.secondsSinceEpoch
      let length = seconds.isMultiple(of: 60) ? "\(seconds / 60)" : "\(seconds) s"
      return "\(zone.clock(at: window.start).dropLast(3)) \(length)"
    }
  }

  @Test func daysHaveTheHoursTheyHave() throws {
    let zone = SampleZones.newYork
    let spring = try Self.windows(.day, zone, "2013-03-09T05:00:00Z", "2013-03-12T04:00:00Z")
    #expect(
      Self.lines(spring, zone) == [
        "2013-03-09T00:00 1440", "2013-03-10T00:00 1380", "2013-03-11T00:00 1440",
      ])
    let autumn = try Self.windows(.day, zone, "2013-11-03T04:00:00Z", "2013-11-04T05:00:00Z")
    #expect(Self.lines(autumn, zone) == ["2013-11-03T00:00 1500"])
  }

  @Test func anHourThatComesTwiceIsTwoWindows() throws {
    let zone = SampleZones.newYork
    let hours = try Self.windows(.hour, zone, "2013-11-03T04:30:00Z", "2013-11-03T07:30:00Z")
    #expect(
      Self.lines(hours, zone) == [
        "2013-11-03T00:30 30", "2013-11-03T01:00 60", "2013-11-03T01:00 60", "2013-11-03T02:00 30",
      ])
  }

  @Test func anHourEndsWhereTheOffsetChangesByHalfOfOne() throws {
    let zone = SampleZones.lordHowe
    let back = try Self.windows(.hour, zone, "2013-04-06T14:00:00Z", "2013-04-06T16:30:00Z")
    #expect(
      Self.lines(back, zone) == [
        "2013-04-07T01:00 60", "2013-04-07T01:30 30", "2013-04-07T02:00 60",
      ])
    let ahead = try Self.windows(.hour, zone, "2013-10-05T14:30:00Z", "2013-10-05T17:00:00Z")
    #expect(
      Self.lines(ahead, zone) == [
        "2013-10-06T01:00 60", "2013-10-06T02:30 30", "2013-10-06T03:00 60",
      ])
  }

  @Test func clocksOffByQuartersOfAnHourHaveTheirOwnHours() throws {
    let zone = SampleZones.kathmandu
    let hours = try Self.windows(.hour, zone, "2013-01-01T00:00:00Z", "2013-01-01T01:00:00Z")
    #expect(Self.lines(hours, zone) == ["2013-01-01T05:45 15", "2013-01-01T06:00 45"])
  }

  /// Monrovia was 44 minutes and 30 seconds behind until the day its clocks jumped over them.
  @Test func clocksOffBySecondsHaveTheirOwnMinutes() throws {
    let zone = SampleZones.monrovia
    let start = "1972-01-07T00:43:00Z"
    let minutes = try Self.windows(.minute, zone, start, "1972-01-07T00:46:00Z")
    #expect(
      minutes.map { $0.start.description } == [
        start, "1972-01-07T00:43:30Z", "1972-01-07T00:44:30Z", "1972-01-07T00:45:00Z",
      ])
    #expect(zone.clock(at: minutes[1].start) == "1972-01-06T23:59:00")
    #expect(zone.clock(at: minutes[2].start) == "1972-01-07T00:44:30")
    let days = try Self.windows(.day, zone, "1972-01-06T00:44:30Z", "1972-01-08T00:00:00Z")
    #expect(Self.lines(days, zone) == ["1972-01-06T00:00 1440", "1972-01-07T00:44 83730 s"])
  }

  @Test func aDayThatDidNotHappenHasNoWindow() throws {
    let zone = SampleZones.samoa
    let days = try Self.windows(.day, zone, "2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z")
    #expect(Self.lines(days, zone) == ["2011-12-29T00:00 1440", "2011-12-31T00:00 1440"])
  }

  /// St John's changed its clocks at a minute past midnight: back to the evening before.
  private static let stJohns = SampleZones.zone(
    "America/St_Johns", -9000, ("2010-11-07T02:31:00Z", -12_600))

  @Test func anHourEndsInItsMidstWhereTheOffsetChangesThere() throws {
    let zone = Self.stJohns
    let hours = try Self.windows(.hour, zone, "2010-11-07T01:30:00Z", "2010-11-07T04:30:00Z")
    #expect(
      Self.lines(hours, zone) == [
        "2010-11-06T23:00 60", "2010-11-07T00:00 1", "2010-11-06T23:01 59", "2010-11-07T00:00 60",
      ])
  }

  @Test func midnightThatComesTwiceStartsOneDay() throws {
    let zone = Self.stJohns
    let days = try Self.windows(.day, zone, "2010-11-06T02:30:00Z", "2010-11-08T03:30:00Z")
    #expect(Self.lines(days, zone) == ["2010-11-06T00:00 1440", "2010-11-07T00:00 1500"])
    // And a period that begins in the evening that was lived twice goes on to the next midnight.
    let rest = try Self.windows(.day, zone, "2010-11-07T03:00:00Z", "2010-11-08T03:30:00Z")
    #expect(Self.lines(rest, zone) == ["2010-11-06T23:30 1470"])
  }

  @Test func weeksStartOnMonday() throws {
    let zone = SampleZones.tokyo
    let weeks = try Self.windows(.week, zone, "2012-12-27T15:00:00Z", "2013-01-14T15:00:00Z")
    #expect(
      Self.lines(weeks, zone) == [
        "2012-12-28T00:00 4320", "2012-12-31T00:00 10080", "2013-01-07T00:00 10080",
        "2013-01-14T00:00 1440",
      ])
    let before = try Self.windows(.week, .utc, "1969-12-25T00:00:00Z", "1970-01-06T00:00:00Z")
    #expect(
      before.map { $0.start.description.prefix(10) } == ["1969-12-25", "1969-12-29", "1970-01-05"])
  }

  @Test func monthsAreThoseOfTheCalendar() throws {
    let zone = SampleZones.newYork
    let months = try Self.windows(.month, zone, "2013-01-15T00:00:00Z", "2013-04-01T04:00:00Z")
    #expect(
      Self.lines(months, zone) == [
        "2013-01-14T19:00 24780", "2013-02-01T00:00 40320", "2013-03-01T00:00 44580",
      ])
  }

  @Test func theWindowsOfAPeriodTileIt() throws {
    let period = Self.period("2011-12-20T00:17:11.000001Z", "2012-02-05T23:59:59.999999Z")
    for zone in ZoneRulesTests.all {
      for size in WindowSize.allCases where size != .minute {
        let windows = try Windows(of: period, size, in: zone, countMax: 2000)
        #expect(windows.period == period)
        #expect(windows.first?.start == period.start && windows.last?.end == period.end)
        #expect(zip(windows, windows.dropFirst()).allSatisfy { $0.end == $1.start })
        #expect(windows.allSatisfy { !$0.isEmpty })
      }
    }
  }

  @Test func aMomentHasOnePlace() throws {
    let windows = try Self.windows(
      .day, .utc, "2013-01-01T12:00:00Z", "2013-01-04T00:00:00Z")
    for (place, window) in windows.enumerated() {
      let last = Instant(microsecondsSinceEpoch: window.end.microsecondsSinceEpoch - 1)!
      #expect(windows.place(of: window.start) == place)
      #expect(windows.place(of: last) == place)
    }
    let part = Self.period("2013-01-02T00:00:00Z", "2013-01-03T00:00:00.000001Z")
    #expect(windows.bounds(inside: part).map(\.description) == ["2013-01-03T00:00:00Z"])
    #expect(windows.bounds(inside: windows.period).count == 2)
  }

  @Test func aPeriodMayBeOneWindowOrNone() {
    let period = Self.period("2013-01-01T12:00:00Z", "2013-01-04T00:00:00Z")
    #expect(Array(Windows(period)) == [period])
    #expect(Windows(Period(start: period.start, end: period.start)).isEmpty)
  }

  @Test func thereAreOnlySoManyWindows() throws {
    let period = Self.period("2013-01-01T00:00:00Z", "2013-01-11T00:00:00Z")
    #expect(try Windows(of: period, .day, in: .utc, countMax: 10).count == 10)
    let fault = #expect(throws: Fault.self) {
      try Windows(of: period, .day, in: .utc, countMax: 9)
    }
    #expect(fault?.code == .limitExceeded)
  }

  @Test func theCalendarEndsAndSoDoTheWindows() throws {
    let period = Period(start: Instant("9999-11-30T12:00:00Z")!, end: .latest)
    for zone in [ZoneRules.utc, SampleZones.newYork, SampleZones.tokyo] {
      for size in [WindowSize.day, .week, .month] {
        #expect(try Windows(of: period, size, in: zone, countMax: 40).last?.end == .latest)
      }
    }
    let start = Period(start: .earliest, end: Instant("0001-02-01T00:00:00Z")!)
    #expect(try Windows(of: start, .day, in: SampleZones.newYork, countMax: 40).count > 30)
  }
}
