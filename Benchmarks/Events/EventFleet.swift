import Base

/// Which engines fly, and when.
struct EventFleet: Sendable {
  let subjectCount: Int
  /// Midnight in UTC of the day of the first event, in seconds since 1970.
  let start: Int
  let secondsPerTenThousand: Int

  /// Ten million events are so many days of the fleet; `day` is counted from 1970.
  init(subjectCount: Int, days: Int, from day: Int) {
    self.subjectCount = subjectCount
    start = day * 86_400
    secondsPerTenThousand = days * 86_400 / 1000
  }

  static let thousand = EventFleet(
    subjectCount: 1000, days: 30, from: BenchContract.firstDay)
}
