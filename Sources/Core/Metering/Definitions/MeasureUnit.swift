import Base

/// What a meter counts in. Units of time are known, so that a rate per hour can be applied to them;
/// every other unit is a name.
package struct MeasureUnit: Hashable, Sendable {
  package let name: String

  package init(_ name: String) { self.name = name }

  package static let second = MeasureUnit("s")

  /// How many of this unit make an hour; nil where it does not measure time.
  package var countPerHour: Int128? {
    switch name {
    case "s": 3600
    case "min": 60
    case "h": 1
    default: nil
    }
  }

  static func read(_ node: Node) throws(Fault) -> MeasureUnit {
    let name = try Node.label(node)
    guard name.utf8.count <= 20 else { throw node.fault("a unit of at most 20 bytes") }
    return MeasureUnit(name)
  }

  static func readTime(_ node: Node) throws(Fault) -> MeasureUnit {
    let unit = try read(node)
    guard unit.countPerHour != nil else { throw node.fault("a unit of time: s, min or h") }
    return unit
  }
}
