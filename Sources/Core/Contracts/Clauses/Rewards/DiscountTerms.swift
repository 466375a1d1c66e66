package import Base

/// Coupons: what is taken off the lines of some clauses, in per cent or as an amount. Formula:
/// Rating, `Discount`.
package struct DiscountTerms: ClauseTerms {
  package static var kind: String { "discount" }

  package enum Cut: Hashable, Sendable {
    case percent(Fixed)
    case amount(Fixed)
  }

  package struct Coupon: Hashable, Sendable {
    package let name: String
    package let cut: Cut
    /// The first billing month in which it counts, and the first in which it no longer does.
    package let from: BillingMonth?
    package let until: BillingMonth?

    package init(
      name: String, cut: Cut, from: BillingMonth? = nil, until: BillingMonth? = nil
    ) {
      self.name = name
      self.cut = cut
      self.from = from
      self.until = until
    }

    package func counts(in month: BillingMonth) -> Bool {
      from.map { $0 <= month } ?? true && until.map { month < $0 } ?? true
    }
  }

  package let coupons: [Coupon]
  /// Whose lines are cut; none are all lines of usage.
  package let clauses: [String]

  package init(coupons: [Coupon], clauses: [String] = []) {
    self.coupons = coupons
    self.clauses = clauses
  }

  package var stage: RatingStage { .goodwill }
}

extension DiscountTerms {
  package func summary(in currency: Currency) -> String {
    "less " + coupons.map(\.name).joined(separator: ", ")
  }

  package init?(_ fields: inout FieldReader) {
    let coupons = fields.required("coupons", all: Node.list(of: Coupon.init(_:), countMax: 50))
    let clauses = fields.optional("clauses", all: Node.clauseNames)
    if let coupons, Set(coupons.map(\.name)).count < coupons.count {
      fields.refuse("coupons", "two coupons have the same name")
    }
    guard let coupons else { return nil }
    self.init(coupons: coupons, clauses: clauses ?? [])
  }

  package var members: [JSON.Member] {
    [.init("coupons", .array(coupons.map(\.json)))]
      + (clauses.isEmpty ? [] : [.init("clauses", .array(clauses.map(JSON.string)))])
  }
}

extension DiscountTerms.Coupon {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let name = fields.required("name", Node.label)
    let percent = fields.optional("percent", Node.nonNegative)
    let amount = fields.optional("amount", Node.nonNegative)
    let from = fields.optional("from", Node.month)
    let until = fields.optional("until", Node.month)
    if let percent = try? percent?.ratio, percent > Ratio(100) {
      fields.refuse("percent", "a discount is at most 100 per cent")
    }
    if (percent == nil) == (amount == nil) {
      fields.refuse("percent", "a coupon is worth either a `percent` or an `amount`")
    }
    if let from, let until, until <= from {
      fields.refuse("until", "a coupon ends after it starts")
    }
    let cut = percent.map(DiscountTerms.Cut.percent) ?? amount.map(DiscountTerms.Cut.amount)
    guard fields.isValid, let name, let cut else { throw fields.failure }
    self.init(name: name, cut: cut, from: from, until: until)
  }

  var json: JSON {
    var (percent, amount): (JSON?, JSON?)
    switch cut {
    case .percent(let value): percent = .decimal(value)
    case .amount(let value): amount = .decimal(value)
    }
    return .object([
      "name": .string(name), "percent": percent, "amount": amount,
      "from": from.map { .text($0) }, "until": until.map { .text($0) },
    ])
  }
}
