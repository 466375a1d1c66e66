import Base
import TestSupport

/// A document made from a schema with everything in it that may be there, and a stranger in each of
/// its objects.
struct SchemaSample {
  static let stranger = "zzz"

  private(set) var document: JSON = .null
  /// The names that the schema has for the objects at each place, where a place is a pointer
  /// without keys and numbers.
  private(set) var names: [String: Set<String>] = [:]
  /// The place of each object by its pointer.
  var places: [String: String] = [:]

  private let schema: CatalogSchema

  init(_ schema: CatalogSchema, named name: String, _ random: inout SeededRandom) {
    self.schema = schema
    document = value(schema[name], at: "", place: "", &random)
  }

  private mutating func value(
    _ given: JSON, at pointer: String, place: String, _ random: inout SeededRandom
  ) -> JSON {
    if let name = given["$ref"]?.stringValue?.split(separator: "/").last, let known = words[name] {
      return known
    }
    let schema = schema.resolved(given)
    if let choices = schema["anyOf"]?.elements {
      return value(choices[0], at: pointer, place: place, &random)
    }
    if let constant = schema["const"] { return constant }
    if let choices = schema["enum"]?.elements { return random.pick(choices) }
    switch schema["type"]?.stringValue {
    case "object": return object(schema, at: pointer, place: place, &random)
    case "array":
      return [value(schema["items"] ?? .null, at: pointer + "/0", place: place + "/*", &random)]
    case "integer": return schema["minimum"] ?? 1
    case "boolean": return .bool(random.chance(50))
    case nil: return branch(of: schema, at: pointer, place: place, &random)
    default: return text(schema)
    }
  }

  /// One of several kinds of object.
  private mutating func branch(
    of schema: JSON, at pointer: String, place: String, _ random: inout SeededRandom
  ) -> JSON {
    guard let branches = schema["oneOf"]?.elements else { return .null }
    return value(random.pick(branches), at: pointer, place: place, &random)
  }

  private mutating func object(
    _ schema: JSON, at pointer: String, place: String, _ random: inout SeededRandom
  ) -> JSON {
    if let each = schema["additionalProperties"], case .object = each {
      return ["k": value(each, at: pointer + "/k", place: place + "/*", &random)]
    }
    var properties = members(schema)
    if let branches = schema["oneOf"]?.elements {
      for property in members(random.pick(branches)) {
        properties.removeAll { $0.name == property.name && property.value != true }
        if property.value != false { properties.append(property) }
      }
    }
    // The sections of the catalog itself are not read by a type.
    if !place.isEmpty {
      names[place, default: []].formUnion(properties.map(\.name))
      places[pointer] = place
    }
    let members = properties.map { property in
      JSON.Member(
        property.name,
        value(
          property.value, at: pointer + JSON.pointerStep(property.name),
          place: "\(place)/\(property.name)", &random))
    }
    return .object(members + (place.isEmpty ? [] : [.init(Self.stranger, 1)]))
  }

  private func members(_ schema: JSON) -> [JSON.Member] {
    guard case .object(let members) = schema["properties"] else { return [] }
    return members
  }

  private func text(_ schema: JSON) -> JSON {
    switch (schema["format"]?.stringValue, schema["pattern"]?.stringValue) {
    case ("date", _): "2013-01-01"
    case ("date-time", _): "2013-01-01T00:00:00Z"
    case (_, "^/"): "/seconds"
    case (_, "^[A-Z]{3}$"): "EUR"
    default: "UTC"
    }
  }

  private let words: [Substring: JSON] = [
    "Key": "k", "Month": "2013-01", "Decimal": "1", "Label": "a label",
  ]
}
