/// A half-open stretch of time: the start belongs to it, the end does not.
package struct Period: Hashable, Sendable {
  package let start: Instant
  package let end: Instant

  /// An end before the start is drawn up to it: the period is then empty.
  package init(start: Instant, end: Instant) {
    self.start = start
    self.end = max(start, end)
  }

  package static let always = Period(start: .earliest, end: .latest)

  package var isEmpty: Bool { start == end }

  /// The UTC hours it touches, from the one of its start to the one of its last microsecond.
  package var hours: ClosedRange<Int64> {
    let last = Instant(microsecondsSinceEpoch: end.microsecondsSinceEpoch - 1) ?? start
    return start.hour...max(start, last).hour
  }

  package func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }

  package func intersection(_ other: Period) -> Period {
    Period(start: max(start, other.start), end: min(end, other.end))
  }
}
