package import Base

/// What the provider pays the customer for, by a catalog of activities. Formula: Rating,
/// `CoCreationCredit`.
package struct CoCreationCreditTerms: ClauseTerms {
  package static var kind: String { "coCreationCredit" }

  package let activities: [ActivityTerms]
  /// The most that all activities of a period come to, in per cent of the base.
  package let capPercent: Fixed?
  /// The clauses whose usage lines are the base; none are all of them.
  package let base: [String]
  /// For how many months what the cap cut off may still be paid out; nil where it is lost.
  package let bankMonths: Int?
  /// What becomes of the bank when the contract ends; nil is `lost`.
  package let bankAtEnd: BankAtEnd?

  package enum BankAtEnd: String, CaseIterable, Sendable { case paid, lost }

  package init(
    activities: [ActivityTerms], capPercent: Fixed? = nil, base: [String] = [],
    bankMonths: Int? = nil, bankAtEnd: BankAtEnd? = nil
  ) {
    self.activities = activities
    self.capPercent = capPercent
    self.base = base
    self.bankMonths = bankMonths
    self.bankAtEnd = bankAtEnd
  }

  /// The lines of the clause that no activity has: of its cap and its bank.
  package static let cut = "cut"
  package static let banked = "banked"
  package static let paid = "paid"
  package static let settled = "settled"
  private static let partsTaken = [cut, banked, paid, settled]

  package var stage: RatingStage { .coCreation }

  package var meters: [MeterKey] { activities.flatMap(\.meters) }

  package var clauses: [String] { base + activities.compactMap(\.finding) }
}

extension CoCreationCreditTerms {
  package func summary(in currency: Currency) -> String { "credits for the customer's own work" }

  package init?(_ fields: inout FieldReader) {
    let activities = fields.required(
      "activities", all: Node.list(of: ActivityTerms.init(_:), countMax: 50))
    let capPercent = fields.optional("capPercent", Node.nonNegative)
    let base = fields.optional("base", all: Node.clauseNames)
    let bankMonths = fields.optional("bankMonths", Node.integer(in: 1...120))
    if bankMonths != nil, capPercent == nil {
      fields.refuse("bankMonths", "only what a cap cuts off is banked")
    }
    let bankAtEnd: BankAtEnd? = fields.optional("bankAtEnd", Node.word)
    if bankAtEnd != nil, bankMonths == nil {
      fields.refuse("bankAtEnd", "nothing is banked")
    }
    if let activities, Set(activities.map(\.key)).count < activities.count {
      fields.refuse("activities", "two activities have the same key")
    }
    if let name = activities?.map(\.key).first(where: Self.partsTaken.contains) {
      fields.refuse("activities", "a line of the cap or the bank is called `\(name)`")
    }
    guard let activities else { return nil }
    self.init(
      activities: activities, capPercent: capPercent, base: base ?? [], bankMonths: bankMonths,
      bankAtEnd: bankAtEnd)
  }

  package var members: [JSON.Member] {
    let terms: [(String, JSON?)] = [
      ("activities", .array(activities.map(\.json))),
      ("capPercent", capPercent.map(JSON.decimal)),
      ("base", base.clauseNames),
      ("bankMonths", bankMonths.map { .integer($0) }),
      ("bankAtEnd", bankAtEnd.map { .string($0.rawValue) }),
    ]
    return terms.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }
}
