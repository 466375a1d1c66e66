/// Finds one value in JSON that was checked before, by stepping over everything else. It makes no
/// objects and checks nothing anew; over bytes that are not JSON it finds nothing, or something.
package struct JSONLookup {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The text of the value that the names of `path` lead to, from object to object; nil where they
  /// lead nowhere. A string comes with its quotes.
  package static func value(
    at path: [[UInt8]], in bytes: UnsafeRawBufferPointer
  ) -> Range<Int>? {
    var lookup = JSONLookup(bytes)
    for name in path {
      guard lookup.enter(name) else { return nil }
    }
    lookup.skipSpace()
    let start = lookup.position
    return lookup.skipValue() ? start..<lookup.position : nil
  }

  /// Goes to the value of the member `name` of the object here.
  private mutating func enter(_ name: [UInt8]) -> Bool {
    skipSpace()
    guard take(UInt8(ascii: "{")) else { return false }
    skipSpace()
    while let member = string() {
      skipSpace()
      guard take(UInt8(ascii: ":")) else { return false }
      if isNamed(member, name) { return true }
      skipSpace()
      guard skipValue() else { return false }
      skipSpace()
      guard take(UInt8(ascii: ",")) else { return false }
      skipSpace()
    }
    return false
  }

  private func isNamed(_ member: (range: Range<Int>, hasEscapes: Bool), _ name: [UInt8]) -> Bool {
    if member.hasEscapes { return JSONEscapes.resolve(bytes[member.range]) == name }
    guard member.range.count == name.count else { return false }
    return name.withUnsafeBytes { bytes.slice(member.range).isSame(as: $0) }
  }

  private mutating func skipSpace() {
    while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func string() -> (range: Range<Int>, hasEscapes: Bool)? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = position
    var hasEscapes = false
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return (start..<position - 1, hasEscapes) }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        position += 1
      }
    }
    return nil
  }

  private mutating func skipValue() -> Bool {
    guard position < bytes.count else { return false }
    switch bytes[position] {
    case UInt8(ascii: "\""): return string() != nil
    case UInt8(ascii: "{"), UInt8(ascii: "["): return skipNested()
    default:
      while position < bytes.count, !endsScalar(bytes[position]) { position += 1 }
      return true
    }
  }

  private mutating func skipNested() -> Bool {
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        guard string() != nil else { return false }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      position += 1
      if depth == 0 { return true }
    }
    return false
  }

  private func endsScalar(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}")
      || byte == UInt8(ascii: "]")
  }
}
