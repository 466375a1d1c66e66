package import Base

/// A meter's value at a price, with what is free, taken off, and the least and the most it comes
/// to. Formula: Rating, `UsageCharge`.
package struct UsageChargeTerms: ClauseTerms {
  package static var kind: String { "usageCharge" }

  package let meter: MeterKey
  package let price: PriceTerms
  /// Units of each period, or of each year, that cost nothing.
  package let free: Fixed?
  /// The time after which free units and tiers begin anew.
  package let counting: UsageCounting
  /// Taken off the price, in per cent.
  package let discountPercent: Fixed?
  /// Taken off behind the percentage, but never more than there is.
  package let discountAmount: Fixed?
  package let minimum: Fixed?
  package let maximum: Fixed?
  /// Whether the value is time, or a level times time, and its average over the month is priced.
  package let isAveraged: Bool

  package init(
    meter: MeterKey, price: PriceTerms, free: Fixed? = nil, discountPercent: Fixed? = nil,
    discountAmount: Fixed? = nil, minimum: Fixed? = nil, maximum: Fixed? = nil,
    isAveraged: Bool = false, counting: UsageCounting = .period
  ) {
    self.counting = counting
    self.meter = meter
    self.price = price
    self.free = free
    self.discountPercent = discountPercent
    self.discountAmount = discountAmount
    self.minimum = minimum
    self.maximum = maximum
    self.isAveraged = isAveraged
  }
}

extension UsageChargeTerms {
  package var timeMeters: [MeterKey] { [meter] }
  package func summary(in currency: Currency) -> String {
    "\(meter) at a price list in \(currency)"
  }

  package init?(_ fields: inout FieldReader) {
    let meter = fields.required("meter", MeterKey.read)
    let price = fields.required("price", all: PriceTerms.init(_:))
    let free = fields.optional("free", Node.nonNegative)
    let percent = fields.optional("discountPercent", Node.nonNegative)
    let amount = fields.optional("discountAmount", Node.nonNegative)
    let minimum = fields.optional("minimum", Node.nonNegative)
    let maximum = fields.optional("maximum", Node.nonNegative)
    let isAveraged = fields.optional("averaged", Node.flag)
    let counting: UsageCounting? = fields.optional("countedOver", Node.word)
    if isAveraged == true, counting?.basis != nil {
      fields.refuse("countedOver", "an average is that of the period")
    }
    if let percent = try? percent?.ratio, percent > Ratio(100) {
      fields.refuse("discountPercent", "a discount is at most 100 per cent")
    }
    if let low = try? minimum?.ratio, let high = try? maximum?.ratio, low > high {
      fields.refuse("maximum", "the maximum is not below the minimum")
    }
    guard let meter, let price else { return nil }
    self.init(
      meter: meter, price: price, free: free, discountPercent: percent, discountAmount: amount,
      minimum: minimum, maximum: maximum, isAveraged: isAveraged ?? false,
      counting: counting ?? .period)
  }

  package var meters: [MeterKey] { [meter] }

  package var members: [JSON.Member] {
    let terms: [(String, JSON?)] = [
      ("meter", .text(meter)), ("price", price.json), ("free", free.map(JSON.decimal)),
      ("discountPercent", discountPercent.map(JSON.decimal)),
      ("discountAmount", discountAmount.map(JSON.decimal)),
      ("minimum", minimum.map(JSON.decimal)), ("maximum", maximum.map(JSON.decimal)),
      ("averaged", isAveraged ? true : nil),
      ("countedOver", counting == .period ? nil : .string(counting.rawValue)),
    ]
    return terms.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }
}

/// What the use of a meter is counted over, before free units and tiers begin anew.
package enum UsageCounting: String, CaseIterable, Sendable {
  case period, contractYear, calendarYear

  /// Nil where it is each period by itself.
  package var basis: YearBasis? {
    switch self {
    case .period: nil
    case .contractYear: .contract
    case .calendarYear: .calendar
    }
  }
}
