package import Base

/// The two sides of a score, and how they make one figure: rules 3 to 5 of `vcs-1`.
///
/// All figures are exact and in thousandths of a point, as the dimensions are.
package struct Balance: Sendable {
  /// A weighted mean, kept as its two sums.
  private struct WeightedSum {
    var sum: Int128 = 0
    var weight: Int128 = 0

    func mean() throws(Fault) -> Ratio { try Ratio(sum, over: weight) }
  }

  private let customer: WeightedSum
  private let provider: WeightedSum
  private let positions: [Dimension: Int]
  private let weights: Weights

  /// Nil where nothing at all is observed on one of the sides: there is no mean of nothing.
  package init?(_ positions: [Dimension: Int], weights: Weights = .agreed) {
    var sums: [Side: WeightedSum] = [:]
    for (dimension, position) in positions {
      let weight = Int128(weights[dimension])
      sums[dimension.side, default: WeightedSum()].sum += weight * Int128(position)
      sums[dimension.side, default: WeightedSum()].weight += weight
    }
    guard let customer = sums[.customer], let provider = sums[.provider] else { return nil }
    self.customer = customer
    self.provider = provider
    self.positions = positions
    self.weights = weights
  }

  package func mean(of side: Side) throws(Fault) -> Ratio {
    try weightedSum(of: side).mean()
  }

  /// What an observed dimension brings in: `w n / (2 sum(w))`.
  package func contribution(of dimension: Dimension) throws(Fault) -> Ratio? {
    guard let position = positions[dimension] else { return nil }
    return try Ratio(
      Int128(weights[dimension]) * Int128(position),
      over: 2 * weightedSum(of: dimension.side).weight)
  }

  /// What one-sidedness takes away: `-lambda |C - P| / 2`, never above zero.
  package func balanceLine(lambda: Ratio) throws(Fault) -> Ratio {
    try -(lambda * Ratio(gap, over: denominator))
  }

  /// What broken commitments take away: delight cannot lift the score above 40 while fewer than 20
  /// of 100 points are reached for them. Nil where that takes nothing, or nobody could observe
  /// them.
  package func gateLine(lambda: Ratio) throws(Fault) -> Ratio? {
    guard isGated else { return nil }
    let excess = try ungated(lambda: lambda) - Balance.gateLimit
    return excess > .zero ? -excess : nil
  }

  /// The value co-creation score, before it is rounded.
  package func score(lambda: Ratio) throws(Fault) -> Ratio {
    let score = try ungated(lambda: lambda)
    return isGated ? min(score, Balance.gateLimit) : score
  }

  private static let gateLimit = Ratio(40_000)
  private static let gateThreshold = 20_000

  private var isGated: Bool {
    positions[.commitmentsKept].map { $0 < Balance.gateThreshold } ?? false
  }

  /// `(C + P) / 2 - lambda |C - P| / 2`.
  private func ungated(lambda: Ratio) throws(Fault) -> Ratio {
    let total = customer.sum * provider.weight + provider.sum * customer.weight
    return try Ratio(total, over: denominator) - lambda * Ratio(gap, over: denominator)
  }

  /// `|C - P| / 2`, in units of one over `denominator`.
  private var gap: Int128 {
    abs(customer.sum * provider.weight - provider.sum * customer.weight)
  }

  private var denominator: Int128 { 2 * customer.weight * provider.weight }

  private func weightedSum(of side: Side) -> WeightedSum {
    switch side {
    case .customer: customer
    case .provider: provider
    }
  }
}
