package import Base

/// A number that each event carries in its data: what is added up, averaged or compared.
package struct NumberTerms: Hashable, Sendable {
  package let pointer: DataPointer
  package let places: Int
  /// Whether a value may be negative (an amount of money may, a running time may not).
  package let allowsNegative: Bool

  package init(
    value: String, places: Int = 0, allowsNegative: Bool = false
  ) throws(Fault) {
    guard (0...9).contains(places) else { throw Fault(.invalidValue, "0 to 9 places") }
    self.init(try DataPointer(value), places: places, allowsNegative: allowsNegative)
  }

  private init(_ pointer: DataPointer, places: Int, allowsNegative: Bool) {
    self.pointer = pointer
    self.places = places
    self.allowsNegative = allowsNegative
  }

  /// The value of one event in units of 10^-places. `data` is JSON that was checked before. The
  /// detail of a fault is what the meter takes, as `MeterFailure` completes it.
  package func units(in data: UnsafeRawBufferPointer) throws(Fault) -> Int64 {
    guard let text = pointer.value(in: data).flatMap(DecimalText.inData) else {
      throw Fault(.unreadableValue, "takes a number", at: "/data" + pointer.text)
    }
    guard let units = text.units(places: places), let small = Int64(exactly: units) else {
      throw Fault(
        .unreadableValue,
        text.exponent < -places
          ? "takes \(places) places" : "takes at most \(NumberTerms.most(places))",
        at: "/data" + pointer.text)
    }
    guard small >= 0 || allowsNegative else {
      throw Fault(.negativeQuantity, "takes no negative number", at: "/data" + pointer.text)
    }
    return small
  }

  /// The greatest number that a meter of so many places can take.
  static func most(_ places: Int) -> String {
    Fixed(units: Int128(Int64.max), places: places).grouped
  }
}

extension DecimalText {
  /// A number, or a string that holds one.
  static func inData(_ text: UnsafeRawBufferPointer) -> DecimalText? {
    guard text.first == UInt8(ascii: "\"") else { return DecimalText.read(text) }
    let inside = text.slice(1..<text.count - 1)
    return inside.contains(UInt8(ascii: "\\"))
      ? DecimalText(JSONEscapes.resolve(inside)) : DecimalText.read(inside)
  }
}

extension NumberTerms {
  init?(_ fields: inout FieldReader) {
    let value = fields.required("value", DataPointer.read)
    let places = fields.optional("places", Node.integer(in: 0...9))
    let negative = fields.optional("allowsNegative", Node.flag)
    guard let value else { return nil }
    self.init(value, places: places ?? 0, allowsNegative: negative ?? false)
  }

  var members: [JSON.Member] {
    [
      .init("value", .string(pointer.text)), .init("places", .integer(places)),
      .init("allowsNegative", .bool(allowsNegative)),
    ]
  }
}
