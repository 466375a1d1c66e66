package import Base

/// An RFC 6901 pointer into the `data` of an event, such as `/engineSeconds`.
package struct DataPointer: Hashable, Sendable {
  package let text: String
  /// The names on the way, decoded.
  private let path: [[UInt8]]

  package init(_ text: String) throws(Fault) {
    // By bytes: a slash with an accent behind it is one character, and yet a slash.
    let slash = UInt8(ascii: "/")
    let path = text.utf8.dropFirst().split(separator: slash, omittingEmptySubsequences: false)
      .compactMap(DataPointer.unescaped)
    guard text.utf8.first == slash, text.utf8.count <= 200,
      path.count == text.utf8.count(where: { $0 == slash })
    else { throw Fault(.invalidValue, "expected a JSON pointer into data, such as /seconds") }
    self.text = text
    self.path = path
  }

  /// To a member of the data, by a name that needs no escapes.
  static func member(_ name: StaticString) -> DataPointer {
    let bytes = name.withUTF8Buffer { Array($0) }
    return DataPointer(text: "/\(name)", path: [bytes])
  }

  private init(text: String, path: [[UInt8]]) {
    self.text = text
    self.path = path
  }

  /// The text of the value it leads to; nil where it leads nowhere. `data` is JSON that was checked
  /// before.
  package func value(in data: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    JSONLookup.value(at: path, in: data).map { data.slice($0) }
  }

  static func read(_ node: Node) throws(Fault) -> DataPointer {
    let text = try Node.label(node)
    do throws(Fault) { return try DataPointer(text) } catch {
      throw error.nested(under: node.pointer)
    }
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
