package import Base

/// Credit that was bought or given, and that pays what the months come to until it is used up or
/// expires. Formula: Rating, `PrepaidCreditCharge`.
package struct PrepaidCreditTerms: ClauseTerms {
  package static var kind: String { "prepaidCredit" }

  package struct Grant: Hashable, Sendable {
    package let name: String
    package let amount: Fixed
    /// Grants of a lower number are drawn first.
    package let priority: Int
    /// The first month that it pays for, and the first that it no longer does.
    package let from: BillingMonth
    package let until: BillingMonth?
    /// The month whose invoice charges it; nil for what is given.
    package let bought: BillingMonth?

    package init(
      name: String, amount: Fixed, priority: Int = 0, from: BillingMonth,
      until: BillingMonth? = nil, bought: BillingMonth? = nil
    ) {
      self.name = name
      self.amount = amount
      self.priority = priority
      self.from = from
      self.until = until
      self.bought = bought
    }
  }

  package let grants: [Grant]
  /// Whose lines it pays; none are all lines of the month before tax.
  package let clauses: [String]

  package init(grants: [Grant], clauses: [String] = []) {
    self.grants = grants
    self.clauses = clauses
  }

  package var stage: RatingStage { .prepaid }
}

extension PrepaidCreditTerms {
  package func summary(in currency: Currency) -> String { "paid from prepaid credit first" }

  package init?(_ fields: inout FieldReader) {
    let grants = fields.required("grants", all: Node.list(of: Grant.init(_:), countMax: 100))
    let clauses = fields.optional("clauses", all: Node.clauseNames)
    if let grants, Set(grants.map(\.name)).count < grants.count {
      fields.refuse("grants", "two grants have the same name")
    }
    guard let grants else { return nil }
    self.init(grants: grants, clauses: clauses ?? [])
  }

  package var members: [JSON.Member] {
    [.init("grants", .array(grants.map(\.json)))]
      + (clauses.isEmpty ? [] : [.init("clauses", .array(clauses.map(JSON.string)))])
  }
}

extension PrepaidCreditTerms.Grant {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let name = fields.required("name", Node.lineName)
    let amount = fields.required("amount", Node.nonNegative)
    let priority = fields.optional("priority", Node.integer(in: 0...1000))
    let from = fields.required("from", Node.month)
    let until = fields.optional("until", Node.month)
    let bought = fields.optional("bought", Node.month)
    if let from, let until, until <= from {
      fields.refuse("until", "a grant expires after it starts")
    }
    if let from, let bought, from < bought {
      fields.refuse("bought", "credit is bought before it pays")
    }
    guard fields.isValid, let name, let amount, let from else { throw fields.failure }
    self.init(
      name: name, amount: amount, priority: priority ?? 0, from: from, until: until,
      bought: bought)
  }

  var json: JSON {
    .object([
      "name": .string(name), "amount": .decimal(amount), "priority": .integer(priority),
      "from": .text(from), "until": until.map { .text($0) },
      "bought": bought.map { .text($0) },
    ])
  }
}
