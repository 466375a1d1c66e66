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

  package func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }

  package func intersection(_ other: Period) -> Period {
    Period(start: max(start, other.start), end: min(end, other.end))
  }
}
