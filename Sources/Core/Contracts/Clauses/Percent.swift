import Base

extension Node {
  /// A share in per cent: from 0 to 100.
  static func percent(_ node: Node) throws(Fault) -> Fixed {
    let value = try decimal(node)
    guard value.units >= 0, try value.ratio <= Ratio(100) else {
      throw node.fault("a decimal from 0 to 100")
    }
    return value
  }

  /// The keys of other clauses.
  static func clauseNames(_ node: Node) throws(Faults) -> [String] {
    try list(each: label, countMax: 100)(node)
  }
}

extension [String] {
  /// As a member of a clause; nil where it names none.
  var clauseNames: JSON? { isEmpty ? nil : .array(map(JSON.string)) }
}
