import Base
import Foundation
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

struct ZonesTests {
  private let zones = ZoneDatabase()

  /// Offsets right before and at a change, from the IANA time zone database.
  @Test(
    "changes of offset come from the zone database",
    arguments: [
      ("America/New_York", "2013-03-10T07:00:00Z", -18_000, -14_400),
      ("America/New_York", "2013-11-03T06:00:00Z", -14_400, -18_000),
      ("Asia/Kathmandu", "1985-12-31T18:30:00Z", 19_800, 20_700),
      ("Australia/Lord_Howe", "2013-04-06T15:00:00Z", 39_600, 37_800),
      ("Australia/Lord_Howe", "2013-10-05T15:30:00Z", 37_800, 39_600),
      ("Europe/London", "2013-03-31T01:00:00Z", 0, 3600),
      ("Pacific/Apia", "2011-12-30T10:00:00Z", -36_000, 50_400),
      // Before 1970: the day of two noons, double summer time, a year of it all, time of the sun.
      ("America/New_York", "1883-11-18T17:00:00Z", -17_762, -18_000),
      ("America/New_York", "1918-03-31T07:00:00Z", -18_000, -14_400),
      ("Europe/Berlin", "1945-05-24T00:00:00Z", 7200, 10_800),
      ("Europe/London", "1941-05-04T01:00:00Z", 3600, 7200),
      ("Europe/Paris", "1940-06-14T22:00:00Z", 3600, 7200),
      ("Asia/Tokyo", "1948-05-01T15:00:00Z", 32_400, 36_000),
      ("Europe/London", "1847-12-01T00:01:15Z", -75, 0),
    ])
  func transition(name: String, at text: String, before: Int64, after: Int64) throws {
    let rules = try zones.rules(name)
    let change = try #require(Instant(text))
    #expect(rules.changes.contains { $0.secondsSinceEpoch == change.secondsSinceEpoch })
    #expect(rules.offsetSeconds(at: change.advanced(bySeconds: -1)) == before)
    #expect(rules.offsetSeconds(at: change) == after)
  }

  /// Local midnights, as the zone database has them.
  @Test(
    "months before 1970 begin when clocks there showed midnight",
    arguments: [
      ("America/New_York", "1966-07", "1966-07-01T04:00:00Z"),
      ("America/New_York", "1942-12", "1942-12-01T04:00:00Z"),
      ("Europe/London", "1947-06", "1947-05-31T22:00:00Z"),
      ("Europe/London", "1968-12", "1968-11-30T23:00:00Z"),
      ("Asia/Kolkata", "1943-01", "1942-12-31T17:30:00Z"),
      ("Asia/Singapore", "1938-01", "1937-12-31T16:40:00Z"),
      ("Europe/Moscow", "1921-04", "1921-03-31T19:00:00Z"),
      ("America/New_York", "1880-01", "1880-01-01T04:56:02Z"),
    ])
  func startsOfMonths(name: String, month: String, start: String) throws {
    #expect(
      try BillingMonth(month).period(in: zones.rules(name)).start == #require(Instant(start)))
  }

  @Test("New York changes twice in 2013, and no more")
  func changesOfAYear() throws {
    let start = try #require(Instant("2013-01-01T00:00:00Z")).secondsSinceEpoch
    let year = start..<start + 365 * 86_400
    let changes = try zones.rules("America/New_York").changes
    #expect(changes.count { year.contains($0.secondsSinceEpoch) } == 2)
  }

  @Test("rules reach far ahead")
  func farAhead() throws {
    let rules = try zones.rules("America/New_York")
    #expect(rules.offsetSeconds(at: try #require(Instant("2090-07-01T00:00:00Z"))) == -14_400)
    #expect(rules.offsetSeconds(at: try #require(Instant("2090-01-01T00:00:00Z"))) == -18_000)
  }

  @Test("UTC never changes; a zone that has given up daylight saving time no longer does")
  func withoutChanges() throws {
    let utc = try zones.rules("UTC")
    #expect(utc.changes.isEmpty && utc.initialOffsetSeconds == 0)
    let tokyo = try zones.rules("Asia/Tokyo")
    let last = try #require(tokyo.changes.last)
    #expect(last == .init(secondsSinceEpoch: -577_962_000, offsetSeconds: 32_400))
  }

