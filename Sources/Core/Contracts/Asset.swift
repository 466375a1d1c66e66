package import Base

/// A thing in use, known to events by its serial number. Who uses it, and under which contract, is
/// a matter of time.
package struct Asset: Hashable, Sendable {
  package let key: AssetKey
  package let name: String?
  /// Sorted by start; no two overlap.
  package let assignments: [Assignment]

  package func contract(at instant: Instant) -> ContractKey? {
    assignments.first { $0.period.contains(instant) }?.contract
  }
}

/// An asset serves a contract from one moment until another, or until further notice.
package struct Assignment: Hashable, Sendable {
  package let contract: ContractKey
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
    let sorted = (assignments ?? []).sorted { $0.from < $1.from }
    if zip(sorted, sorted.dropFirst()).contains(where: { $0.period.end > $1.from }) {
      fields.refuse("assignments", "two assignments of an asset overlap")
    }
    guard fields.areSound else { throw fields.failure }
    self.init(key: key, name: name, assignments: sorted)
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
    let from = fields.required("from", Node.instant)
    let until = fields.optional("until", Node.instant)
    if let from, let until, until <= from {
      fields.refuse("until", "an assignment ends after it starts")
    }
    guard fields.areSound, let contract, let from else { throw fields.failure }
    self.init(contract: contract, from: from, until: until)
  }

  var json: JSON {
    .object(["contract": .text(contract), "from": .text(from), "until": until.map { .text($0) }])
  }
}
