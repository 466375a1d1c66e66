import Base
import Hummingbird

/// The parameters of a query string, each read by its type; a name nobody knows is a fault, for a
/// misspelt filter must not pass for no filter.
struct Query {
  private let values: [String: String]

  init(_ call: Call, allowing names: String...) throws {
    var values: [String: String] = [:]
    for (name, value) in call.request.uri.queryParameters {
      guard names.contains(String(name)) else {
        throw Fault(.unknownField, "there is no query parameter `\(name.prefix(40))` here")
      }
      guard values.updateValue(String(value), forKey: String(name)) == nil else {
        throw Fault(.invalidValue, "the query parameter `\(name)` appears twice")
      }
    }
    self.values = values
  }

  func text(_ name: String) -> String? { values[name] }

  func optional<Value>(
    _ name: String, _ read: (Node) throws(Fault) -> Value
  ) throws -> Value? {
    guard let text = values[name] else { return nil }
    do throws(Fault) {
      return try read(Node(.string(text)))
    } catch {
      throw Fault(error.code, "query parameter `\(name)`: \(error.detail)")
    }
  }

  func flag(_ name: String) throws -> Bool? {
    try optional(name) { (node) throws(Fault) in
      switch node.json.stringValue {
      case "true": true
      case "false": false
      default: throw node.fault("true or false")
      }
    }
  }

  func required<Value>(_ name: String, _ read: (Node) throws(Fault) -> Value) throws -> Value {
    guard let value = try optional(name, read) else {
      throw Fault(.missingField, "the query parameter `\(name)` is missing")
    }
    return value
  }
}
