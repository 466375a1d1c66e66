package import Base

/// Where a meter keeps its running value: one UTC hour of one subject.
package struct Bucket: Hashable, Sendable {
  package let meter: Int64
  package let subject: Int64
  /// Hours since 1970-01-01T00:00Z.
  package let hour: Int64

  package init(meter: Int64, subject: Int64, hour: Int64) {
    self.meter = meter
    self.subject = subject
    self.hour = hour
  }

  /// One word instead of three: this is done for every event and meter. The numbers are the
  /// database's, small and out of anybody's hands.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(subject &* 0x1_0000_01B3 ^ hour &* 0x9E37_79B9 ^ meter << 48)
  }
}

/// The whole hours inside a period, and what sticks out at either side of them: buckets answer for
/// the hours, the log for the edges. (A period of Kathmandu cuts the first and the last UTC hour.)
package struct HourSplit: Sendable {
  package let hours: Range<Int64>
  package let edges: [Period]

  package init(_ period: Period) {
    let first = HourSplit.roundedUp(period.start)
    let last = period.end.hour
    guard first < last else {
      hours = 0..<0
      edges = period.isEmpty ? [] : [period]
      return
    }
    hours = first..<last
    edges = [
      Period(start: period.start, end: Instant(clampingSeconds: first * 3600)),
      Period(start: Instant(clampingSeconds: last * 3600), end: period.end),
    ].filter { !$0.isEmpty }
  }

  private static func roundedUp(_ instant: Instant) -> Int64 {
    let isWhole = instant.microsecondsSinceEpoch.isMultiple(of: Instant.microsecondsPerHour)
    return isWhole ? instant.hour : instant.hour + 1
  }
}
