package import Base

/// A value of the data that is compared rather than computed with. Numbers are compared by value:
/// `1.5` and `15e-1` are one.
package enum Scalar: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(DecimalText)
  case text([UInt8])

  /// Longer texts are no names of things.
  static let bytesMax = 200

  /// Reads JSON that was checked before; nil for a list, an object, or a text that is too long.
  package init?(_ text: UnsafeRawBufferPointer) {
    switch text.first {
    case UInt8(ascii: "\""):
      let inside = text.slice(1..<text.count - 1)
      let bytes =
        inside.contains(UInt8(ascii: "\\")) ? JSONEscapes.resolve(inside) : Array(inside)
      guard bytes.count <= Scalar.bytesMax else { return nil }
      self = .text(bytes)
    case UInt8(ascii: "t"): self = .bool(true)
    case UInt8(ascii: "f"): self = .bool(false)
    case UInt8(ascii: "n"): self = .null
    default:
      guard let number = DecimalText.read(text) else { return nil }
      self = .number(number)
    }
  }

  /// One text for one value.
  package var json: JSON {
    switch self {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .number(let number): .number(Scalar.plain(number))
    case .text(let bytes): .string(String(decoding: bytes, as: UTF8.self))
    }
  }

  private static func plain(_ number: DecimalText) -> String {
    switch number.exponent {
    case -12..<0: Fixed(units: number.significand, places: -number.exponent).description
    case 0...12: "\(number.significand)" + String(repeating: "0", count: number.exponent)
    default: "\(number.significand)e\(number.exponent)"
    }
  }

  static func read(_ node: Node) throws(Fault) -> Scalar {
    let bytes = node.json.bytes
    guard let scalar = bytes.withUnsafeBytes({ Scalar($0) }) else {
      throw node.fault("a text, a number, true, false or null")
    }
    return scalar
  }
}
