package import Base

/// Whom invoices are addressed to and value is shared with.
package struct Customer: Hashable, Sendable {
  package let key: CustomerKey
  package let name: String
  /// Days until an invoice is due, where the contract does not say.
  package let paymentDays: Int?
  /// Nil where the taxes of its contracts are charged.
  package let taxExemption: TaxExemption?

  package init(
    key: CustomerKey, name: String, paymentDays: Int? = nil, taxExemption: TaxExemption? = nil
  ) {
    self.key = key
    self.name = name
    self.paymentDays = paymentDays
    self.taxExemption = taxExemption
  }
}

extension Customer: CatalogDocument {
  package init(_ node: Node, key: CustomerKey) throws(Faults) {
    var fields = try FieldReader(node)
    let name = fields.required("name", Node.label)
    let paymentDays = fields.optional("paymentDays", Node.integer(in: 0...365))
    let exemption = fields.optional("taxExemption", all: TaxExemption.init(_:))
    guard fields.isValid, let name else { throw fields.failure }
    self.init(key: key, name: name, paymentDays: paymentDays, taxExemption: exemption)
  }

  package var json: JSON {
    .object([
      "name": .string(name), "paymentDays": paymentDays.map { .integer($0) },
      "taxExemption": taxExemption?.json,
    ])
  }
}
