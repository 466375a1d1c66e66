/// Writes text into memory that is there, one piece behind the other. To append each of millions of
/// short pieces to an array takes several times as long.
///
/// Whoever makes one sees to it that there is room.
package struct LineWriter {
  /// Behind the last piece.
  package private(set) var end: UnsafeMutablePointer<UInt8>

  package init(_ start: UnsafeMutablePointer<UInt8>) { end = start }

  /// A text of so many bytes at most.
  static func text(of bytesMax: Int, _ write: (inout LineWriter) -> Void) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytesMax) { bytes in
      var line = LineWriter(bytes.baseAddress!)
      write(&line)
      return String(decoding: bytes[..<(line.end - bytes.baseAddress!)], as: UTF8.self)
    }
  }

  package mutating func put(_ character: Unicode.Scalar) {
    end.pointee = UInt8(ascii: character)
    end += 1
  }

  package mutating func put(_ text: [UInt8]) {
    text.withUnsafeBufferPointer { text in
      guard let start = text.baseAddress else { return }
      end.update(from: start, count: text.count)
      end += text.count
    }
  }

  /// RFC 3339 in UTC, see `Instant.description`: so many bytes at most.
  package static let instantBytesMax = 27

  package mutating func put(_ instant: Instant) {
    let seconds = instant.secondsSinceEpoch
    let days = floorDivide(seconds, by: 86_400)
    let ofDay = Int(seconds - days * 86_400)
    let fraction = Int(instant.microsecondsSinceEpoch - seconds * 1_000_000)
    let date = CivilDate(daysSinceEpoch: Int(days))
    // `2024-01-01T00:00:00Z`, or `2024-01-01T00:00:00.000001Z`.
    put(date.year, digits: 4, behind: "-")
    put(date.month, digits: 2, behind: "-")
    put(date.day, digits: 2, behind: "T")
    put(ofDay / 3600, digits: 2, behind: ":")
    put(ofDay / 60 % 60, digits: 2, behind: ":")
    put(ofDay % 60, digits: 2, behind: fraction == 0 ? "Z" : ".")
    if fraction != 0 { put(fraction, digits: 6, behind: "Z") }
  }

  private mutating func put(_ number: Int, digits: Int, behind: Unicode.Scalar) {
    var rest = number
    for place in (0..<digits).reversed() {
      end[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    end += digits
    put(behind)
  }

  /// `-1250` units at 2 places as `-12.50`: so many bytes at most, and places.
  package static let decimalBytesMax = 22

  package mutating func put(decimal units: Int64, places: Int) {
    if units < 0 { put("-") }
    let start = end
    var rest = units.magnitude
    var digits = 0
    // The last digit first.
    while rest > 0 || digits <= places {
      if digits == places, places > 0 { put(".") }
      end.pointee = UInt8(ascii: "0") + UInt8(rest % 10)
      end += 1
      rest /= 10
      digits += 1
    }
    var text = UnsafeMutableBufferPointer(start: start, count: end - start)
    text.reverse()
  }
}
