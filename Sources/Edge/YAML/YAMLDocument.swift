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

  package init(_ text: String) throws(YAMLFault) {
    let root: Yams.Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw YAMLFault(error)
    }
    var reading = Reading()
    json =
      try root.map { (root) throws(YAMLFault) in
        try reading.value(root, at: "", name: nil, depth: 0)
      } ?? .null
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

    mutating func value(
      _ node: Yams.Node, at pointer: String, name: TextPlace?, depth: Int
    ) throws(YAMLFault) -> JSON {
      let place = TextPlace(node.mark)
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
        var members: [JSON.Member] = []
        var names: Set<String> = []
        for (key, element) in mapping {
          guard let name = key.scalar else {
            throw YAMLFault("a name is a text", at: TextPlace(key.mark))
          }
          // Yams finds `1` and `"1"` different.
          guard names.insert(name.string).inserted else {
            throw YAMLFault(
              "`\(name.string)` appears twice in one object", at: TextPlace(name.mark))
          }
          members.append(
            JSON.Member(
              name.string,
              try value(
                element, at: pointer + JSON.pointerStep(name.string), name: TextPlace(name.mark),
                depth: depth + 1)))
        }
        return .object(members)
      case .alias: throw YAMLFault("an alias of nothing", at: place)
      }
    }

    private func refuseTag(_ tag: Tag, _ usual: String, _ place: TextPlace) throws(YAMLFault) {
      let name = tag.description
      guard ["", "tag:yaml.org,2002:\(usual)"].contains(name) else {
        throw YAMLFault("tags are not read here", at: place)
      }
    }
  }
}
