import Base

/// The `id` of an event as the log keeps it. A UUID in its usual spelling (36 characters, lower
/// case) takes the 16 bytes it means; any other text stays as it is.
package enum EventIdentifier {
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

  /// The usual spelling of the UUID in 16 bytes.
  package static func text(uuid bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(uuidCharacters)
    for (place, byte) in bytes.enumerated() {
      if place == 4 || place == 6 || place == 8 || place == 10 { text.append(dash) }
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
    return text
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
