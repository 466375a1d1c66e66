import Base
import Yams

/// What a plain word of YAML stands for: the core schema, as far as JSON has a value for it.
enum YAMLScalar {
  static func value(
    of scalar: Yams.Node.Scalar, at place: TextPlace
  ) throws(YAMLFault) -> JSON {
    guard scalar.style == .plain else { return .string(scalar.string) }
    switch scalar.tag.description {
    case "": return plain(scalar.string)
    case "!", "tag:yaml.org,2002:str": return .string(scalar.string)
    default: throw YAMLFault("tags are not read here", at: place)
    }
  }

  static func plain(_ text: String) -> JSON {
    switch text {
    case "", "~", "null": .null
    case "true": .bool(true)
    case "false": .bool(false)
    default: isNumber(text) ? .number(text) : .string(text)
    }
  }

  /// As JSON writes numbers, of any length.
  private static func isNumber(_ text: String) -> Bool {
    guard let first = text.utf8.first, first == UInt8(ascii: "-") || (48...57).contains(first)
    else { return false }
    guard case .number = try? JSON(parsing: Array(text.utf8)) else { return false }
    return true
  }
}
