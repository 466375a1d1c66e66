/// The member names of one object, to find one that appears twice. Few plain names are compared
/// one by one; more of them, or escaped ones, go through a set.
package struct MemberNames {
  /// Where the plain ones begin among those of the cursor.
  private let start: Int
  private var resolved: Set<[UInt8]>?

  private static let plainMax = 16

  package init(of cursor: JSONCursor) { start = cursor.names.count }

  package mutating func insert(
    _ token: JSONCursor.StringToken, of cursor: inout JSONCursor
  ) throws(Fault) {
    if resolved == nil, token.hasEscapes || cursor.names.count - start == Self.plainMax {
      resolved = Set(cursor.names[start...].map { Array(cursor.bytes[$0]) })
    }
    let isNew: Bool
    if resolved != nil {
      isNew = resolved!.insert(cursor.text(token)).inserted
    } else {
      isNew = !isKnown(token.range, cursor)
      cursor.names.append(token.range)
    }
    guard isNew else {
      let name = String(decoding: cursor.text(token), as: UTF8.self)
      throw Fault(.malformedJSON, "the member `\(name.prefix(40))` appears twice")
    }
  }

  /// Forgets the names at the end of the object. (Where it has none, a fault ends the text.)
  package func close(_ cursor: inout JSONCursor) {
    cursor.names.removeLast(cursor.names.count - start)
  }

  private func isKnown(_ name: Range<Int>, _ cursor: JSONCursor) -> Bool {
    for place in start..<cursor.names.count where cursor.names[place].count == name.count {
      if cursor.bytes.slice(cursor.names[place]).isSame(as: cursor.bytes.slice(name)) {
        return true
      }
    }
    return false
  }
}
