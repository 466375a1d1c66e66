package import Base

/// A dimensionless factor agreed at some points; between them it is interpolated, beyond them flat.
package struct FactorTable: Hashable, Sendable {
  package struct Point: Hashable, Sendable {
    package let at: Fixed
    package let factor: Fixed

    package init(at: Fixed, factor: Fixed) {
      self.at = at
      self.factor = factor
    }
  }

  /// At least one point, strictly ascending in `at`.
  package let points: [Point]

  package init(_ points: [Point]) throws(Fault) {
    guard !points.isEmpty else { throw Fault(.invalidValue, "a table has at least one point") }
    for (left, right) in zip(points, points.dropFirst())
    where try left.at.ratio >= right.at.ratio {
      throw Fault(.invalidValue, "the points of a table ascend; \(right.at) follows \(left.at)")
    }
    self.points = points
  }
}

extension FactorTable {
  init(_ node: Node) throws(Faults) {
    let points = try Node.list(of: Point.init(_:), countMax: 100)(node)
    do throws(Fault) {
      try self.init(points)
    } catch {
      throw Faults([error.nested(under: node.pointer)])
    }
  }

  var json: JSON {
    .array(points.map { ["at": .decimal($0.at), "factor": .decimal($0.factor)] })
  }
}

extension FactorTable.Point {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let at = fields.required("at", Node.decimal)
    let factor = fields.required("factor", Node.nonNegative)
    guard fields.isValid, let at, let factor else { throw fields.failure }
    self.init(at: at, factor: factor)
  }
}
