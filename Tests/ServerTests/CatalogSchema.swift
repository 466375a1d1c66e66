import Base
import Foundation
import YAML

/// The JSON Schema of a catalog's files, made from the schemas of openapi.yaml: what HTTP takes
/// and what files hold is described once.
struct CatalogSchema {
  static let file = OpenAPIDocument.file.deletingLastPathComponent()
    .appending(path: "catalog.schema.json")

  /// `Catalog` and all that it refers to.
  let definitions: [(name: String, schema: JSON)]

  init() throws {
    let text = try String(contentsOf: OpenAPIDocument.file, encoding: .utf8)
    let schemas = try YAMLDocument(text).json["components"]?["schemas"] ?? .null
    var names = ["Catalog"]
    var index = 0
    while index < names.count {
      for name in Self.references(in: schemas[names[index]] ?? .null) where !names.contains(name) {
        names.append(name)
      }
      index += 1
    }
    definitions = names.map { ($0, Self.inFiles($0, schemas[$0] ?? .null)) }
  }

  var json: JSON {
    guard case .object(let catalog) = definitions[0].schema else { return .null }
    let head: [JSON.Member] = [
      .init("$schema", "https://json-schema.org/draft/2020-12/schema"),
      .init("title", "A catalog of Usance"),
    ]
    return Self.rewritten(
      .object(
        head + catalog + [
          .init("$defs", .object(definitions.dropFirst().map { .init($0.name, $0.schema) }))
        ]))
  }

  /// A line a member, so that changes are seen one by one.
  var text: String { Self.pretty(json, margin: "") + "\n" }

  subscript(_ name: String) -> JSON { definitions.first { $0.name == name }?.schema ?? .null }

  /// Where a schema refers to another, that one.
  func resolved(_ schema: JSON) -> JSON {
    schema["$ref"]?.stringValue.flatMap { $0.split(separator: "/").last }
      .map { self[String($0)] } ?? schema
  }

  /// In files the key is that of the section, and there is no version; the publications of an index
  /// may stand in a table beside the file.
  private static func inFiles(_ name: String, _ schema: JSON) -> JSON {
    guard case .object(let members) = schema,
      case .object(let properties) = schema["properties"]
    else { return schema }
    let kept = properties.filter { !isEnvelope($0) }.map { property in
      guard name == "IndexSeries", property.name == "publications" else { return property }
      let table: JSON = [
        "type": "string", "pattern": "\\.csv$",
        "description": "The name of a table beside the file: month, published, value.",
      ]
      return JSON.Member(property.name, ["anyOf": [property.value, table]])
    }
    return .object(members.map { $0.name == "properties" ? .init($0.name, .object(kept)) : $0 })
  }

  /// A clause has a key of its own, which is a label.
  private static func isEnvelope(_ property: JSON.Member) -> Bool {
    property.name == "version"
      || property.name == "key" && property.value["$ref"] == "#/components/schemas/Key"
  }

  private static func references(in schema: JSON) -> [String] {
    switch schema {
    case .array(let elements): elements.flatMap(references)
    case .object(let members):
      members.flatMap { member in
        member.name == "$ref"
          ? [String(member.value.stringValue?.split(separator: "/").last ?? "")]
          : references(in: member.value)
      }
    default: []
    }
  }

  private static func rewritten(_ schema: JSON) -> JSON {
    switch schema {
    case .array(let elements): .array(elements.map(rewritten))
    case .object(let members):
      .object(
        members.map { member in
          let text = member.name == "$ref" ? member.value.stringValue : nil
          return .init(
            member.name,
            text.map { .string($0.replacing("#/components/schemas/", with: "#/$defs/")) }
              ?? rewritten(member.value))
        })
    default: schema
    }
  }

  private static func pretty(_ json: JSON, margin: String) -> String {
    guard json.text.utf8.count + margin.count > 88 else { return json.text }
    let inner = margin + "  "
    switch json {
    case .array(let elements):
      return "[\n" + elements.map { inner + pretty($0, margin: inner) }.joined(separator: ",\n")
        + "\n\(margin)]"
    case .object(let members):
      return "{\n"
        + members.map { "\(inner)\(JSON.string($0.name).text): \(pretty($0.value, margin: inner))" }
        .joined(separator: ",\n") + "\n\(margin)}"
    default: return json.text
    }
  }
}
