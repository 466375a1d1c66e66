import Base
import TestSupport
import Testing

struct ZoneRecurrenceTests {
  /// A rule, a year, and the changes in it: when, and to how many hours or minutes of UTC.
  static let years: [(rule: String, year: Int, changes: [(String, Int64)])] = [
    // New York: the second Sunday of March and the first of November, at two.
    (
      "EST5EDT,M3.2.0,M11.1.0", 2050,
      [("2050-03-13T07:00:00Z", -4 * 60), ("2050-11-06T06:00:00Z", -5 * 60)]
    ),
    // Lord Howe Island: summer time is half an hour, and spans the turn of the year.
    (
      "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2040,
      [("2040-03-31T15:00:00Z", 10 * 60 + 30), ("2040-10-06T15:30:00Z", 11 * 60)]
    ),
    // Ireland: what it calls standard is its summer time.
    (
      "IST-1GMT0,M10.5.0,M3.5.0/1", 2045,
      [("2045-03-26T01:00:00Z", 60), ("2045-10-29T01:00:00Z", 0)]
    ),
    // Greenland: an hour before the Sunday begins.
    (
      "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2045,
      [("2045-03-26T01:00:00Z", -60), ("2045-10-29T01:00:00Z", -2 * 60)]
    ),
    // Gaza: two days and two hours after the fourth Thursday begins.
    (
      "EET-2EEST,M3.4.4/50,M10.4.4/50", 2090,
      [("2090-03-25T00:00:00Z", 3 * 60), ("2090-10-27T23:00:00Z", 2 * 60)]
    ),
    // Days by their number in the year: J60 is the first of March, 59 the sixtieth day.
    (
      "AAA-3BBB,J60,J300", 2048,
      [("2048-02-29T23:00:00Z", 4 * 60), ("2048-10-26T22:00:00Z", 3 * 60)]
    ),
    (
      "AAA-3BBB,59,299", 2048,
      [("2048-02-28T23:00:00Z", 4 * 60), ("2048-10-25T22:00:00Z", 3 * 60)]
    ),
    (
      "AAA-3BBB,59,299", 2049,
      [("2049-02-28T23:00:00Z", 4 * 60), ("2049-10-26T22:00:00Z", 3 * 60)]
    ),
    ("<-03>3", 2045, []),
  ]

  @Test("a rule says when the clocks change in a year", arguments: years)
  func changes(rule: String, year: Int, changes: [(String, Int64)]) throws {
    let found = try ZoneRecurrence(Array(rule.utf8)).changes(year..<year + 1).map {
      "\(Instant(clampingSeconds: $0.secondsSinceEpoch)) \($0.offsetSeconds / 60)"
    }
    #expect(found == changes.map { "\($0.0) \($0.1)" }, "\(rule)")
  }

  /// RFC 9636, section 3.3.1, has this example.
  @Test("summer time all the year never ends, not even for a moment")
  func always() throws {
    let rule = try ZoneRecurrence(Array("EST5EDT,0/0,J365/25".utf8))
    let changes = rule.changes(2050..<2055)
    #expect(changes.count == 6)
    #expect(changes.dropLast().allSatisfy { $0.offsetSeconds == -4 * 3600 })
  }

  @Test(
    "what is no rule is refused",
    arguments: [
      "", "5", "ES5", "EST", "EST25", "EST24", "EST5:60", "EST5:00:60", "EST5:", "<EST5", "<E!T>5",
      "EST5EDT", "EST5EDT4", "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,M11.1.0,", "EST5EDT,M3.2.0,M11.1.0x",
      "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M0.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0",
      "EST5EDT,M3.0.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,M3.2,M11.1.0",
      "EST5EDT,J0,J100", "EST5EDT,J366,J100", "EST5EDT,366,100", "EST5EDT,-1,100",
      "EST5EDT,M3.2.0/168,M11.1.0", "EST5EDT,M3.2.0/,M11.1.0", "EST5EDT,M3.2.0/2:60,M11.1.0",
      " EST5", "EST5\n", "EST99999999999999999999", "ÄÖÜ5",
    ])
  func refused(rule: String) {
    let fault = fault { try ZoneRecurrence(Array(rule.utf8)) }
    #expect(fault?.code == .internalError)
    #expect(fault?.detail.contains("no rule for the years to come") == true)
  }
}
