import Base
import Foundation
import TestSupport
import YAML

/// Requests that no careful client sends, made from openapi.yaml: what is new there is tried too.
struct HostileRequests {
  struct Request {
    let method: String
    /// Path and query, as they stand on the first line.
    let target: String
    var headers: [String] = []
    var body = ""
  }

  private struct Operation {
    let method: String
    let path: String
    /// By name, whether it is needed.
    let query: [(name: String, isNeeded: Bool)]
    let body: JSON?
  }

  private let operations: [Operation]
  private let root: JSON

  init() throws {
    root = try YAMLDocument(String(contentsOf: OpenAPIDocument.file, encoding: .utf8)).json
    guard case .object(let paths) = root["paths"] else {
      throw OpenAPIDocument.Unreadable(complaint: "there are no paths")
    }
    let root = root
    operations = paths.flatMap { path in
      ["get", "put", "post", "delete", "patch"].compactMap { method in
        path.value[method].map { operation in
          let shared = path.value["parameters"]?.elements ?? []
          let query = (shared + (operation["parameters"]?.elements ?? []))
            .map { Self.resolved($0, root) }.filter { $0["in"] == "query" }
          return Operation(
            method: method.uppercased(), path: path.name,
            query: query.map { ($0["name"]?.stringValue ?? "", $0["required"] == true) },
            body: operation["requestBody"].map { Self.resolved($0, root)["content"] ?? .null })
        }
      }
    }
  }

  private static func resolved(_ json: JSON, _ root: JSON) -> JSON {
    guard let reference = json["$ref"]?.stringValue else { return json }
    let found = reference.split(separator: "/").dropFirst()
      .reduce(root) { $0[String($1)] ?? .null }
    return resolved(found, root)
  }
}

extension HostileRequests {
  /// Every parameter of every query and path, with every hostile value, one at a time.
  var sweep: [Request] {
    operations.flatMap { operation -> [Request] in
      let inPath = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }.count
      let paths = (0..<inPath).flatMap { place in
        HostileValue.all.filter { !$0.isEmpty }.map { value in
          target(operation, at: place, value, query: usual(operation, but: nil))
        }
      }
      let queries = operation.query.flatMap { parameter in
        HostileValue.all.map { value in
          target(
            operation, query: usual(operation, but: parameter.name) + ["\(parameter.name)=\(value)"]
          )
        }
      }
      return (paths + queries).map {
        Request(
          method: operation.method, target: $0, headers: ["Content-Type: application/json"],
          body: operation.body == nil ? "" : "{}")
      }
    }
  }

  /// A path with usual values, but for the parameter at one place.
  private func target(
    _ operation: Operation, at place: Int? = nil, _ value: String = "", query: [String]
  ) -> String {
    var count = -1
    let steps = operation.path.split(separator: "/", omittingEmptySubsequences: false).map { step in
      guard step.hasPrefix("{") else { return String(step) }
      count += 1
      return count == place ? value : Self.usual(inPath: operation.path)
    }
    return steps.joined(separator: "/") + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
  }

  private static func usual(inPath path: String) -> String {
    if path.hasPrefix("/v1/invoices/") { return "acme-hours~2013-01" }
    if path.hasPrefix("/v1/contracts/") { return "acme-hours" }
    if path.hasPrefix("/v1/meters/") { return "hours" }
    if path.contains("customers/") { return "acme" }
    return path.hasPrefix("/v1/assets/") ? "N1" : "1"
  }

  /// What else a query needs, so that a hostile value is looked at at all.
  private func usual(_ operation: Operation, but name: String?) -> [String] {
    var needed = Set(operation.query.filter(\.isNeeded).map(\.name))
    let all = Set(operation.query.map(\.name))
    if all.contains("meter") {
      let scopes: Set = ["customer", "contract", "asset", "assets"]
      if name.map({ !scopes.contains($0) }) ?? true { needed.insert("customer") }
      needed.formUnion(name == "start" || name == "end" ? ["start", "end"] : ["month"])
      if name == "zone" { needed.insert("window") }
    }
    if name == "id", all.contains("source") { needed.insert("source") }
    if name == "line" || name == "invoice" { needed.formUnion(["line", "invoice"]) }
    if name == "from" || name == "to" { needed.formUnion(["from", "to"]) }
    if let name { needed.remove(name) }
    return needed.intersection(all).sorted().map { "\($0)=\(Self.words[$0] ?? "1")" }
  }

  private static let words = [
    "meter": "hours", "customer": "acme", "contract": "acme-hours", "asset": "N1", "assets": "N1",
    "month": "2013-01", "start": "2013-01-01T00:00:00Z", "end": "2013-02-01T00:00:00Z",
    "from": "2013-01", "to": "2013-02", "window": "day", "by": "asset", "source": "/fleet",
    "invoice": "acme-hours~2013-01", "line": "engines/hours", "zone": "Europe/Berlin",
    "limit": "3", "format": "csv",
  ]
}

