/// How much each dimension counts within its side. Only the ratios matter, for a side is divided by
/// the sum of its weights.
package struct Weights: Hashable, Sendable {
  private let list: [Dimension: Int]

  /// The weights of the policy `vcs-1`, in basis points.
  package static let agreed = Weights(
    list: Dictionary(uniqueKeysWithValues: Dimension.allCases.map { ($0, $0.weight) }))

  package subscript(_ dimension: Dimension) -> Int { list[dimension]! }

  /// The same weights with one of them at `percent` of itself. The agreed weights are multiples of
  /// a hundred, so that they stay whole.
  package func scaling(_ dimension: Dimension, toPercent percent: Int) -> Weights {
    let scaled = self[dimension] * percent
    precondition(scaled > 0 && scaled.isMultiple(of: 100), "a scaled weight is whole")
    var list = list
    list[dimension] = scaled / 100
    return Weights(list: list)
  }

  /// The share of a side's weight that the given dimensions hold, in basis points.
  package func coverageBasisPoints(
    of side: Side, by observed: some Sequence<Dimension>
  ) -> Int {
    let whole = side.dimensions.reduce(0) { $0 + self[$1] }
    let held = observed.reduce(0) { $1.side == side ? $0 + self[$1] : $0 }
    return held * 10_000 / whole
  }
}
