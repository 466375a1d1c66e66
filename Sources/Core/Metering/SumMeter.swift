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

  /// The value of one event in units of 10^-places. `data` is JSON that was checked before.
  package func units(in data: UnsafeRawBufferPointer) throws(Fault) -> Int64 {
    guard let text = JSONLookup.value(at: path, in: data).flatMap({ number(data.slice($0)) })
    else { throw Fault(.unreadableValue, "no readable number", at: "/data" + value) }
    guard let units = text.units(places: places), let small = Int64(exactly: units) else {
      throw Fault(
        .unreadableValue, "the number has more than \(places) places, or is too large",
        at: "/data" + value)
    }
    guard small >= 0 || allowsNegative else {
      throw Fault(.negativeQuantity, "the number is negative", at: "/data" + value)
    }
    return small
  }

  /// A number, or a string that holds one.
  private func number(_ text: UnsafeRawBufferPointer) -> DecimalText? {
    guard text.first == UInt8(ascii: "\"") else { return DecimalText.read(text) }
    let inside = text.slice(1..<text.count - 1)
    return inside.contains(UInt8(ascii: "\\"))
      ? DecimalText(JSONEscapes.resolve(inside)) : DecimalText.read(inside)
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
