/// A moment in UTC, to the microsecond, between the years 1 and 9999.
package struct Instant: Hashable, Comparable, Sendable {
  package let microsecondsSinceEpoch: Int64

  package static let earliest = Instant(unchecked: -62_135_596_800 * 1_000_000)
  package static let latest = Instant(unchecked: 253_402_300_800 * 1_000_000 - 1)

  /// Nil outside the years 1 to 9999.
  package init?(microsecondsSinceEpoch microseconds: Int64) {
    self.init(unchecked: microseconds)
    guard (Instant.earliest...Instant.latest).contains(self) else { return nil }
  }

  /// The given second, held inside the years 1 to 9999.
  package init(clampingSeconds seconds: Int64) {
    let microseconds = Int128(seconds) * 1_000_000
    self = Instant(unchecked: Int64(clamping: microseconds)).heldInside
  }

  package var secondsSinceEpoch: Int64 { floorDivide(microsecondsSinceEpoch, by: 1_000_000) }

  /// Number of the UTC hour that holds this moment, counted from 1970-01-01T00:00Z.
  package var hour: Int64 { floorDivide(microsecondsSinceEpoch, by: Instant.microsecondsPerHour) }

  package var isWholeHour: Bool {
    microsecondsSinceEpoch.isMultiple(of: Instant.microsecondsPerHour)
  }

  /// That much later, with its fraction of a second, held inside the years 1 to 9999.
  package func advanced(bySeconds seconds: Int64) -> Instant {
    let microseconds = Int128(microsecondsSinceEpoch) + Int128(seconds) * 1_000_000
    return Instant(unchecked: Int64(clamping: microseconds)).heldInside
  }

  package static let microsecondsPerHour: Int64 = 3_600_000_000

  package static func < (left: Instant, right: Instant) -> Bool {
    left.microsecondsSinceEpoch < right.microsecondsSinceEpoch
  }

  private var heldInside: Instant { min(max(self, .earliest), .latest) }

  private init(unchecked microseconds: Int64) {
    microsecondsSinceEpoch = microseconds
  }
}

/// The quotient rounded towards minus infinity, so that moments before 1970 fall into their own
/// hour.
package func floorDivide(_ number: Int64, by divisor: Int64) -> Int64 {
  let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? quotient - 1 : quotient
}

extension Instant: CustomStringConvertible {
  /// RFC 3339 in UTC: `2013-01-01T11:00:00Z`, with microseconds only where there are any.
  package var description: String {
    LineWriter.text(of: LineWriter.instantBytesMax) { $0.put(self) }
  }
}
