extension JSON {
  /// Reads one strict document (RFC 8259). A fault carries the pointer of the value it lies in.
  package init(parsing bytes: [UInt8]) throws(Fault) {
    self = try JSONCursor.over(bytes) { (cursor) throws(Fault) in
      let value = try cursor.value(depth: 0)
      try cursor.expectEnd()
      return value
    }
  }

  /// `name` as one step of an RFC 6901 pointer.
  package static func pointerStep(_ name: some StringProtocol) -> String {
    var step = "/"
    // By scalars: a slash with an accent behind it is one character, and yet a slash.
    for scalar in name.unicodeScalars {
      switch scalar {
      case "~": step += "~0"
      case "/": step += "~1"
      default: step.unicodeScalars.append(scalar)
      }
    }
    return step
  }
}

extension JSONCursor {
  /// The value at the cursor as a tree.
  package mutating func value(depth: Int) throws(Fault) -> JSON {
    switch peek() {
    case UInt8(ascii: "{"): return .object(try members(depth: depth))
    case UInt8(ascii: "["): return .array(try elements(depth: depth))
    case UInt8(ascii: "\""):
      let token = try string()
      return .string(String(decoding: text(token), as: UTF8.self))
    case UInt8(ascii: "t"):
      try literal("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try literal("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try literal("null")
      return .null
    case let byte? where JSONCursor.startsNumber(byte):
      let range = try number()
      return .number(String(decoding: bytes[range], as: UTF8.self))
    default: throw unexpected("a JSON value")
    }
  }

  private mutating func members(depth: Int) throws(Fault) -> [JSON.Member] {
    var members: [JSON.Member] = []
    var names = MemberNames(of: self)
    try object(depth: depth) { (cursor, token) throws(Fault) in
      try names.insert(token, of: &cursor)
      let name = String(decoding: cursor.text(token), as: UTF8.self)
      members.append(JSON.Member(name, try cursor.value(depth: depth + 1)))
    }
    names.close(&self)
    return members
  }

  private mutating func elements(depth: Int) throws(Fault) -> [JSON] {
    var elements: [JSON] = []
    try array(depth: depth) { (cursor, _) throws(Fault) in
      elements.append(try cursor.value(depth: depth + 1))
    }
    return elements
  }

  /// Walks the members of the object at the cursor; `each` must consume the member's value.
  /// Faults from `each` come out nested under the member's name.
  package mutating func object(
    depth: Int, _ each: (inout JSONCursor, StringToken) throws(Fault) -> Void
  ) throws(Fault) {
    try enter("{", depth: depth)
    if take("}") { return }
    repeat {
      guard peek() == UInt8(ascii: "\"") else { throw unexpected("a member name") }
      let token = try string()
      do throws(Fault) {
        try expect(":")
        try each(&self, token)
      } catch {
        throw error.nested(
          under: JSON.pointerStep(String(decoding: text(token), as: UTF8.self)))
      }
    } while take(",")
    try expect("}")
  }

  /// Walks the elements of the array at the cursor; `each` must consume the element.
  package mutating func array(
    depth: Int, _ each: (inout JSONCursor, Int) throws(Fault) -> Void
  ) throws(Fault) {
    try enter("[", depth: depth)
    if take("]") { return }
    var index = 0
    repeat {
      do throws(Fault) {
        try each(&self, index)
      } catch {
        throw error.nested(under: "/\(index)")
      }
      index += 1
    } while take(",")
    try expect("]")
  }

  private mutating func enter(_ bracket: Unicode.Scalar, depth: Int) throws(Fault) {
    guard depth < Self.depthMax else {
      throw Fault(.limitExceeded, "values nest at most \(Self.depthMax) deep")
    }
    try expect(bracket)
  }
}
