extension JSONCursor {
  /// Steps over the value at the cursor, checking it as strictly as the tree parser does, and
  /// gives the range of its text.
  package mutating func skipValue(depth: Int) throws(Fault) -> Range<Int> {
    _ = peek()
    let start = position
    switch peek() {
    case UInt8(ascii: "{"):
      var names = MemberNames()
      try object(depth: depth) { (cursor, token) throws(Fault) in
        try names.insert(token, of: cursor)
        _ = try cursor.skipValue(depth: depth + 1)
      }
    case UInt8(ascii: "["):
      try array(depth: depth) { (cursor, _) throws(Fault) in
        _ = try cursor.skipValue(depth: depth + 1)
      }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    case let byte? where JSONCursor.startsNumber(byte): _ = try number()
    default: throw unexpected("a JSON value")
    }
    return start..<position
  }
}

/// The member names of one object, to find one that appears twice. Few plain names are compared
/// one by one; more of them, or escaped ones, go through a set.
package struct MemberNames {
  private var plain: [Range<Int>] = []
  private var resolved: Set<[UInt8]>?

  private static let plainMax = 16

  package init() {}

  package mutating func insert(
    _ token: JSONCursor.StringToken, of cursor: JSONCursor
  ) throws(Fault) {
    if resolved == nil, token.hasEscapes || plain.count == Self.plainMax {
      resolved = Set(plain.map { Array(cursor.bytes[$0]) })
    }
    let isNew: Bool
    if resolved != nil {
      isNew = resolved!.insert(cursor.text(token)).inserted
    } else {
      let name = cursor.bytes[token.range]
      isNew = !plain.contains { $0.count == name.count && cursor.bytes[$0].elementsEqual(name) }
      plain.append(token.range)
    }
    guard isNew else {
      let name = String(decoding: cursor.text(token), as: UTF8.self)
      throw Fault(.malformedJSON, "the member `\(name.prefix(40))` appears twice")
    }
  }
}
