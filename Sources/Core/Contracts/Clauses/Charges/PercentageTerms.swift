package import Base

/// A percentage of the amounts that events carry. Formula: Rating, `Percentage`.
package struct PercentageTerms: ClauseTerms {
  package static var kind: String { "percentage" }

  package enum Rate: Hashable, Sendable {
    /// In per cent.
    case plain(Fixed)
    /// In per cent of the part of the amount that falls into each tier.
    case graduated(TierTerms)
  }

  /// What is agreed for each event by itself.
  package struct PerEvent: Hashable, Sendable {
    /// Events that cost nothing, the first ones of each period.
    package let free: Int?
    /// Added to the percentage.
    package let fixed: Fixed?
    package let minimum: Fixed?
    package let maximum: Fixed?

    package static let none = PerEvent()

    package init(
      free: Int? = nil, fixed: Fixed? = nil, minimum: Fixed? = nil, maximum: Fixed? = nil
    ) {
      self.free = free
      self.fixed = fixed
      self.minimum = minimum
      self.maximum = maximum
    }
  }

  /// Sums the amounts, in the currency of the contract.
  package let meter: MeterKey
  package let rate: Rate
  /// Of each period, this much costs nothing.
  package let freeAmount: Fixed?
  package let perEvent: PerEvent

  package init(
    meter: MeterKey, rate: Rate, freeAmount: Fixed? = nil, perEvent: PerEvent = .none
  ) {
    self.meter = meter
    self.rate = rate
    self.freeAmount = freeAmount
    self.perEvent = perEvent
  }

  package var meters: [MeterKey] { [meter] }

  /// Whether the sum of the amounts does not say enough.
  package var readsEvents: Bool { perEvent != .none }

  /// Per cent become parts of one, which takes two more places.
  package static let ratePlacesMax = Fixed.placesMax - 2
}

extension PercentageTerms {
  package func summary(in currency: Currency) -> String { "a percentage of \(meter)" }

  package init?(_ fields: inout FieldReader) {
    let meter = fields.required("meter", MeterKey.read)
    let plain = fields.optional("rate", Node.decimal)
    let tiers = fields.optional(
      "tiers", all: Node.list(of: TierTerms.Tier.init(_:), countMax: 100))
    let flatAtZero = fields.optional("flatAtZero", Node.flag)
    let freeAmount = fields.optional("freeAmount", Node.nonNegative)
    let perEvent = PerEvent(
      free: fields.optional("freeEvents", Node.integer(in: 0...1_000_000)),
      fixed: fields.optional("fixed", Node.decimal),
      minimum: fields.optional("minimumPerEvent", Node.nonNegative),
      maximum: fields.optional("maximumPerEvent", Node.nonNegative))
    if let low = try? perEvent.minimum?.ratio, let high = try? perEvent.maximum?.ratio, low > high {
      fields.refuse("maximumPerEvent", "the maximum is not below the minimum")
    }
    if tiers != nil, perEvent != .none {
      fields.refuse("tiers", "tiers are for the whole amount; nothing is agreed for each event")
    }
    let rate = Rate(plain, tiers, flatAtZero: flatAtZero ?? false, &fields)
    guard let meter, let rate else { return nil }
    self.init(meter: meter, rate: rate, freeAmount: freeAmount, perEvent: perEvent)
  }

  package var members: [JSON.Member] {
    var terms: [(String, JSON?)] = [("meter", .text(meter))]
    var tiers: [JSON.Member] = []
    switch rate {
    case .plain(let rate): terms.append(("rate", .decimal(rate)))
    case .graduated(let terms): tiers = terms.members
    }
    let more: [(String, JSON?)] = [
      ("freeAmount", freeAmount.map(JSON.decimal)),
      ("freeEvents", perEvent.free.map { .integer($0) }),
      ("fixed", perEvent.fixed.map(JSON.decimal)),
      ("minimumPerEvent", perEvent.minimum.map(JSON.decimal)),
      ("maximumPerEvent", perEvent.maximum.map(JSON.decimal)),
    ]
    func present(_ terms: [(String, JSON?)]) -> [JSON.Member] {
      terms.compactMap { name, value in value.map { JSON.Member(name, $0) } }
    }
    return present(terms) + tiers + present(more)
  }
}

extension PercentageTerms.Rate {
  /// There is one of `rate` and `tiers`.
  fileprivate init?(
    _ plain: Fixed?, _ tiers: [TierTerms.Tier]?, flatAtZero: Bool, _ fields: inout FieldReader
  ) {
    switch (plain, tiers) {
    case (let plain?, nil):
      guard plain.places <= PercentageTerms.ratePlacesMax else {
        fields.refuse(
          "rate", "a rate in per cent has at most \(PercentageTerms.ratePlacesMax) places")
        return nil
      }
      self = .plain(plain)
    case (nil, let tiers?):
      guard tiers.allSatisfy({ $0.rate.places <= PercentageTerms.ratePlacesMax }) else {
        fields.refuse(
          "tiers", "a rate in per cent has at most \(PercentageTerms.ratePlacesMax) places")
        return nil
      }
      do throws(Fault) {
        self = .graduated(try TierTerms(tiers, flatAtZero: flatAtZero))
      } catch {
        fields.refuse("tiers", error.detail)
        return nil
      }
    default:
      fields.refuse("rate", "there is either a `rate` or `tiers`")
      return nil
    }
  }
}
