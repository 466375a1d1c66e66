import Base
import Testing

/// Time zones as tables of changes, each cut from the history of a real place.
enum SampleZones {
  /// New York in 2013: UTC-5, summer time UTC-4 from 10 March to 3 November.
  static let newYork = zone(
    "America/New_York", -5 * hour,
    ("2013-03-10T07:00:00Z", -4 * hour), ("2013-11-03T06:00:00Z", -5 * hour))

  /// São Paulo in 2013: midnight of 20 October was jumped over.
  static let saoPaulo = zone(
    "America/Sao_Paulo", -2 * hour,
    ("2013-02-17T02:00:00Z", -3 * hour), ("2013-10-20T03:00:00Z", -2 * hour))

  /// Havana in 2013: at one o'clock on 3 November the clock went back to midnight.
  static let havana = zone(
    "America/Havana", -5 * hour,
    ("2013-03-10T05:00:00Z", -4 * hour), ("2013-11-03T05:00:00Z", -5 * hour))

  /// Samoa went over the date line: 30 December 2011 did not happen.
  static let samoa = zone("Pacific/Apia", -10 * hour, ("2011-12-30T10:00:00Z", 14 * hour))

  static let kathmandu = zone("Asia/Kathmandu", 5 * hour + 45 * 60)
  static let kolkata = zone("Asia/Kolkata", 5 * hour + 30 * 60)
  /// Lord Howe Island has a summer time of half an hour.
  static let lordHowe = zone(
    "Australia/Lord_Howe", 11 * hour,
    ("2013-04-06T15:00:00Z", 10 * hour + 30 * 60), ("2013-10-05T15:30:00Z", 11 * hour))
  /// Monrovia left its 44 minutes and 30 seconds behind in 1972.
  static let monrovia = zone("Africa/Monrovia", -(44 * 60 + 30), ("1972-01-07T00:44:30Z", 0))

  static let tokyo = zone("Asia/Tokyo", 9 * hour)

  static let hour: Int64 = 3600

  static func zone(
    _ name: String, _ initial: Int64, _ changes: (at: String, offset: Int64)...
  ) -> ZoneRules {
    ZoneRules(
      name: name, initialOffsetSeconds: initial,
      changes: changes.map {
        .init(secondsSinceEpoch: Instant($0.at)!.secondsSinceEpoch, offsetSeconds: $0.offset)
      })
  }
}

struct ZoneRulesTests {
  /// A zone, a day, and the first moment of it.
  static let starts: [(ZoneRules, String, String)] = [
    (.utc, "2013-01-01", "2013-01-01T00:00:00Z"),
    (SampleZones.newYork, "2013-01-01", "2013-01-01T05:00:00Z"),
    (SampleZones.newYork, "2013-03-10", "2013-03-10T05:00:00Z"),
    (SampleZones.newYork, "2013-03-11", "2013-03-11T04:00:00Z"),
    (SampleZones.newYork, "2013-11-03", "2013-11-03T04:00:00Z"),
    (SampleZones.newYork, "2013-11-04", "2013-11-04T05:00:00Z"),
    // Midnight was jumped over: the day starts with the jump.
    (SampleZones.saoPaulo, "2013-10-19", "2013-10-19T03:00:00Z"),
    (SampleZones.saoPaulo, "2013-10-20", "2013-10-20T03:00:00Z"),
    (SampleZones.saoPaulo, "2013-10-21", "2013-10-21T02:00:00Z"),
    // From midnight back to eleven: the day starts at the second of the two midnights only.
    (SampleZones.saoPaulo, "2013-02-17", "2013-02-17T03:00:00Z"),
    // From one o'clock back to midnight: the day starts at the earlier of the two.
    (SampleZones.havana, "2013-11-03", "2013-11-03T04:00:00Z"),
    (SampleZones.havana, "2013-11-04", "2013-11-04T05:00:00Z"),
    // A day that did not happen starts and ends with the jump over it.
    (SampleZones.samoa, "2011-12-29", "2011-12-29T10:00:00Z"),
    (SampleZones.samoa, "2011-12-30", "2011-12-30T10:00:00Z"),
    (SampleZones.samoa, "2011-12-31", "2011-12-30T10:00:00Z"),
    (SampleZones.samoa, "2012-01-01", "2011-12-31T10:00:00Z"),
    // Offsets of three quarters, of half, and of an odd number of minutes.
    (SampleZones.kathmandu, "2013-01-01", "2012-12-31T18:15:00Z"),
    (SampleZones.kolkata, "2013-01-01", "2012-12-31T18:30:00Z"),
    (SampleZones.lordHowe, "2013-01-01", "2012-12-31T13:00:00Z"),
    (SampleZones.lordHowe, "2013-07-01", "2013-06-30T13:30:00Z"),
    (SampleZones.monrovia, "1972-01-01", "1972-01-01T00:44:30Z"),
    (SampleZones.monrovia, "1972-01-08", "1972-01-08T00:00:00Z"),
    // The ends of the calendar.
    (SampleZones.tokyo, "0001-01-01", "0001-01-01T00:00:00Z"),
    (SampleZones.newYork, "9999-12-31", "9999-12-31T05:00:00Z"),
  ]