  @Test(
    "a zone may be called by any name of the database, old or new",
    arguments: [
      ("Asia/Kolkata", 19_800), ("Asia/Calcutta", 19_800), ("Asia/Katmandu", 20_700),
      ("Europe/Kyiv", 7200), ("US/Eastern", -18_000), ("Etc/GMT+5", -18_000), ("Japan", 32_400),
      ("EST5EDT", -18_000), ("GMT0", 0), ("Zulu", 0), ("America/Port-au-Prince", -18_000),
    ])
  func names(name: String, offset: Int64) throws {
    let winter = try #require(Instant("2013-01-15T00:00:00Z"))
    #expect(try zones.rules(name).offsetSeconds(at: winter) == offset)
  }

  @Test(
    "a name the zone database does not know is refused",
    arguments: [
      "", "Mars/Olympus", "EDT", "GMT+5", "america/new_york", "../../etc/passwd", "/etc/passwd",
      "/usr/share/zoneinfo/UTC", "Europe", "Europe/", "/", "Europe//Berlin", "Europe/../UTC",
      "./UTC",
      "UTC\0", "Europe/Berlin ", "Ｊapan", String(repeating: "a/", count: 3000),
      // What lies beside the zones.
      "posix/Europe/Berlin", "right/Europe/Berlin", "localtime", "posixrules", "leapseconds",
      "zone.tab", "tzdata.zi",
    ])
  func unknownName(name: String) {
    #expect(fault { try zones.rules(name) }?.code == .invalidValue)
  }

  @Test("TZDIR says where the database is, and nothing else is asked then")
  func otherFolder() throws {
    let folder = try TemporaryFolder()
    let zones = ZoneDatabase(environment: ["TZDIR": folder.url.path])
    #expect(fault { try zones.rules("UTC") }?.code == .invalidValue)
    #expect(zones.source == "of an unknown release in \(folder.url.path)")
    let berlin = try Data(ZoneFile.bytes("Europe/Berlin"))
    try berlin.write(to: folder.url.appending(path: "Home"))
    try Data("# version 2031c\n".utf8).write(to: folder.url.appending(path: "tzdata.zi"))
    #expect(try zones.rules("Home").changes == self.zones.rules("Europe/Berlin").changes)
    #expect(zones.source == "2031c in \(folder.url.path)")
    try berlin.dropLast().write(to: folder.url.appending(path: "Damaged"))
    #expect(fault { try zones.rules("Damaged") }?.code == .internalError)
  }

  @Test("files that count leap seconds are refused")
  func leapSeconds() throws {
    let zones = ZoneDatabase(environment: ["TZDIR": "\(ZoneFile.folder.path)/right"])
    let fault = fault { try zones.rules("Europe/Berlin") }
    #expect(fault?.code == .internalError && fault?.detail.contains("leap seconds") == true)
  }

  @Test("where a machine has no database, Foundation's copy says the same of settled years")
  func withoutDatabase() throws {
    let settled = 0..<Instant("2020-01-01T00:00:00Z")!.secondsSinceEpoch
    for name in ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC"] {
      let copy = try #require(FoundationZone(name)).rules(years: 1970..<2100)
      let file = try TimeZoneFile(ZoneFile.bytes(name)).rules(name, years: 1970..<2100)
      func changes(_ rules: ZoneRules) -> [ZoneRules.Change] {
        rules.changes.filter { settled.contains($0.secondsSinceEpoch) }
      }
      #expect(changes(copy) == changes(file), "\(name)")
      #expect(copy.initialOffsetSeconds == file.initialOffsetSeconds)
    }
    #expect(FoundationZone("GMT+5") == nil)
  }

  /// From local midnight to local midnight; March in New York lacks an hour, November has one more.
  @Test(
    "a month is as long as its clocks say",
    arguments: [
      ("America/New_York", "2013-03", "2013-03-01T05:00:00Z", "2013-04-01T04:00:00Z"),
      ("America/New_York", "2013-11", "2013-11-01T04:00:00Z", "2013-12-01T05:00:00Z"),
      ("Australia/Lord_Howe", "2013-04", "2013-03-31T13:00:00Z", "2013-04-30T13:30:00Z"),
      ("Australia/Lord_Howe", "2013-10", "2013-09-30T13:30:00Z", "2013-10-31T13:00:00Z"),
      ("Asia/Kathmandu", "2013-01", "2012-12-31T18:15:00Z", "2013-01-31T18:15:00Z"),
      ("Asia/Kathmandu", "1986-01", "1985-12-31T18:30:00Z", "1986-01-31T18:15:00Z"),
      ("Asia/Kathmandu", "1985-12", "1985-11-30T18:30:00Z", "1985-12-31T18:30:00Z"),
    ])
  func months(name: String, month: String, start: String, end: String) throws {
    let period = try BillingMonth(month).period(in: try zones.rules(name))
    #expect(period == Period(start: Instant(start)!, end: Instant(end)!))
  }
}
