package import Base

/// A ranking of customers together with what it rests on: between which ranks each of them moves
/// when a weight or the price of one-sidedness is chosen otherwise (rule 8 of `vcs-1`).
///
/// Every weight is taken at 0.8 and at 1.2 of itself, one at a time, and under each of these and
/// the agreed weights lambda runs from 0 to 1 in steps of 0.05: 441 rankings.
package struct Sensitivity: Hashable, Sendable {
  package struct Standing: Hashable, Sendable {
    package let customer: CustomerKey
    package let points: Fixed
    /// 1 is first; equal scores share a rank.
    package let rank: Int
    package let rankBest: Int
    package let rankWorst: Int
  }

  /// Two neighbours in the ranking that change places under other values of lambda.
  package struct Swap: Hashable, Sendable {
    package let ahead: CustomerKey
    package let behind: CustomerKey
    /// The values of lambda, in steps of 0.05, at which the one behind would be ahead.
    package let lambdas: [Fixed]
  }

  /// By rank; equals by their keys.
  package let standings: [Standing]
  package let swaps: [Swap]
  /// Customers without enough evidence, by their keys.
  package let unranked: [CustomerKey]

  /// The scores are all of one lambda, the one the ranking is published with.
  package static func of(_ scores: [CustomerKey: Score]) throws(Fault) -> Sensitivity {
    precondition(Set(scores.values.map(\.lambda)).count <= 1, "one ranking has one lambda")
    let entrants = scores.compactMap { customer, score in
      score.composite.map { Entrant(customer, score, $0) }
    }
    .sorted { $0.customer < $1.customer }
    let published = try entrants.first.map { (first) throws(Fault) in
      try ranks(of: entrants, weights: .agreed, lambda: first.score.lambda)
    }
    let standings = try standings(of: entrants, published: published ?? [])
    return Sensitivity(
      standings: standings.map(\.standing),
      swaps: try swaps(of: standings.map(\.entrant)),
      unranked: scores.filter { $0.value.composite == nil }.keys.sorted())
  }

  package func standing(of customer: CustomerKey) -> Standing? {
    standings.first { $0.customer == customer }
  }

  private struct Entrant {
    let customer: CustomerKey
    let score: Score
    let composite: Score.Composite
    let positions: [Dimension: Int]

    init(_ customer: CustomerKey, _ score: Score, _ composite: Score.Composite) {
      self.customer = customer
      self.score = score
      self.composite = composite
      positions = score.readings.mapValues(\.position)
    }

    func balance(_ weights: Weights) -> Balance {
      guard let balance = Balance(positions, weights: weights) else {
        preconditionFailure("a ranked customer is observed on both sides")
      }
      return balance
    }
  }

  private static let stepsPerUnit = 20

  /// 0, 0.05, ... 1, as they are printed.
  private static let lambdas = (0...stepsPerUnit).map { step in
    Fixed(units: Int128(step * 100 / stepsPerUnit), places: 2)
  }

  private static let weightings =
    [Weights.agreed]
    + Dimension.allCases.flatMap { dimension in
      [80, 120].map { Weights.agreed.scaling(dimension, toPercent: $0) }
    }

  private static func standings(
    of entrants: [Entrant], published: [Int]
  ) throws(Fault) -> [(entrant: Entrant, standing: Standing)] {
    var (best, worst) = (published, published)
    for weights in weightings {
      let balances = entrants.map { $0.balance(weights) }
      for lambda in lambdas {
        let ranks = try ranks(of: balances, lambda: try lambda.ratio)
        for (index, rank) in ranks.enumerated() {
          best[index] = min(best[index], rank)
          worst[index] = max(worst[index], rank)
        }
      }
    }
    return entrants.indices
      .sorted { (published[$0], $0) < (published[$1], $1) }
      .map { index in
        let entrant = entrants[index]
        let standing = Standing(
          customer: entrant.customer, points: entrant.composite.points, rank: published[index],
          rankBest: best[index], rankWorst: worst[index])
        return (entrant, standing)
      }
  }

  /// Neighbours are enough: where any two customers change places, two neighbours do.
  private static func swaps(of ranked: [Entrant]) throws(Fault) -> [Swap] {
    var swaps: [Swap] = []
    for (ahead, behind) in zip(ranked, ranked.dropFirst()) {
      let (leader, follower) = (ahead.balance(.agreed), behind.balance(.agreed))
      var overtaken: [Fixed] = []
      for lambda in lambdas {
        let ratio = try lambda.ratio
        if try leader.score(lambda: ratio) < follower.score(lambda: ratio) {
          overtaken.append(lambda)
        }
      }
      guard !overtaken.isEmpty else { continue }
      swaps.append(Swap(ahead: ahead.customer, behind: behind.customer, lambdas: overtaken))
    }
    return swaps
  }

  private static func ranks(
    of entrants: [Entrant], weights: Weights, lambda: Ratio
  ) throws(Fault) -> [Int] {
    try ranks(of: entrants.map { $0.balance(weights) }, lambda: lambda)
  }

  /// The rank of each, in the order given.
  private static func ranks(of balances: [Balance], lambda: Ratio) throws(Fault) -> [Int] {
    var scores: [Ratio] = []
    for balance in balances { scores.append(try balance.score(lambda: lambda)) }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var ranks = scores.map { _ in 1 }
    for (place, index) in order.enumerated().dropFirst() {
      let before = order[place - 1]
      ranks[index] = scores[index] == scores[before] ? ranks[before] : place + 1
    }
    return ranks
  }
}
