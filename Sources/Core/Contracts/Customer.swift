package import Base

/// Whom invoices are addressed to and value is shared with.
package struct Customer: Hashable, Sendable {
  package let key: CustomerKey
  package let name: String

  package init(key: CustomerKey, name: String) {
    self.key = key
    self.name = name
  }
}

extension Customer: CatalogDocument {
  package init(_ node: Node, key: CustomerKey) throws(Faults) {
    var fields = try FieldReader(node)
    let name = fields.required("name", Node.label)
    guard fields.areSound, let name else { throw fields.failure }
    self.init(key: key, name: name)
  }

  package var json: JSON { ["name": .string(name)] }
}
