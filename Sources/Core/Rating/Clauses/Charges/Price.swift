package import Base
package import Contracts

/// What a quantity costs at a price list, exactly, and part by part.
///
///     per unit    q * rate
///     package     ceil(q / units) * amount, or floor where a begun package is free
///     graduated   sum over the tiers reached of min(cap, flat + q in the tier * rate)
///     volume      min(cap, flat + q * rate) of the tier that holds q, or all that it is a part of
///
/// With a block, a tier's rate is for each block that is begun: ceil(q / block) * rate.
///
/// A negative quantity costs the exact negative of what the quantity would. Source: domain, section
/// 4, conventional models.
package struct Price {
  /// What one tier, or the whole quantity, came to.
  package struct Part: Hashable, Sendable {
    package let label: String
    package let quantity: Ratio
    package let amount: Ratio
  }

  package let parts: [Part]

  /// `whole` chooses the tier of a volume price, where the quantity is a part of it.
  package init(
    of quantity: Ratio, at terms: PriceTerms, partOf whole: Ratio? = nil
  ) throws(Fault) {
    guard quantity >= .zero else {
      parts = try Price(of: -quantity, at: terms, partOf: whole).parts.map {
        Part(label: $0.label, quantity: -$0.quantity, amount: -$0.amount)
      }
      return
    }
    switch terms {
    case .perUnit(let rate):
      parts = [
        Part(label: "at \(rate)", quantity: quantity, amount: try quantity * rate.ratio)
      ]
    case .package(let terms): parts = [try Price.packages(quantity, terms)]
    case .graduated(let terms): parts = try Price.graduated(quantity, terms)
    case .volume(let terms): parts = try Price.volume(quantity, terms, of: whole ?? quantity)
    }
  }

  package var amount: Ratio {
    get throws(Fault) {
      var sum = Ratio.zero
      for part in parts { sum = try sum + part.amount }
      return sum
    }
  }

  private static func packages(
    _ quantity: Ratio, _ terms: PackageTerms
  ) throws(Fault) -> Part {
    let exact = try quantity / terms.units.ratio
    let count = try exact.rounded(to: 0, terms.begun == .charged ? .up : .down).units
    return Part(
      label: "packages of \(terms.units) at \(terms.amount)", quantity: Ratio(count),
      amount: try Ratio(count) * terms.amount.ratio)
  }

  private static func graduated(
    _ quantity: Ratio, _ terms: TierTerms
  ) throws(Fault) -> [Part] {
    var parts: [Part] = []
    var start = Ratio.zero
    for (place, tier) in terms.tiers.enumerated() {
      let before = place == 0 ? nil : terms.tiers[place - 1].end
      guard try isReached(quantity, after: before, terms) else { break }
      let end = try tier.end.map { (end) throws(Fault) in try end.bound.ratio }
      let inside = try min(quantity, end ?? quantity) - start
      parts.append(try part(inside, tier))
      start = end ?? start
    }
    return parts
  }

  private static func volume(
    _ quantity: Ratio, _ terms: TierTerms, of whole: Ratio
  ) throws(Fault) -> [Part] {
    guard try isReached(quantity, after: nil, terms) else { return [] }
    let size = max(whole, -whole)
    var place = 0
    while let end = terms.tiers[place].end, try isBeyond(size, end) { place += 1 }
    return [try part(quantity, terms.tiers[place])]
  }

  private static func part(
    _ quantity: Ratio, _ tier: TierTerms.Tier
  ) throws(Fault) -> Part {
    var amount = try tier.rate.ratio
    var label = "at \(tier.rate)"
    if let block = tier.block {
      amount = try amount * Ratio((quantity / block.ratio).rounded(to: 0, .up).units)
      label += " per \(block)"
    } else {
      amount = try amount * quantity
    }
    if let flat = tier.flat {
      amount = try amount + flat.ratio
      label += " and \(flat)"
    }
    if let cap = tier.cap {
      amount = min(amount, try cap.ratio)
      label += ", at most \(cap)"
    }
    return Part(label: label, quantity: quantity, amount: amount)
  }

  /// Whether the quantity gets past the end of the tier before; the first tier is reached by
  /// anything at all.
  private static func isReached(
    _ quantity: Ratio, after end: TierTerms.End?, _ terms: TierTerms
  ) throws(Fault) -> Bool {
    guard let end else { return quantity > .zero || terms.flatAtZero }
    return try isBeyond(quantity, end)
  }

  private static func isBeyond(
    _ quantity: Ratio, _ end: TierTerms.End
  ) throws(Fault) -> Bool {
    switch end {
    case .upTo(let bound): quantity > (try bound.ratio)
    case .below(let bound): quantity >= (try bound.ratio)
    }
  }
}
