package import Base

/// A price list by what the usage was: by region, by class of service, by both. The meter tells the
/// groups apart. Formula: Rating, `MatrixCharge`.
package struct MatrixTerms: ClauseTerms {
  package static var kind: String { "matrix" }

  package struct Row: Hashable, Sendable {
    /// The values of the group, in the order of the meter's `groupBy`.
    package let group: [String]
    package let price: PriceTerms

    package init(group: [String], price: PriceTerms) {
      self.group = group
      self.price = price
    }
  }

  package let meter: MeterKey
  package let rows: [Row]
  /// For groups without a row. Without it such a group is a fault, never free of charge.
  package let otherwise: PriceTerms?

  package init(meter: MeterKey, rows: [Row], otherwise: PriceTerms? = nil) {
    self.meter = meter
    self.rows = rows
    self.otherwise = otherwise
  }

  package var meters: [MeterKey] { [meter] }
}

extension MatrixTerms {
  package func summary(in currency: Currency) -> String { "\(meter) at a price for each group" }

  package init?(_ fields: inout FieldReader) {
    let meter = fields.required("meter", MeterKey.read)
    let rows = fields.required("prices", all: Node.list(of: Row.init(_:), countMax: 1000))
    let otherwise = fields.optional("otherwise", all: PriceTerms.init(_:))
    if let rows, Set(rows.map(\.group)).count < rows.count {
      fields.refuse("prices", "two prices are for the same group")
    }
    if let rows, Set(rows.map(\.group.count)).count > 1 {
      fields.refuse("prices", "all groups have the same number of values, as the meter has")
    }
    guard let meter, let rows else { return nil }
    self.init(meter: meter, rows: rows, otherwise: otherwise)
  }

  package var members: [JSON.Member] {
    [.init("meter", .text(meter)), .init("prices", .array(rows.map(\.json)))]
      + (otherwise.map { [.init("otherwise", $0.json)] } ?? [])
  }
}

extension MatrixTerms.Row {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let group = fields.required("group", all: Node.list(each: Node.label, countMax: 5))
    let price = fields.required("price", all: PriceTerms.init(_:))
    guard fields.isValid, let group, let price else { throw fields.failure }
    self.init(group: group, price: price)
  }

  var json: JSON { ["group": .array(group.map(JSON.string)), "price": price.json] }
}
