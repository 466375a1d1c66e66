/// A half-open stretch of time: the start belongs to it, the end does not.
package struct Period: Hashable, Sendable {
  package let start: Instant
  package let end: Instant

  /// An end before the start is drawn up to it: the period is then empty.
  package init(start: Instant, end: Instant) {
    self.start = start
    self.end = max(start, end)
  }

  /// Whole UTC hours, by their numbers.
  package init(hours: Range<Int64>) {
    self.init(
      start: Instant(clampingSeconds: hours.lowerBound * 3600),
      end: Instant(clampingSeconds: hours.upperBound * 3600))
  }

  package static let always = Period(start: .earliest, end: .latest)

  package var isEmpty: Bool { start == end }

  /// How long it is; the longest there is fits.
  package var microseconds: Int64 {
    end.microsecondsSinceEpoch - start.microsecondsSinceEpoch
  }

  /// The UTC hours it touches, from the one of its start to the one of its last microsecond.
  package var hours: ClosedRange<Int64> { start.hour...last.hour }

  /// The last microsecond that belongs to it; the start where it is empty.
  package var last: Instant {
    max(start, Instant(microsecondsSinceEpoch: end.microsecondsSinceEpoch - 1) ?? start)
  }

  package func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }

  package func intersection(_ other: Period) -> Period {
    Period(start: max(start, other.start), end: min(end, other.end))
  }
}
