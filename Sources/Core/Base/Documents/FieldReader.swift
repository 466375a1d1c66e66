/// Reads the members of one object and collects every fault on the way: a missing member, a wrong
/// value, a name nobody knows. A reader ends with
/// `guard fields.isValid, let key, let name else { throw fields.failure }`.
package struct FieldReader {
  private let node: Node
  private let members: [JSON.Member]
  /// In the order in which they were asked for.
  private var known: [String] = []
  private var faults: [Fault] = []

  package init(_ node: Node) throws(Faults) {
    guard case .object(let members) = node.json else { throw Faults([node.fault("an object")]) }
    self.node = node
    self.members = members
  }

  package mutating func required<Value>(
    _ name: String, _ read: (Node) throws(Fault) -> Value
  ) -> Value? {
    required(
      name,
      all: { (node) throws(Faults) in try Faults.gather { () throws(Fault) in try read(node) } })
  }

  package mutating func optional<Value>(
    _ name: String, _ read: (Node) throws(Fault) -> Value
  ) -> Value? {
    optional(
      name,
      all: { (node) throws(Faults) in try Faults.gather { () throws(Fault) in try read(node) } })
  }

  /// For a member with parts of its own, which may have several faults.
  package mutating func required<Value>(
    _ name: String, all read: (Node) throws(Faults) -> Value
  ) -> Value? {
    if member(name) == nil {
      faults.append(Fault(.missingField, "`\(name)` is missing", at: pointer(name)))
    }
    return optional(name, all: read)
  }

  package mutating func optional<Value>(
    _ name: String, all read: (Node) throws(Faults) -> Value
  ) -> Value? {
    known.append(name)
    guard let value = member(name) else { return nil }
    do throws(Faults) {
      return try read(node.part(value, at: JSON.pointerStep(name)))
    } catch {
      faults += error.list
      return nil
    }
  }

  /// A rule between several members was broken.
  package mutating func refuse(_ name: String, _ detail: String) {
    faults.append(Fault(.invalidValue, detail, at: pointer(name)))
  }

  /// The same, where the fault names a place below this object by itself.
  package mutating func refuse(_ fault: Fault) {
    faults.append(fault.nested(under: node.pointer))
  }

  /// Whether every member was known and well formed; unknown names become faults here, which tell
  /// the names that are known.
  package var isValid: Bool {
    mutating get {
      let names = known.joined(separator: ", ")
      for member in members where !known.contains(member.name) {
        faults.append(
          Fault(
            .unknownField,
            "unknown field `\(member.name.prefix(40))`; expected one of \(names)",
            at: pointer(member.name)))
        known.append(member.name)
      }
      return faults.isEmpty
    }
  }

  package var failure: Faults { Faults(faults) }

  private func member(_ name: String) -> JSON? { members.first { $0.name == name }?.value }

  private func pointer(_ name: String) -> String { node.pointer + JSON.pointerStep(name) }
}
