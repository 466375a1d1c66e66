package import Base

/// Which tax falls on which clauses of a contract.
package struct TaxTerms: Hashable, Sendable {
  package let tax: TaxKey
  /// Keys of clauses; nil where it falls on every line whose clause no other tax names.
  package let clauses: [String]?
}

/// Which tax fell on a clause that a contract is without by now.
struct FormerTax: Hashable {
  let tax: TaxKey?
  /// Whether that named the clause itself.
  let isNamed: Bool

  init(on clause: String, of contract: Contract) {
    (tax, isNamed) = (contract.tax(on: clause), contract.namesTax(on: clause))
  }
}

/// Why a customer is not charged the taxes of its contracts.
package struct TaxExemption: Hashable, Sendable {
  package let category: Tax.Category
  /// What the invoice must say about it, such as `Reverse charge`.
  package let reason: String
}

extension TaxTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let tax = fields.required("tax", TaxKey.read)
    let clauses = fields.optional("clauses", all: Node.clauseNames)
    guard fields.isValid, let tax else { throw fields.failure }
    self.init(tax: tax, clauses: clauses)
  }

  var json: JSON {
    .object(["tax": .text(tax), "clauses": clauses.map { .array($0.map(JSON.string)) }])
  }

  /// What is wrong with the taxes of a contract that has clauses of those keys; nil where nothing.
  static func complaint(_ taxes: [TaxTerms], clauses: [String]) -> String? {
    let named = taxes.flatMap { $0.clauses ?? [] }
    if let stranger = named.first(where: { !clauses.contains($0) }) {
      return "there is no clause `\(stranger)`"
    }
    if Set(named).count < named.count { return "two taxes fall on the same clause" }
    if taxes.count(where: { $0.clauses == nil }) > 1 {
      return "two taxes fall on every clause that is not named"
    }
    return nil
  }
}

extension TaxExemption {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let category: Tax.Category? = fields.required("category", Node.word)
    let reason = fields.required("reason", Node.label)
    if category == .standard { fields.refuse("category", "the standard category exempts nobody") }
    guard fields.isValid, let category, let reason else { throw fields.failure }
    self.init(category: category, reason: reason)
  }

  var json: JSON { ["category": .string(category.rawValue), "reason": .string(reason)] }
}
