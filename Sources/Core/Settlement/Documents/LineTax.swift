package import Base
package import Contracts

/// The tax on one line: which, of what kind, and at what rate.
package struct LineTax: Hashable, Sendable {
  package let key: TaxKey
  package let name: String
  package let category: Tax.Category
  /// `0.19` for nineteen per cent.
  package let rate: Fixed
  /// Why nothing is charged, where the customer is exempt.
  package let reason: String?

  package init(
    key: TaxKey, name: String, category: Tax.Category, rate: Fixed, reason: String? = nil
  ) {
    self.key = key
    self.name = name
    self.category = category
    self.rate = rate
    self.reason = reason
  }

  /// What a contract says falls on a clause, at the rate of a day; nil where that is nothing.
  /// `taxes` has those the contract names.
  package init?(
    on clause: String?, day: CivilDate, of contract: Contract, for customer: Customer,
    _ taxes: [TaxKey: Tax]
  ) throws(Fault) {
    guard let key = contract.tax(on: clause) else { return nil }
    guard let tax = taxes[key] else {
      throw Fault(.unknownReference, "there is no tax `\(key)`")
    }
    if let exemption = customer.taxExemption {
      self.init(
        key: key, name: tax.name, category: exemption.category, rate: Fixed(units: 0, places: 2),
        reason: exemption.reason)
      return
    }
    guard let rate = tax.rate(on: day) else {
      throw Fault(.unknownReference, "no rate of the tax `\(key)` holds on \(day)")
    }
    self.init(key: key, name: tax.name, category: tax.category, rate: rate)
  }

  var json: JSON {
    .object([
      "key": .text(key), "name": .string(name), "category": .string(category.rawValue),
      "rate": .decimal(rate), "reason": reason.map(JSON.string),
    ])
  }

  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let key = fields.required("key", TaxKey.read)
    let name = fields.required("name", Node.label)
    let category: Tax.Category? = fields.required("category", Node.word)
    let rate = fields.required("rate", Node.nonNegative)
    let reason = fields.optional("reason", Node.label)
    guard fields.isValid, let key, let name, let category, let rate else { throw fields.failure }
    self.init(key: key, name: name, category: category, rate: rate, reason: reason)
  }
}
