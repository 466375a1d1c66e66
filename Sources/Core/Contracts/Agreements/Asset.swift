package import Base

/// A thing in use, known to events by its serial number. Who uses it, and under which contract, is
/// a matter of time.
package struct Asset: Hashable, Sendable {
  package let key: AssetKey
  package let name: String?
  /// Ascending; no two overlap.
  package let assignments: [Assignment]

  package func contract(at instant: Instant) -> ContractKey? {
    assignments.first { $0.period.contains(instant) }?.contract
  }
}

/// An asset serves a contract from one moment until another, or until further notice.
package struct Assignment: Hashable, Sendable {
  package let contract: ContractKey
  /// The place in the contract that it fills, such as "engine 1": one asset at a time does.
  package let slot: String?
  package let from: Instant
  package let until: Instant?

  package var period: Period { Period(start: from, end: until ?? .latest) }
}

extension Asset: CatalogDocument {
  package init(_ node: Node, key: AssetKey) throws(Faults) {
    var fields = try FieldReader(node)
    let name = fields.optional("name", Node.label)
    let assignments = fields.required(
      "assignments", all: Node.list(of: Assignment.init(_:), countMax: 1000))
    if let assignments,
      zip(assignments, assignments.dropFirst()).contains(where: { $0.period.end > $1.from })
    {
      fields.refuse("assignments", "the assignments of an asset ascend, and do not overlap")
    }
    guard fields.isValid, let assignments else { throw fields.failure }
    self.init(key: key, name: name, assignments: assignments)
  }

  package var json: JSON {
    .object([
      "name": name.map(JSON.string),
      "assignments": .array(assignments.map(\.json)),
    ])
  }
}

extension Assignment {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let contract = fields.required("contract", ContractKey.read)
    let slot = fields.optional("slot", Node.label)
    let from = fields.required("from", Node.instant)
    let until = fields.optional("until", Node.instant)
    if let from, let until, until <= from {
      fields.refuse("until", "an assignment ends after it starts")
    }
    guard fields.isValid, let contract, let from else { throw fields.failure }
    self.init(contract: contract, slot: slot, from: from, until: until)
  }

  var json: JSON {
    .object([
      "contract": .text(contract), "slot": slot.map(JSON.string), "from": .text(from),
      "until": until.map { .text($0) },
    ])
  }
}
