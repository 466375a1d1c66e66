import Base

/// A hash of what an event says beside its identity, its subject and its time: events of one type
/// whose data are the same JSON have the same, whatever the white space, the order of members and
/// the spelling of numbers (`1.50`, `15e-1`) and texts (`\u0061`). Others, as good as never. It
/// builds no document: it is asked of many events.
///
///     hash of an object = h(sum over members of h(name, value))      in any order
///     hash of an array  = h(... h(h(first), second) ...)
package enum PayloadLikeness {
  private enum Shape: UInt64 {
    case object = 1
    case member, array, text, number, literal, unread
  }

  /// The key need not be secret: who makes two events alike has them looked at.
  private static let hash = KeyedHash(key: (0x7573_616e_6365_2e65, 0x7175_616c_2e6f_6e65))

  /// `data` is the event's data as it was sent; empty where it has none.
  package static func of(_ data: UnsafeRawBufferPointer, type: UInt64) -> UInt64 {
    guard !data.isEmpty else { return hash(data, label: type) }
    var cursor = JSONCursor(data)
    do throws(Fault) {
      return mix(type, try value(&cursor, depth: 0), .member)
    } catch {
      // What is no JSON is like the same bytes alone.
      return mix(type, hash(data, label: Shape.unread.rawValue), .unread)
    }
  }

  private static func value(_ cursor: inout JSONCursor, depth: Int) throws(Fault) -> UInt64 {
    switch cursor.peek() {
    case UInt8(ascii: "{"):
      var sum: UInt64 = 0
      try cursor.object(depth: depth) { (cursor, token) throws(Fault) in
        let name = text(token, in: cursor)
        sum &+= mix(name, try value(&cursor, depth: depth + 1), .member)
      }
      return mix(sum, 0, .object)
    case UInt8(ascii: "["):
      var all: UInt64 = 0
      try cursor.array(depth: depth) { (cursor, _) throws(Fault) in
        all = mix(all, try value(&cursor, depth: depth + 1), .member)
      }
      return mix(all, 0, .array)
    case UInt8(ascii: "\""): return text(try cursor.string(), in: cursor)
    case let byte? where JSONCursor.startsNumber(byte):
      return number(try cursor.number(), in: cursor)
    default:
      let range = try cursor.skipValue(depth: depth)
      return hash(bytes(range, in: cursor), label: Shape.literal.rawValue)
    }
  }

  private static func text(_ token: JSONCursor.StringToken, in cursor: JSONCursor) -> UInt64 {
    guard token.hasEscapes else {
      return hash(bytes(token.range, in: cursor), label: Shape.text.rawValue)
    }
    return cursor.text(token).withUnsafeBytes { hash($0, label: Shape.text.rawValue) }
  }

  /// One of more digits than are read is what it is spelt.
  private static func number(_ range: Range<Int>, in cursor: JSONCursor) -> UInt64 {
    let text = bytes(range, in: cursor)
    guard let number = DecimalText.read(text) else {
      return hash(text, label: Shape.literal.rawValue)
    }
    let significand = UInt128(bitPattern: number.significand)
    let digits = mix(
      UInt64(truncatingIfNeeded: significand), UInt64(truncatingIfNeeded: significand >> 64),
      .number)
    return mix(digits, UInt64(bitPattern: Int64(number.exponent)), .number)
  }

  private static func bytes(_ range: Range<Int>, in cursor: JSONCursor) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: cursor.bytes[range])
  }

  private static func mix(_ first: UInt64, _ second: UInt64, _ shape: Shape) -> UInt64 {
    withUnsafeBytes(of: (first, second)) { hash($0, label: shape.rawValue) }
  }
}
