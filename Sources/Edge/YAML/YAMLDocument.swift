package import Base
import Yams

/// A file in YAML as a document, with the place of each of its parts.
///
/// It is read strictly: a name twice in one object, a tag, a second document are faults. What looks
/// like a number of JSON is that number, digit by digit; `true`, `false` and `null` are what they
/// say; all else is text. Anchors are followed, within bounds.
package struct YAMLDocument: Sendable {
  package static let depthMax = 64
  package static let valuesMax = 2_000_000

  package let json: JSON
  private let places: [String: Place]

  /// Where a value stands, and where the name it goes by does.
  private struct Place {
    let value: TextPlace
    let name: TextPlace
  }

  /// All names that stand twice in one object are told together; what is no YAML at all, alone.
  package init(_ text: String) throws(YAMLFaults) {
    var reading = Reading(RepeatedNames(text))
    let json: JSON
    do throws(YAMLFault) {
      json = try reading.document()
    } catch {
      throw YAMLFaults(reading.repeated + [error])
    }
    guard reading.repeated.isEmpty else { throw YAMLFaults(reading.repeated) }
    self.json = json
    places = reading.places
  }

  /// Where the value of a pointer stands or, where there is none, the nearest thing around it.
  /// `byName` asks for the name of a member instead of its value.
  package func place(of pointer: String, byName: Bool = false) -> TextPlace {
    var pointer = pointer[...]
    while !pointer.isEmpty {
      if let place = places[String(pointer)] { return byName ? place.name : place.value }
      pointer = pointer[..<(pointer.lastIndex(of: "/") ?? pointer.startIndex)]
    }
    return places[""]?.value ?? TextPlace(line: 1, column: 1)
  }

  private struct Reading {
    var places: [String: Place] = [:]
    var repeated: [YAMLFault] = []
    private var names: RepeatedNames

    init(_ names: RepeatedNames) { self.names = names }

    mutating func document() throws(YAMLFault) -> JSON {
      guard let root = try names.compose() else { return .null }
      return try value(root, at: "", name: nil, depth: 0)
    }

    private mutating func value(
      _ node: Yams.Node, at pointer: String, name: TextPlace?, depth: Int
    ) throws(YAMLFault) -> JSON {
      let place = names.place(node.mark)
      guard depth < YAMLDocument.depthMax else {
        throw YAMLFault("values nest at most \(YAMLDocument.depthMax) deep", at: place)
      }
      guard places.count < YAMLDocument.valuesMax else {
        throw YAMLFault("over \(YAMLDocument.valuesMax) values; do anchors multiply?", at: place)
      }
      // What has parts begins on the line of its first part; people look for its name.
      let isScalar = node.scalar != nil
      places[pointer] = Place(value: isScalar ? place : name ?? place, name: name ?? place)
      switch node {
      case .scalar(let scalar): return try YAMLScalar.value(of: scalar, at: place)
      case .sequence(let sequence):
        try refuseTag(sequence.tag, "seq", place)
        var elements: [JSON] = []
        for (index, element) in sequence.enumerated() {
          elements.append(
            try value(element, at: "\(pointer)/\(index)", name: nil, depth: depth + 1))
        }
        return .array(elements)
      case .mapping(let mapping):
        try refuseTag(mapping.tag, "map", place)
        return .object(try members(mapping, at: pointer, depth))
      case .alias: throw YAMLFault("an alias of nothing", at: place)
      }
    }

    private mutating func members(
      _ mapping: Yams.Node.Mapping, at pointer: String, _ depth: Int
    ) throws(YAMLFault) -> [JSON.Member] {
      var members: [JSON.Member] = []
      var first: [String: TextPlace] = [:]
      for (key, element) in mapping {
        let place = names.place(key.mark)
        guard let scalar = key.scalar else { throw YAMLFault("a name is a text", at: place) }
        let name = names.name(scalar)
        let value = try value(
          element, at: pointer + JSON.pointerStep(name), name: place, depth: depth + 1)
        // Yams finds `1` and `"1"` different.
        if let first = first[name] {
          repeated.append(
            YAMLFault(
              "`\(name)` appears twice in one object, first on line \(first.line)", at: place))
        } else {
          first[name] = place
          members.append(JSON.Member(name, value))
        }
      }
      return members
    }

    private func refuseTag(_ tag: Tag, _ usual: String, _ place: TextPlace) throws(YAMLFault) {
      let name = tag.description
      guard ["", "tag:yaml.org,2002:\(usual)"].contains(name) else {
        throw YAMLFault("tags are not read here", at: place)
      }
    }
  }
}
