/// A period cut into windows, one behind the other: no moment of it is in two, and none in none.
/// The first and the last are cut off where the period is; a day that a zone jumped over has no
/// window.
package struct Windows: Hashable, Sendable {
  /// Where each starts, and where the last one ends; rising. A single bound has no windows.
  private let bounds: [Instant]

  /// The whole period as one window.
  package init(_ period: Period) {
    bounds = period.isEmpty ? [period.start] : [period.start, period.end]
  }

  /// Between bounds that rise; there is at least one.
  package init(bounds: [Instant]) {
    precondition(
      !bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "bounds rise")
    self.bounds = bounds
  }

  package init(
    of period: Period, _ size: WindowSize, in zone: ZoneRules, countMax: Int
  ) throws(Fault) {
    var bounds = [period.start]
    while let last = bounds.last, last < period.end {
      guard bounds.count <= countMax else {
        throw Fault(
          .limitExceeded,
          "there are more than \(countMax) windows; ask for longer ones, or for less time")
      }
      bounds.append(Swift.min(size.end(after: last, in: zone), period.end))
    }
    self.bounds = bounds
  }

  package var period: Period { Period(start: bounds[0], end: bounds[bounds.count - 1]) }

  /// The place of the window that holds a moment of the period.
  package func place(of instant: Instant) -> Int { boundCount(notAfter: instant) - 1 }

  /// The bounds that lie inside a part of the period, and not at its ends.
  package func bounds(inside part: Period) -> ArraySlice<Instant> {
    let start = boundCount(notAfter: part.start)
    return bounds[start...].prefix { $0 < part.end }
  }

  private func boundCount(notAfter instant: Instant) -> Int {
    bounds.indices.partitionPoint { bounds[$0] > instant }
  }
}

extension Windows: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { bounds.count - 1 }

  package subscript(place: Int) -> Period {
    Period(start: bounds[place], end: bounds[place + 1])
  }
}
