import Base
import Metering
import Testing

struct WindowSplitTests {
  /// Four days of a place with that offset, from its midnight on.
  private static func days(offsetMinutes: Int64) throws -> Windows {
    let zone = ZoneRules(name: "here", initialOffsetSeconds: offsetMinutes * 60, changes: [])
    let start = -offsetMinutes
    return try Windows(
      of: period(start, start + 4 * 1440), .day, in: zone, countMax: 4)
  }

  /// Between two minutes after 1970-01-01T00:00Z.
  private static func period(_ start: Int64, _ end: Int64) -> Period {
    Period(
      start: Instant(clampingSeconds: start * 60), end: Instant(clampingSeconds: end * 60))
  }

  private static func text(_ periods: [Period]) -> [String] {
    periods.map { "\($0.start.secondsSinceEpoch / 60)-\($0.end.secondsSinceEpoch / 60)" }
  }

  @Test func wholeHoursAreLeftToBuckets() throws {
    let split = WindowSplit(Self.period(60, 4320), try Self.days(offsetMinutes: 0))
    #expect(split.hours == 1..<72)
    #expect(split.cutHours.isEmpty && split.edges.isEmpty && !split.isAllCut)
  }

  @Test func theEndsOfThePeriodCutHours() throws {
    let split = WindowSplit(Self.period(70, 290), try Self.days(offsetMinutes: 0))
    #expect(split.hours == 1..<5 && split.cutHours == [1, 4] && !split.isAllCut)
    #expect(Self.text(split.edges) == ["70-120", "240-290"])
  }

  @Test func theBoundsOfWindowsCutHoursToo() throws {
    let windows = try Self.days(offsetMinutes: 345)
    let split = WindowSplit(windows.period, windows)
    // A quarter past six in the evening of UTC, for a place three quarters of an hour off.
    #expect(split.cutHours == [-6, 18, 42, 66, 90])
    #expect(
      Self.text(split.edges) == [
        "-345--300", "1080-1140", "2520-2580", "3960-4020", "5400-5415",
      ])
    #expect(split.hours == -6..<91)
  }

  @Test func aPeriodInsideAnHourIsAllCut() throws {
    let split = WindowSplit(Self.period(70, 80), try Self.days(offsetMinutes: 0))
    #expect(split.hours == 1..<2 && split.cutHours == [1] && split.isAllCut)
    #expect(Self.text(split.edges) == ["70-80"])
  }

  @Test func neighboursAreReadAsOne() throws {
    let windows = try Windows(
      of: Self.period(0, 240), .minute, in: .utc, countMax: 240)
    let split = WindowSplit(Self.period(30, 180), windows)
    #expect(split.cutHours == [0, 1, 2] && split.isAllCut)
    #expect(Self.text(split.edges) == ["30-180"])
  }

  @Test func nothingIsSplitIntoNothing() {
    let split = WindowSplit(Self.period(1, 1), Windows(.always))
    #expect(split.hours.isEmpty && split.edges.isEmpty && split.isAllCut)
  }
}
