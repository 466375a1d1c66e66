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
  package init(of record: LogRecord, in bytes: [UInt8]) {
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
        for part in 0..<4 { text[8 + 5 * part] = EventIdentifier.dash }
        let text = UnsafeMutableRawBufferPointer(text)
        let (second, third) = (
          EventIdentifier.digits(UInt32(truncatingIfNeeded: high)),
          EventIdentifier.digits(UInt32(truncatingIfNeeded: low >> 32))
        )
        func write<Word: FixedWidthInteger>(_ word: Word, at place: Int) {
          text.storeBytes(of: word.bigEndian, toByteOffset: place, as: Word.self)
        }
        write(EventIdentifier.digits(UInt32(truncatingIfNeeded: high >> 32)), at: 0)
        write(UInt32(truncatingIfNeeded: second >> 32), at: 9)
        write(UInt32(truncatingIfNeeded: second), at: 14)
        write(UInt32(truncatingIfNeeded: third >> 32), at: 19)
        write(UInt32(truncatingIfNeeded: third), at: 24)
        write(EventIdentifier.digits(UInt32(truncatingIfNeeded: low)), at: 28)
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

  /// The eight hexadecimal digits of a number, a byte each, all at once.
  private static func digits(_ number: UInt32) -> UInt64 {
    var halves = UInt64(number)
    halves = (halves | halves << 16) & 0x0000_FFFF_0000_FFFF
    halves = (halves | halves << 8) & 0x00FF_00FF_00FF_00FF
    halves = (halves | halves << 4) & 0x0F0F_0F0F_0F0F_0F0F
    let areLetters = (halves &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return halves &+ 0x3030_3030_3030_3030 &+ areLetters &* UInt64(UInt8(ascii: "a") - 0x3A)
  }
}
