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
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The same behind some bytes: the events of a month are many.
  package func append(to bytes: inout [UInt8]) {
    let seconds = secondsSinceEpoch
    let days = floorDivide(seconds, by: 86_400)
    let ofDay = Int(seconds - days * 86_400)
    let fraction = Int(microsecondsSinceEpoch - seconds * 1_000_000)
    let date = CivilDate(daysSinceEpoch: Int(days))
    // `2024-01-01T00:00:00Z`, or `2024-01-01T00:00:00.000001Z`.
    bytes.append(count: fraction == 0 ? 20 : 27) { text in
      Instant.write(date.year, digits: 4, behind: "-", to: text, at: 0)
      Instant.write(date.month, digits: 2, behind: "-", to: text, at: 5)
      Instant.write(date.day, digits: 2, behind: "T", to: text, at: 8)
      Instant.write(ofDay / 3600, digits: 2, behind: ":", to: text, at: 11)
      Instant.write(ofDay / 60 % 60, digits: 2, behind: ":", to: text, at: 14)
      Instant.write(ofDay % 60, digits: 2, behind: fraction == 0 ? "Z" : ".", to: text, at: 17)
      if fraction != 0 { Instant.write(fraction, digits: 6, behind: "Z", to: text, at: 20) }
    }
  }

  private static func write(
    _ number: Int, digits: Int, behind: Unicode.Scalar, to text: UnsafeMutableBufferPointer<UInt8>,
    at start: Int
  ) {
    var rest = number
    for place in (start..<start + digits).reversed() {
      text[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    text[start + digits] = UInt8(ascii: behind)
  }
}
