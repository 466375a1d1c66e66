extension JSONCursor {
  /// Steps over the value at the cursor, checking it as strictly as the tree parser does, and
  /// gives the range of its text.
  package mutating func skipValue(depth: Int) throws(Fault) -> Range<Int> {
    _ = peek()
    let start = position
    switch peek() {
    case UInt8(ascii: "{"):
      var names = MemberNames(of: self)
      try object(depth: depth) { (cursor, token) throws(Fault) in
        try names.insert(token, of: &cursor)
        _ = try cursor.skipValue(depth: depth + 1)
      }
      names.close(&self)
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