  @Test(arguments: starts)
  func aDayStartsAtItsFirstMoment(zone: ZoneRules, day: String, start: String) throws {
    let date = try Node.date(Node(.string(day)))
    #expect(zone.startOfDay(date).description == start, "\(zone.name)")
  }

  @Test func theFirstChangeAppliesFromItsVerySecond() throws {
    let zone = SampleZones.newYork
    let change = try #require(Instant("2013-03-10T07:00:00Z"))
    #expect(zone.offsetSeconds(at: .earliest) == -5 * 3600)
    #expect(zone.offsetSeconds(at: change.advanced(bySeconds: -1)) == -5 * 3600)
    #expect(zone.offsetSeconds(at: change) == -4 * 3600)
    #expect(zone.offsetSeconds(at: .latest) == -5 * 3600)
  }

  /// A zone, a moment, and the day on the wall there.
  static let days: [(ZoneRules, String, String)] = [
    (.utc, "2013-01-01T00:00:00Z", "2013-01-01"),
    (SampleZones.newYork, "2013-01-01T04:59:59.999999Z", "2012-12-31"),
    (SampleZones.newYork, "2013-01-01T05:00:00Z", "2013-01-01"),
    (SampleZones.kathmandu, "2012-12-31T18:14:59Z", "2012-12-31"),
    (SampleZones.kathmandu, "2012-12-31T18:15:00Z", "2013-01-01"),
    (SampleZones.samoa, "2011-12-30T09:59:59Z", "2011-12-29"),
    (SampleZones.samoa, "2011-12-30T10:00:00Z", "2011-12-31"),
    (SampleZones.monrovia, "1972-01-07T00:44:29Z", "1972-01-06"),
    // The calendar ends where the clock of the place would run past it.
    (SampleZones.newYork, "0001-01-01T00:00:00Z", "0001-01-01"),
    (SampleZones.tokyo, "9999-12-31T23:59:59Z", "9999-12-31"),
  ]

  @Test(arguments: days)
  func aMomentFallsOnADay(zone: ZoneRules, moment: String, day: String) throws {
    #expect(zone.date(at: try #require(Instant(moment))).description == day, "\(zone.name)")
  }

  static let all = [
    ZoneRules.utc, SampleZones.newYork, SampleZones.saoPaulo, SampleZones.havana,
    SampleZones.samoa, SampleZones.kathmandu, SampleZones.kolkata, SampleZones.lordHowe,
    SampleZones.monrovia, SampleZones.tokyo,
  ]

  /// Periods must tile time: no moment between two days, and none in both.
  @Test(arguments: all)
  func daysFollowEachOtherAndHoldTheirFirstMoment(zone: ZoneRules) {
    let first = CivilDate(year: 2011, month: 12, day: 20)!.daysSinceEpoch
    let last = CivilDate(year: 2014, month: 1, day: 5)!.daysSinceEpoch
    for number in first...last {
      let day = CivilDate(daysSinceEpoch: number)
      let next = CivilDate(daysSinceEpoch: number + 1)
      let (start, end) = (zone.startOfDay(day), zone.startOfDay(next))
      #expect(start <= end)
      // The day that did not happen is empty; every other holds its own first moment.
      if start < end { #expect(zone.date(at: start) == day, "\(zone.name) \(day)") }
      let hours = (end.secondsSinceEpoch - start.secondsSinceEpoch) / 3600
      #expect([0, 23, 24, 25].contains(hours), "\(zone.name) \(day) has \(hours) hours")
    }
  }

  @Test func adayOfChangeIsBilledWithItsHours() throws {
    func hours(_ zone: ZoneRules, _ day: String) throws -> Int64 {
      let date = try Node.date(Node(.string(day)))
      let next = CivilDate(daysSinceEpoch: date.daysSinceEpoch + 1)
      return (zone.startOfDay(next).secondsSinceEpoch - zone.startOfDay(date).secondsSinceEpoch)
        / 3600
    }
    #expect(try hours(SampleZones.newYork, "2013-03-10") == 23)
    #expect(try hours(SampleZones.newYork, "2013-11-03") == 25)
    #expect(try hours(SampleZones.saoPaulo, "2013-10-20") == 23)
    #expect(try hours(SampleZones.saoPaulo, "2013-02-16") == 25)
    #expect(try hours(SampleZones.samoa, "2011-12-30") == 0)
  }
}
