import Base
import Hummingbird

/// The parameters of a query string, each read by its type.
struct Query {
  private let values: [String: String]

  init(_ call: APICall) {
    values = Dictionary(
      call.request.uri.queryParameters.map { (String($0.key), String($0.value)) }
    ) { first, _ in first }
  }

  /// A misspelt filter must not pass for no filter: a name that an operation does not take, or one
  /// that appears twice, is a fault.
  static func check(_ request: Request, _ names: [String]) throws(Fault) {
    guard request.uri.query != nil else { return }
    var seen: Set<Substring> = []
    for (name, _) in request.uri.queryParameters {
      guard names.contains(String(name)) else {
        let known =
          names.isEmpty
          ? "this operation takes none" : "expected one of \(names.joined(separator: ", "))"
        throw Fault(.unknownField, "unknown query parameter `\(name.prefix(40))`; \(known)")
      }
      guard seen.insert(name).inserted else {
        throw Fault(.invalidValue, "the query parameter `\(name)` appears twice")
      }
    }
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