extension HostileRequests {
  /// Any operation, several things odd at once: path, query, headers and body.
  func random(_ random: inout SeededRandom) -> Request {
    let operation = random.pick(operations)
    let inPath = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }.count
    let place = inPath > 0 && random.chance(30) ? random.number(0...inPath - 1) : nil
    var query = usual(operation, but: nil)
    for parameter in operation.query where random.chance(35) {
      query.removeAll { $0.hasPrefix("\(parameter.name)=") }
      let usual = Self.words[parameter.name]
      let value =
        random.chance(50) ? usual ?? random.pick(HostileValue.all) : random.pick(HostileValue.all)
      query.append("\(parameter.name)=\(value)")
    }
    let odd = random.pick(HostileValue.all.filter { !$0.isEmpty })
    var request = Request(
      method: random.chance(95) ? operation.method : random.pick(["HEAD", "DELETE", "PATCH"]),
      target: target(operation, at: place, odd, query: query))
    request.headers = HostileValue.headers.filter { _ in random.chance(8) }
      .map { "\($0): \(random.pick(HostileValue.inHeaders))" }
    if case .object(let contents) = operation.body, let content = contents.first {
      let type = random.chance(90) ? content.name : random.pick(contents).name
      request.headers.append("Content-Type: \(type)")
      var body = value(of: content.value["schema"] ?? .null, depth: 0, &random).text
      if random.chance(5) { body = String(body.prefix(random.number(0...body.count))) }
      request.body = body
    }
    return request
  }

  /// A value that keeps to its schema for the most part, and is hostile here and there.
  private func value(of given: JSON, depth: Int, _ random: inout SeededRandom) -> JSON {
    if random.chance(4) || depth > 12 { return random.pick(HostileValue.inBodies) }
    let schema = Self.resolved(given, root)
    for choices in ["oneOf", "anyOf"] {
      if let choices = schema[choices]?.elements, schema["properties"] == nil {
        return value(of: random.pick(choices), depth: depth + 1, &random)
      }
    }
    if let constant = schema["const"] { return constant }
    if let choices = schema["enum"]?.elements { return random.pick(choices) }
    if let parts = schema["allOf"]?.elements {
      let members = parts.flatMap { part -> [JSON.Member] in
        guard case .object(let members) = value(of: part, depth: depth + 1, &random) else {
          return []
        }
        return members
      }
      return .object(members)
    }
    let name = given["$ref"]?.stringValue.flatMap { $0.split(separator: "/").last.map(String.init) }
    switch (schema["type"]?.stringValue, name) {
    case (_, "Month"?): return random.pick(["2013-01", "2013-02", "0001-01", "9999-12"])
    case (_, "Key"?): return random.pick(["acme-hours", "acme", "N1", "hours", "k"])
    case (_, "Decimal"?): return random.pick(["1", "100.00", "0.19", "-1", "0"])
    case ("object"?, _): return object(schema, depth: depth, &random)
    case ("array"?, _):
      return .array(
        (0..<random.number(0...3)).map { _ in
          value(of: schema["items"] ?? .null, depth: depth + 1, &random)
        })
    case ("integer"?, _): return random.pick([1, 0, 12, 10_000, schema["minimum"] ?? 1])
    case ("boolean"?, _): return .bool(random.chance(50))
    default: return text(schema, &random)
    }
  }

  private func object(_ schema: JSON, depth: Int, _ random: inout SeededRandom) -> JSON {
    var members: [JSON.Member] = []
    let needed = Set(schema["required"]?.elements?.compactMap(\.stringValue) ?? [])
    if case .object(let properties) = schema["properties"] {
      for property in properties
      where needed.contains(property.name) ? random.chance(97) : random.chance(40) {
        members.append(
          .init(property.name, value(of: property.value, depth: depth + 1, &random)))
      }
    }
    if let each = schema["additionalProperties"], case .object = each {
      members.append(
        .init(
          random.pick(["acme-hours", "acme", "N1", "hours", "k"]),
          value(of: each, depth: depth + 1, &random)))
    }
    return .object(members)
  }

  private func text(_ schema: JSON, _ random: inout SeededRandom) -> JSON {
    switch schema["format"]?.stringValue {
    case "date": random.pick(["2013-01-01", "2013-02-28", "0001-01-01", "9999-12-31"])
    case "date-time": random.pick(["2013-01-15T10:00:00Z", "0001-01-01T00:00:00Z"])
    default: random.pick(["1", "EUR", "UTC", "hours", "engines/hours", "/seconds", "flown", "N1"])
    }
  }
}
