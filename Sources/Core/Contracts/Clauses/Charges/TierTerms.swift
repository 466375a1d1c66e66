package import Base

/// Rates by how much is used.
package struct TierTerms: Hashable, Sendable {
  package struct Tier: Hashable, Sendable {
    /// Where the tier ends; nil for the last one.
    package let end: End?
    /// For each unit, or each block of units.
    package let rate: Fixed
    /// Once for the tier, where it is reached.
    package let flat: Fixed?
    /// How many units one rate buys; a block that is begun is charged whole. Nil for one by one, to
    /// the fraction.
    package let block: Fixed?
    /// The most that the tier costs, its flat amount included.
    package let cap: Fixed?

    package init(
      end: End?, rate: Fixed, flat: Fixed? = nil, block: Fixed? = nil, cap: Fixed? = nil
    ) {
      self.end = end
      self.rate = rate
      self.flat = flat
      self.block = block
      self.cap = cap
    }
  }

  /// Price lists differ in which tier the bound itself belongs to.
  package enum End: Hashable, Sendable {
    /// To this tier: up to and including it.
    case upTo(Fixed)
    /// To the next one.
    case below(Fixed)

    package var bound: Fixed {
      switch self {
      case .upTo(let bound), .below(let bound): bound
      }
    }
  }

  /// At least one; their ends rise, and the last one has none, so that no quantity falls through.
  package let tiers: [Tier]
  /// Whether the first tier's flat amount is due also where nothing was used.
  package let flatAtZero: Bool

  package init(_ tiers: [Tier], flatAtZero: Bool = false) throws(Fault) {
    guard let last = tiers.last, last.end == nil else {
      throw Fault(.invalidValue, "the last tier has no end, so that every quantity has a price")
    }
    var previous = Ratio.zero
    for tier in tiers.dropLast() {
      guard let bound = try tier.end?.bound.ratio, bound > previous else {
        throw Fault(.invalidValue, "every tier but the last ends, above the one before")
      }
      previous = bound
    }
    guard tiers.allSatisfy({ $0.block.map { $0.units > 0 } ?? true }) else {
      throw Fault(.invalidValue, "a block holds something")
    }
    self.tiers = tiers
    self.flatAtZero = flatAtZero
  }
}

extension TierTerms {
  init?(_ fields: inout FieldReader) {
    let tiers = fields.required("tiers", all: Node.list(of: Tier.init(_:), countMax: 100))
    let flatAtZero = fields.optional("flatAtZero", Node.flag)
    guard let tiers else { return nil }
    do throws(Fault) {
      try self.init(tiers, flatAtZero: flatAtZero ?? false)
    } catch {
      fields.refuse("tiers", error.detail)
      return nil
    }
  }

  var members: [JSON.Member] {
    [
      .init("tiers", .array(tiers.map(\.json))), .init("flatAtZero", .bool(flatAtZero)),
    ]
  }
}

extension TierTerms.Tier {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let upTo = fields.optional("upTo", Node.decimal)
    let below = fields.optional("below", Node.decimal)
    let rate = fields.required("rate", Node.decimal)
    let flat = fields.optional("flat", Node.decimal)
    let block = fields.optional("block", Node.decimal)
    let cap = fields.optional("cap", Node.nonNegative)
    if upTo != nil, below != nil {
      fields.refuse("below", "a tier ends in one way: either `upTo` or `below`")
    }
    guard fields.isValid, let rate else { throw fields.failure }
    self.init(
      end: upTo.map { .upTo($0) } ?? below.map { .below($0) }, rate: rate, flat: flat,
      block: block, cap: cap)
  }

  var json: JSON {
    var (upTo, below): (JSON?, JSON?)
    switch end {
    case .upTo(let bound): upTo = .decimal(bound)
    case .below(let bound): below = .decimal(bound)
    case nil: break
    }
    return .object([
      "upTo": upTo, "below": below, "rate": .decimal(rate), "flat": flat.map(JSON.decimal),
      "block": block.map(JSON.decimal), "cap": cap.map(JSON.decimal),
    ])
  }
}
