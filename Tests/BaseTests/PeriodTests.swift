import Base
import Testing

struct PeriodTests {
  static func period(_ start: Int64, _ end: Int64) -> Period {
    Period(start: Instant(clampingSeconds: start), end: Instant(clampingSeconds: end))
  }

  @Test func theStartBelongsToItAndTheEndDoesNot() throws {
    let period = Self.period(100, 200)
    #expect(period.contains(period.start))
    #expect(!period.contains(period.end))
    let justBefore = try #require(
      Instant(microsecondsSinceEpoch: period.end.microsecondsSinceEpoch - 1))
    #expect(period.contains(justBefore))
    #expect(!period.isEmpty)
  }

  @Test func anEndBeforeTheStartMakesItEmpty() {
    let period = Self.period(200, 100)
    #expect(period.isEmpty)
    #expect(period.end == period.start)
    #expect(!period.contains(period.start))
  }

  /// Two periods from and to these seconds, and what they have in common.
  @Test(
    arguments: [
      ((0, 10), (5, 20), (5, 10)), ((5, 20), (0, 10), (5, 10)), ((0, 20), (5, 10), (5, 10)),
      ((0, 10), (10, 20), (10, 10)), ((0, 10), (15, 20), (15, 15)), ((0, 10), (0, 10), (0, 10)),
    ] as [((Int64, Int64), (Int64, Int64), (Int64, Int64))])
  func intersects(left: (Int64, Int64), right: (Int64, Int64), common: (Int64, Int64)) {
    let intersection = Self.period(left.0, left.1).intersection(Self.period(right.0, right.1))
    #expect(intersection == Self.period(common.0, common.1))
  }

  @Test func alwaysHoldsEveryMomentButTheVeryLast() {
    #expect(Period.always.contains(.earliest))
    #expect(!Period.always.contains(.latest))
    #expect(Period.always.intersection(Self.period(1, 2)) == Self.period(1, 2))
  }
}
