import Base
import Metering
import TestSupport
import Testing

/// A period as whole hours and what sticks out at either side of them.
struct BucketTests {
  static func period(_ start: String, _ end: String) -> Period {
    Period(start: Instant(start)!, end: Instant(end)!)
  }

  /// A period, its whole UTC hours counted from the first one of 2013, and its edges.
  static let splits: [(String, String, Range<Int64>, [String])] = [
    ("2013-01-01T00:00:00Z", "2013-02-01T00:00:00Z", 0..<744, []),
    // January in Kathmandu begins and ends at a quarter past the hour.
    (
      "2012-12-31T18:15:00Z", "2013-01-31T18:15:00Z", -5..<738,
      [
        "2012-12-31T18:15:00Z 2012-12-31T19:00:00Z", "2013-01-31T18:00:00Z 2013-01-31T18:15:00Z",
      ]
    ),
    (
      "2013-01-01T00:00:00.000001Z", "2013-01-01T01:00:00Z", 0..<0,
      [
        "2013-01-01T00:00:00.000001Z 2013-01-01T01:00:00Z"
      ]
    ),
    (
      "2013-01-01T00:30:00Z", "2013-01-01T01:30:00Z", 0..<0,
      [
        "2013-01-01T00:30:00Z 2013-01-01T01:30:00Z"
      ]
    ),
    (
      "2013-01-01T00:30:00Z", "2013-01-01T02:00:00Z", 1..<2,
      [
        "2013-01-01T00:30:00Z 2013-01-01T01:00:00Z"
      ]
    ),
    (
      "2013-01-01T00:00:00Z", "2013-01-01T01:30:00Z", 0..<1,
      [
        "2013-01-01T01:00:00Z 2013-01-01T01:30:00Z"
      ]
    ),
    ("2013-01-01T00:30:00Z", "2013-01-01T00:30:00Z", 0..<0, []),
    ("2013-01-01T00:00:00Z", "2013-01-01T00:00:00Z", 0..<0, []),
  ]

  @Test(arguments: splits)
  func cutsAtWholeHours(start: String, end: String, hours: Range<Int64>, edges: [String]) {
    let split = HourSplit(Self.period(start, end))
    let first = Instant("2013-01-01T00:00:00Z")!.hour
    if hours.isEmpty {
      #expect(split.hours.isEmpty)
    } else {
      #expect(split.hours == hours.lowerBound + first..<hours.upperBound + first)
    }
    #expect(split.edges.map { "\($0.start) \($0.end)" } == edges)
  }

  /// Edges and hours cover the period, each moment once: nothing is billed twice, or never.
  @Test func edgesAndHoursCoverThePeriodExactly() throws {
    var random = SeededRandom(seed: 11)
    for _ in 0..<5000 {
      let span: Int64 = random.chance(50) ? 4 * 3_600_000_000 : 900 * 3_600_000_000
      var bounds = (0..<2).map { _ in random.number(-span...span) }.sorted()
      if random.chance(30) { bounds[0] -= bounds[0] % 3_600_000_000 }
      if random.chance(30) { bounds[1] -= bounds[1] % 3_600_000_000 }
      let period = Period(
        start: try #require(Instant(microsecondsSinceEpoch: bounds.min()!)),
        end: try #require(Instant(microsecondsSinceEpoch: bounds.max()!)))
      let split = HourSplit(period)
      var pieces = split.edges
      if !split.hours.isEmpty {
        pieces.append(
          Period(
            start: Instant(clampingSeconds: split.hours.lowerBound * 3600),
            end: Instant(clampingSeconds: split.hours.upperBound * 3600)))
      }
      pieces.sort { $0.start < $1.start }
      #expect(pieces.allSatisfy { !$0.isEmpty })
      #expect(pieces.first?.start ?? period.start == period.start)
      #expect(pieces.last?.end ?? period.start == period.end)
      #expect(zip(pieces, pieces.dropFirst()).allSatisfy { $0.end == $1.start })
    }
  }

  @Test func theWholeCalendarCanBeSplit() {
    let split = HourSplit(.always)
    #expect(split.hours.lowerBound == Instant.earliest.hour)
    #expect(split.hours.upperBound == Instant.latest.hour)
    #expect(split.edges.map(\.end) == [.latest])
  }
}
