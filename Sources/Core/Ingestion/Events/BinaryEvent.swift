package import Base

/// An event in binary mode: each attribute is a header, the body is the data.
/// Source: CloudEvents HTTP Protocol Binding 1.0.2, section 3.1.
package struct BinaryEvent: Sendable {
  /// A header that begins with `ce-`: its name without that, and its value as it was sent.
  package struct Header: Sendable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  private let headers: [Header]

  package init(_ headers: [Header]) { self.headers = headers }

  /// The same event in structured mode, so that it means the same whichever way it was sent. `data`
  /// is one JSON value, or nothing.
  package func structured(data: [UInt8]) throws(Fault) -> [UInt8] {
    var members: [JSON.Member] = []
    for header in headers {
      let name = header.name.lowercased()
      let pointer = JSON.pointerStep(name)
      guard name != "data", name != "data_base64" else {
        throw Fault(.invalidValue, "in binary mode the data is the body", at: pointer)
      }
      guard let value = HeaderText.decode(header.value) else {
        throw Fault(
          .invalidValue, "a header's value is UTF-8 behind percent signs, such as %C3%A9",
          at: pointer)
      }
      members.append(JSON.Member(name, .string(value)))
    }
    var document = JSON.object(members).bytes
    guard !data.isEmpty else { return document }
    try check(data)
    document.removeLast()
    if !members.isEmpty { document.append(UInt8(ascii: ",")) }
    return document + Array(#""data":"#.utf8) + data + [UInt8(ascii: "}")]
  }

  /// The data must be a whole value by itself, or it could say something about the event around it.
  private func check(_ data: [UInt8]) throws(Fault) {
    do throws(Fault) {
      try JSONCursor.over(data) { (cursor) throws(Fault) in
        _ = try cursor.skipValue(depth: 1)
        try cursor.expectEnd()
      }
    } catch {
      throw error.nested(under: "/data")
    }
  }
}

/// The value of a header that stands for an attribute, as section 3.1.3.2 decodes it: quotes off,
/// then one round of percent signs.
enum HeaderText {
  /// Nil where a percent sign has no two digits behind it, a quote has no end, or what comes of it
  /// is not UTF-8.
  static func decode(_ value: String) -> String? {
    guard let plain = unquoted(Array(value.utf8)) else { return nil }
    var bytes: [UInt8] = []
    var rest = plain[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(JSON.hexadecimalDigit),
        let low = rest.popFirst().flatMap(JSON.hexadecimalDigit)
      else { return nil }
      bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// RFC 9110, section 5.6.4: in quotes, a backslash stands before a byte that is meant as it is.
  private static func unquoted(_ value: [UInt8]) -> [UInt8]? {
    guard value.first == UInt8(ascii: "\"") else { return value }
    var bytes: [UInt8] = []
    var rest = value.dropFirst()
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return rest.isEmpty ? bytes : nil
      case UInt8(ascii: "\\"):
        guard let next = rest.popFirst() else { return nil }
        bytes.append(next)
      default: bytes.append(byte)
      }
    }
    return nil
  }
}
