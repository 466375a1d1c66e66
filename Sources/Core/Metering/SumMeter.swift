package import Base

/// Adds up a number that each event carries in its data.
package struct SumTerms: Hashable, Sendable {
  /// RFC 6901 pointer into `data`, such as `/engineSeconds`.
  package let value: String
  /// The names on the way, decoded.
  package let path: [[UInt8]]
  package let places: Int
  /// Whether a value may be negative (an amount of money may, a running time may not).
  package let allowsNegative: Bool

  package init(value: String, places: Int = 0, allowsNegative: Bool = false) throws(Fault) {
    // By bytes: a slash with an accent behind it is one character, and yet a slash.
    let slash = UInt8(ascii: "/")
    let path = value.utf8.dropFirst().split(separator: slash, omittingEmptySubsequences: false)
      .compactMap(SumTerms.unescaped)
    guard value.utf8.first == slash, value.utf8.count <= 200, (0...9).contains(places),
      path.count == value.utf8.count(where: { $0 == slash })
    else {
      throw Fault(.invalidValue, "`value` is a JSON pointer into data, such as /engineSeconds")
    }
    self.value = value
    self.path = path
    self.places = places
    self.allowsNegative = allowsNegative
  }

  /// The value of one event in units of 10^-places.
  package func units(in data: [UInt8].SubSequence) throws(Fault) -> Int64 {
    let fault = Fault(.unreadableValue, "no readable number", at: "/data" + value)
    let text = try JSONCursor.over(Array(data)) { (cursor) throws(Fault) -> [UInt8]? in
      try cursor.numberText(at: path[...])
    }
    guard let text, let number = DecimalText(text) else { throw fault }
    guard let units = number.units(places: places), let small = Int64(exactly: units) else {
      throw Fault(
        .unreadableValue, "the number has more than \(places) places, or is too large",
        at: "/data" + value)
    }
    guard small >= 0 || allowsNegative else {
      throw Fault(.negativeQuantity, "the number is negative", at: "/data" + value)
    }
    return small
  }

  /// RFC 6901, section 3: `~1` is a slash, `~0` a tilde; nil where a tilde is followed by anything
  /// else.
  private static func unescaped(_ step: some Sequence<UInt8>) -> [UInt8]? {
    var name: [UInt8] = []
    var rest = step.makeIterator()
    while let byte = rest.next() {
      guard byte == UInt8(ascii: "~") else {
        name.append(byte)
        continue
      }
      switch rest.next() {
      case UInt8(ascii: "0"): name.append(UInt8(ascii: "~"))
      case UInt8(ascii: "1"): name.append(UInt8(ascii: "/"))
      default: return nil
      }
    }
    return name
  }
}

extension SumTerms {
  init?(_ fields: inout FieldReader) {
    let value = fields.required("value", Node.label)
    let places = fields.optional("places", Node.integer(in: 0...9))
    let negative = fields.optional("allowsNegative", Node.flag)
    guard let value else { return nil }
    do throws(Fault) {
      try self.init(value: value, places: places ?? 0, allowsNegative: negative ?? false)
    } catch {
      fields.refuse("value", error.detail)
      return nil
    }
  }

  var members: [JSON.Member] {
    [
      .init("value", .string(value)), .init("places", .integer(places)),
      .init("allowsNegative", .bool(allowsNegative)),
    ]
  }
}

extension JSONCursor {
  /// The text of the number, or of the string holding one, that `path` leads to; nil where the path
  /// leads nowhere or to something else.
  fileprivate mutating func numberText(
    at path: ArraySlice<[UInt8]>
  ) throws(Fault) -> [UInt8]? {
    guard let name = path.first else {
      switch peek() {
      case UInt8(ascii: "\""): return text(try string())
      case let byte? where JSONCursor.startsNumber(byte): return Array(bytes[try number()])
      default: return nil
      }
    }
    guard peek() == UInt8(ascii: "{") else { return nil }
    var found: [UInt8]?
    try object(depth: 0) { (cursor, token) throws(Fault) in
      if found == nil, cursor.isNamed(token, name) {
        let before = cursor
        found = try cursor.numberText(at: path.dropFirst())
        if found != nil { return }
        cursor = before
      }
      _ = try cursor.skipValue(depth: 1)
    }
    return found
  }

  private func isNamed(_ token: StringToken, _ name: [UInt8]) -> Bool {
    token.hasEscapes ? text(token) == name : bytes[token.range].elementsEqual(name)
  }
}
