import Foundation
import Testing
import Yams

/// openapi.yaml as a reader of it sees it.
struct OpenAPIDocument: Sendable {
  enum Security: Hashable, Sendable {
    case open
    case bearer([String])
    case session
  }

  struct Operation: Sendable {
    let id: String
    let method: String
    let path: String
    let security: Security
    let statuses: Set<Int>
    let pathParameters: [String]
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
      return Operation(
        id: id, method: method.uppercased(), path: path,
        security: try security(operation["security"], of: id),
        statuses: Set(responses.mapping?.keys.compactMap { Int($0.string ?? "") } ?? []),
        pathParameters: parameters.map { resolved($0, root) }
          .filter { $0["in"]?.string == "path" }.compactMap { $0["name"]?.string })
    }
  }

  private static func security(_ node: Node?, of id: String) throws -> Security {
    guard let list = node?.sequence else { throw Unreadable(complaint: "\(id): no security") }
    guard let first = list.first else { return .open }
    if let scopes = first["bearer"]?.sequence { return .bearer(scopes.compactMap(\.string)) }
    guard first["session"] != nil else { throw Unreadable(complaint: "\(id): unknown security") }
    return .session
  }

  private static func resolved(_ node: Node, _ root: Node) -> Node {
    guard let reference = node["$ref"]?.string else { return node }
    return reference.split(separator: "/").dropFirst().reduce(root) { found, step in
      found[String(step)] ?? node
    }
  }
}
