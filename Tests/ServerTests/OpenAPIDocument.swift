import Foundation
import Testing
import Yams

/// openapi.yaml as a reader of it sees it.
struct OpenAPIDocument: Sendable {
  enum Security: Hashable, Sendable {
    case open
    /// Any of these scopes.
    case bearer([String])
    case session
  }

  struct Operation: Sendable {
    let id: String
    let method: String
    let path: String
    let security: Security
    let statuses: Set<Int>
    /// The content types of what it answers when all is well.
    let types: Set<String>
    let pathParameters: [String]
    let queryParameters: [String]
  }

  struct Unreadable: Error {
    let complaint: String
  }

  static let file = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "openapi.yaml")

  static let shared: OpenAPIDocument = {
    do { return try OpenAPIDocument(text: String(contentsOf: file, encoding: .utf8)) } catch {
      preconditionFailure("openapi.yaml cannot be read: \(error)")
    }
  }()

  let operations: [Operation]

  init(text: String) throws {
    guard let root = try Yams.compose(yaml: text), let paths = root["paths"]?.mapping else {
      throw Unreadable(complaint: "there are no paths")
    }
    operations = try paths.flatMap { path, item in
      try OpenAPIDocument.operations(path.string ?? "", item, root)
    }
  }

  /// The operation a call with that method and path reaches.
  func operation(_ method: String, _ path: String) -> Operation? {
    let given = path.prefix { $0 != "?" }.split(separator: "/")
    // Whatever can be got has a head, as the document says once for all.
    let method = method == "HEAD" ? "GET" : method
    return operations.first { operation in
      let wanted = operation.path.split(separator: "/")
      return operation.method == method && wanted.count == given.count
        && zip(wanted, given).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
  }

  /// Whoever reads the document has been told of this status.
  func expectDocumented(_ method: String, _ path: String, _ answer: Answer) {
    guard let operation = operation(method, path) else {
      #expect([404, 405].contains(answer.status), "\(method) \(path) is not in the document")
      return
    }
    #expect(
      operation.statuses.contains(answer.status),
      "\(operation.id) answered \(answer.status), which is not in the document: \(answer.text)")
  }

  private static let methods = ["get", "put", "post", "delete", "patch", "head", "options"]

  private static func operations(
    _ path: String, _ item: Node, _ root: Node
  ) throws -> [Operation] {
    try methods.compactMap { method in
      guard let operation = item[method] else { return nil }
      guard let id = operation["operationId"]?.string, let responses = operation["responses"] else {
        throw Unreadable(complaint: "\(method) \(path) lacks its id or its responses")
      }
      let parameters =
        Array(item["parameters"]?.sequence ?? [])
        + Array(operation["parameters"]?.sequence ?? [])
      let named = parameters.map { resolved($0, root) }
      let good = (responses.mapping ?? [:]).filter { $0.key.string?.hasPrefix("2") == true }
      return Operation(
        id: id, method: method.uppercased(), path: path,
        security: try security(operation["security"], of: id),
        statuses: Set(responses.mapping?.keys.compactMap { Int($0.string ?? "") } ?? []),
        types: Set(
          good.flatMap {
            resolved($0.value, root)["content"]?.mapping?.keys.compactMap(\.string) ?? []
          }
        ), pathParameters: names(named, in: "path"), queryParameters: names(named, in: "query"))
    }
  }

  private static func security(_ node: Node?, of id: String) throws -> Security {
    guard let list = node?.sequence else { throw Unreadable(complaint: "\(id): no security") }
    guard let first = list.first else { return .open }
    let scopes = list.compactMap { $0["bearer"]?.sequence?.compactMap(\.string) }
    if scopes.count == list.count { return .bearer(scopes.flatMap(\.self)) }
    guard first["session"] != nil else { throw Unreadable(complaint: "\(id): unknown security") }
    return .session
  }

  private static func names(_ parameters: [Node], in place: String) -> [String] {
    parameters.filter { $0["in"]?.string == place }.compactMap { $0["name"]?.string }
  }

  private static func resolved(_ node: Node, _ root: Node) -> Node {
    guard let reference = node["$ref"]?.string else { return node }
    return reference.split(separator: "/").dropFirst().reduce(root) { found, step in
      found[String(step)] ?? node
    }
  }
}
