import Base

/// How many different values the events carry, exactly: the values themselves are kept.
package struct UniqueTerms: Hashable, Sendable {
  package let pointer: DataPointer

  package init(_ pointer: DataPointer) { self.pointer = pointer }

  /// The value as one text, the same for every way to write it.
  func text(in data: UnsafeRawBufferPointer) throws(Fault) -> [UInt8] {
    guard let value = pointer.value(in: data).flatMap({ Scalar($0) }), value != .null else {
      throw Fault(
        .unreadableValue, "tells apart texts, numbers and flags", at: "/data" + pointer.text)
    }
    return value.json.bytes
  }

  init?(_ fields: inout FieldReader) {
    guard let pointer = fields.required("value", DataPointer.read) else { return nil }
    self.init(pointer)
  }

  var members: [JSON.Member] { [.init("value", .string(pointer.text))] }
}
