import Base

/// The `id` of an event as the log keeps it. A UUID in its usual spelling (36 characters, lower
/// case) takes the 16 bytes it means; any other text stays as it is.
package enum EventIdentifier: Hashable, Sendable {
  case uuid(UInt64, UInt64)
  case text(String)

  package static let uuidBytes = 16
  private static let uuidCharacters = 36

  /// The two halves of a UUID in its usual spelling; nil for every other text.
  package static func uuid(_ text: UnsafeRawBufferPointer) -> (UInt64, UInt64)? {
    guard text.count == uuidCharacters, text[8] == dash, text[13] == dash, text[18] == dash,
      text[23] == dash
    else { return nil }
    guard let a = number(text, 0, 8), let b = number(text, 9, 4), let c = number(text, 14, 4),
      let d = number(text, 19, 4), let e = number(text, 24, 12)
    else { return nil }
    return (a << 32 | b << 16 | c, d << 48 | e)
  }

  /// That of a record, which was read from those bytes.
  package init(of record: EventRecord, in bytes: [UInt8]) {
    guard record.isUUID else {
      self = .text(String(decoding: bytes[record.id], as: UTF8.self))
      return
    }
    let (high, low) = bytes.withUnsafeBytes { bytes in
      let start = record.id.lowerBound
      return (
        bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)
      )
    }
    self = .uuid(UInt64(bigEndian: high), UInt64(bigEndian: low))
  }

  /// In the spelling it was sent in.
  package var spelling: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return bytes
  }

  /// Its spelling behind some bytes.
  package func append(to bytes: inout [UInt8]) {
    switch self {
    case .text(let text): bytes += text.utf8
    case .uuid(let high, let low):
      bytes.append(count: EventIdentifier.uuidCharacters) { text in
        var place = 0
        for digit in 0..<2 * EventIdentifier.uuidBytes {
          if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
            text[place] = EventIdentifier.dash
            place += 1
          }
          let half = (digit < 16 ? high : low) >> (60 - digit % 16 * 4)
          text[place] = EventIdentifier.digit(UInt8(truncatingIfNeeded: half & 15))
          place += 1
        }
      }
    }
  }

  private static let dash = UInt8(ascii: "-")

  private static func number(
    _ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int
  ) -> UInt64? {
    var number: UInt64 = 0
    for place in start..<start + count {
      let byte = text[place]
      let decimal = byte &- UInt8(ascii: "0")
      let letter = byte &- UInt8(ascii: "a")
      guard decimal < 10 || letter < 6 else { return nil }
      number = number << 4 | UInt64(decimal < 10 ? decimal : letter + 10)
    }
    return number
  }

  private static func digit(_ half: UInt8) -> UInt8 {
    half < 10 ? UInt8(ascii: "0") + half : UInt8(ascii: "a") + half - 10
  }
}
