import Base
import TestSupport
import Testing

struct InstantTests {
  /// Microseconds since 1970, and the text: microseconds are printed only where there are any.
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.000001Z"),
      (-1, "1969-12-31T23:59:59.999999Z"), (1_357_038_000_000_000, "2013-01-01T11:00:00Z"),
      (1_357_038_000_120_000, "2013-01-01T11:00:00.120000Z"),
      (-62_135_596_800_000_000, "0001-01-01T00:00:00Z"),
      (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
    ] as [(Int64, String)])
  func printsRFC3339InUTC(microseconds: Int64, text: String) throws {
    let instant = try #require(Instant(microsecondsSinceEpoch: microseconds))
    #expect(instant.description == text)
    #expect(Instant(text) == instant)
  }

  @Test func anyMomentSurvivesThePaper() throws {
    var random = SeededRandom(seed: 6)
    let range =
      Instant.earliest.microsecondsSinceEpoch...Instant.latest.microsecondsSinceEpoch
    for _ in 0..<2000 {
      let instant = try #require(Instant(microsecondsSinceEpoch: random.number(range)))
      #expect(Instant(instant.description) == instant)
    }
  }

  @Test func knowsNoMomentOutsideTheYears1To9999() {
    #expect(Instant(microsecondsSinceEpoch: Instant.earliest.microsecondsSinceEpoch - 1) == nil)
    #expect(Instant(microsecondsSinceEpoch: Instant.latest.microsecondsSinceEpoch + 1) == nil)
    #expect(Instant(microsecondsSinceEpoch: .min) == nil)
    #expect(Instant(microsecondsSinceEpoch: .max) == nil)
  }

  @Test func holdsSecondsInsideTheYears1To9999() {
    #expect(Instant(clampingSeconds: .min) == .earliest)
    #expect(Instant(clampingSeconds: .max) == .latest)
    #expect(Instant(clampingSeconds: 86_400).description == "1970-01-02T00:00:00Z")
  }

  /// Before 1970 too, a moment belongs to the hour that began before it.
  @Test(
    arguments: [
      (0, 0, 0), (3_599_999_999, 3599, 0), (3_600_000_000, 3600, 1), (-1, -1, -1),
      (-3_600_000_000, -3600, -1), (-3_600_000_001, -3601, -2),
    ] as [(Int64, Int64, Int64)])
  func fallsIntoItsOwnSecondAndHour(microseconds: Int64, second: Int64, hour: Int64) throws {
    let instant = try #require(Instant(microsecondsSinceEpoch: microseconds))
    #expect(instant.secondsSinceEpoch == second)
    #expect(instant.hour == hour)
  }

  @Test func advancesBySecondsAndKeepsItsFraction() throws {
    let instant = try #require(Instant("2013-01-01T11:00:00.25Z"))
    #expect(instant.advanced(bySeconds: 3600).description == "2013-01-01T12:00:00.250000Z")
    #expect(instant.advanced(bySeconds: -3600).description == "2013-01-01T10:00:00.250000Z")
    #expect(instant.advanced(bySeconds: 0) == instant)
  }

  @Test func advancesNoFurtherThanTheCalendarGoes() throws {
    let instant = try #require(Instant("2013-01-01T11:00:00Z"))
    #expect(instant.advanced(bySeconds: .max) == .latest)
    #expect(instant.advanced(bySeconds: .min) == .earliest)
    #expect(Instant.latest.advanced(bySeconds: 1) == .latest)
    #expect(Instant.earliest.advanced(bySeconds: -1) == .earliest)
  }

  @Test(
    arguments: [
      (7, 2, 3), (-7, 2, -4), (6, 2, 3), (-6, 2, -3), (-1, 86_400, -1), (0, 5, 0),
      (.min, 1, .min), (.max, 1, .max),
    ] as [(Int64, Int64, Int64)])
  func dividesTowardsMinusInfinity(number: Int64, divisor: Int64, quotient: Int64) {
    #expect(floorDivide(number, by: divisor) == quotient)
  }
}
