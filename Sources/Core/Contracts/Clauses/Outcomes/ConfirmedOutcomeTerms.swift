package import Base

/// A price for each outcome, such as a case that was solved, once it is confirmed or nobody has
/// objected to it in time. Formula: Rating, `ConfirmedOutcome`.
package struct ConfirmedOutcomeTerms: ClauseTerms {
  package static var kind: String { "confirmedOutcome" }

  /// It counts every event about an outcome, whatever the event says of it.
  package let meter: MeterKey
  /// At least one tier; their ends rise, and the last one has none.
  package let prices: [OutcomeTier]
  /// How long the customer has to confirm or reject; what it says nothing about is then assumed.
  package let confirmWithinHours: Int
  /// How long an outcome that was confirmed or assumed may still be reversed.
  package let reverseWithinHours: Int
  package let once: DeduplicationTerms?
  package let countedOver: OutcomeCounting
  /// Outcomes beyond so many are recorded, unbilled.
  package let outcomesMax: Int?
  /// An outcome that would lead past it is recorded, unbilled.
  package let amountMax: Fixed?
  /// Whose share of an outcome is billed where several brought it about; nil for all of it.
  package let share: String?

  package init(
    meter: MeterKey, prices: [OutcomeTier], confirmWithinHours: Int, reverseWithinHours: Int,
    once: DeduplicationTerms? = nil, countedOver: OutcomeCounting = .month, outcomesMax: Int? = nil,
    amountMax: Fixed? = nil, share: String? = nil
  ) {
    precondition(prices.last.map { $0.upTo == nil } ?? false, "the last tier has no end")
    self.meter = meter
    self.prices = prices
    self.confirmWithinHours = confirmWithinHours
    self.reverseWithinHours = reverseWithinHours
    self.once = once
    self.countedOver = countedOver
    self.outcomesMax = outcomesMax
    self.amountMax = amountMax
    self.share = share
  }
}

/// What an outcome costs as long as no more than `upTo` of them were billed.
package struct OutcomeTier: Hashable, Sendable {
  package let upTo: Int?
  package let confirmed: Fixed
  package let assumed: Fixed

  package init(upTo: Int? = nil, confirmed: Fixed, assumed: Fixed) {
    self.upTo = upTo
    self.confirmed = confirmed
    self.assumed = assumed
  }
}

/// Of outcomes with the same value of a field of their claims, and claimed within so many hours of
/// each other, one is billed; without a field, of those about the same subject.
package struct DeduplicationTerms: Hashable, Sendable {
  package let field: String?
  package let hours: Int

  package init(field: String? = nil, hours: Int) {
    self.field = field
    self.hours = hours
  }
}

/// What tiers and caps start anew with.
package enum OutcomeCounting: String, CaseIterable, Sendable {
  case month
  /// Twelve months from the month in which the contract began.
  case contractYear
}

extension ConfirmedOutcomeTerms {
  package static let hoursMax = 87_600

  package func summary(in currency: Currency) -> String {
    "outcomes at \(prices[0].confirmed) \(currency) each"
  }

  package init?(_ fields: inout FieldReader) {
    let hours = Node.integer(in: 0...Self.hoursMax)
    let meter = fields.required("meter", MeterKey.read)
    let prices = fields.required(
      "prices", all: Node.list(of: OutcomeTier.init(_:), countMax: 100))
    let confirmWithinHours = fields.required("confirmWithinHours", hours)
    let reverseWithinHours = fields.required("reverseWithinHours", hours)
    let once = fields.optional("once", all: DeduplicationTerms.init(_:))
    let countedOver: OutcomeCounting? = fields.optional("countedOver", Node.word)
    let outcomesMax = fields.optional("outcomesMax", Node.integer(in: 0...1_000_000_000))
    let amountMax = fields.optional("amountMax", Node.nonNegative)
    let share = fields.optional("share", Node.label)
    let areTiers = prices.map(OutcomeTier.rise) ?? false
    if prices != nil, !areTiers {
      fields.refuse("prices", "every tier but the last ends, above the one before")
    }
    guard let meter, let prices, areTiers, let confirmWithinHours, let reverseWithinHours else {
      return nil
    }
    self.init(
      meter: meter, prices: prices, confirmWithinHours: confirmWithinHours,
      reverseWithinHours: reverseWithinHours, once: once, countedOver: countedOver ?? .month,
      outcomesMax: outcomesMax, amountMax: amountMax, share: share)
  }

  package var stage: RatingStage { .outcome }
  package var meters: [MeterKey] { [meter] }

  package var members: [JSON.Member] {
    let terms: [(String, JSON?)] = [
      ("meter", .text(meter)), ("prices", .array(prices.map(\.json))),
      ("confirmWithinHours", .integer(confirmWithinHours)),
      ("reverseWithinHours", .integer(reverseWithinHours)), ("once", once?.json),
      ("countedOver", .string(countedOver.rawValue)),
      ("outcomesMax", outcomesMax.map { .integer($0) }),
      ("amountMax", amountMax.map(JSON.decimal)), ("share", share.map(JSON.string)),
    ]
    return terms.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }
}

extension OutcomeTier {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let upTo = fields.optional("upTo", Node.integer(in: 1...1_000_000_000))
    let confirmed = fields.required("confirmed", Node.nonNegative)
    let assumed = fields.required("assumed", Node.nonNegative)
    guard fields.isValid, let confirmed, let assumed else { throw fields.failure }
    self.init(upTo: upTo, confirmed: confirmed, assumed: assumed)
  }

  var json: JSON {
    .object([
      "upTo": upTo.map { .integer($0) }, "confirmed": .decimal(confirmed),
      "assumed": .decimal(assumed),
    ])
  }

  fileprivate static func rise(_ tiers: [OutcomeTier]) -> Bool {
    guard let last = tiers.last, last.upTo == nil else { return false }
    var previous = 0
    for tier in tiers.dropLast() {
      guard let end = tier.upTo, end > previous else { return false }
      previous = end
    }
    return true
  }
}

extension DeduplicationTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let field = fields.optional("field", Node.label)
    let hours = fields.required("hours", Node.integer(in: 1...ConfirmedOutcomeTerms.hoursMax))
    guard fields.isValid, let hours else { throw fields.failure }
    self.init(field: field, hours: hours)
  }

  var json: JSON {
    .object(["field": field.map(JSON.string), "hours": .integer(hours)])
  }
}
