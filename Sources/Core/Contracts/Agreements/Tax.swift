package import Base

/// A tax by name, with its rates over time. Contracts say what it falls on.
package struct Tax: Hashable, Sendable {
  /// The categories of EN 16931, from UNCL 5305: what invoices call the kind of a tax.
  package enum Category: String, CaseIterable, Sendable {
    case standard = "S"
    case zeroRated = "Z"
    case exempt = "E"
    case reverseCharge = "AE"
    case intraCommunity = "K"
    case export = "G"
    case outsideScope = "O"
  }

  package struct Rate: Hashable, Sendable {
    package let from: CivilDate
    /// `0.19` for nineteen per cent.
    package let rate: Fixed
  }

  package let key: TaxKey
  package let name: String
  package let category: Category
  /// Ascending; each holds until the next.
  package let rates: [Rate]

  /// The rate in force on a day; nil before the first.
  package func rate(on day: CivilDate) -> Fixed? { rates.last { $0.from <= day }?.rate }
}

extension Tax: CatalogDocument {
  package init(_ node: Node, key: TaxKey) throws(Faults) {
    var fields = try FieldReader(node)
    let name = fields.required("name", Node.label)
    let category: Category? = fields.required("category", Node.word)
    let rates = fields.required("rates", all: Node.list(of: Rate.init(_:), countMax: 100))
    if let rates, !zip(rates, rates.dropFirst()).allSatisfy({ $0.from < $1.from }) {
      fields.refuse("rates", "the rates ascend by the day they hold from")
    }
    guard fields.isValid, let name, let category, let rates else { throw fields.failure }
    self.init(key: key, name: name, category: category, rates: rates)
  }

  package var json: JSON {
    [
      "name": .string(name), "category": .string(category.rawValue),
      "rates": .array(rates.map { ["from": .text($0.from), "rate": .decimal($0.rate)] }),
    ]
  }
}

extension Tax.Rate {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let from = fields.required("from", Node.date)
    let rate = fields.required("rate", Node.nonNegative)
    guard fields.isValid, let from, let rate else { throw fields.failure }
    self.init(from: from, rate: rate)
  }
}
