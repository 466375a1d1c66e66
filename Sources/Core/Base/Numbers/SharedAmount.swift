extension Money {
  /// Shares the amount out over lines in proportion to their `weights`, in whole minor units that
  /// add up to it.
  ///
  ///     share = amount * weight / sum(weights)     cut toward zero; what is then missing is given
  ///                                                out by ones, to those that lost most, and among
  ///                                                equals to the first
  ///
  /// Weights of both signs count without their signs; where all are zero, the first has it all.
  /// There is at least one. Source: documents, 3.4, the method of the largest remainder.
  package func shared(by weights: [Int128]) throws(Fault) -> [Money] {
    var sum: Int128 = 0
    for weight in weights {
      let (next, overflow) = sum.addingReportingOverflow(Int128(weight.magnitude))
      guard !overflow else { throw Fault(.overflow, "an amount cannot be shared out: 127 bits") }
      sum = next
    }
    guard sum > 0 else {
      return weights.indices.map { $0 == 0 ? self : .zero(currency) }
    }
    let sign: Int128 = amountMinor < 0 ? -1 : 1
    var missing = sign * amountMinor
    var shares: [(place: Int, whole: Int128, lost: Int128)] = []
    for (place, weight) in weights.enumerated() {
      let (product, overflow) = (sign * amountMinor).multipliedReportingOverflow(
        by: Int128(weight.magnitude))
      guard !overflow else { throw Fault(.overflow, "an amount cannot be shared out: 127 bits") }
      let (whole, lost) = product.quotientAndRemainder(dividingBy: sum)
      missing -= whole
      shares.append((place, whole, lost))
    }
    var amounts = shares.map(\.whole)
    // The remainders add up to less than their number, so that nobody is given more than one.
    let losers = shares.sorted { ($1.lost, $0.place) < ($0.lost, $1.place) }
    for loser in losers.prefix(Int(missing)) { amounts[loser.place] += 1 }
    return amounts.map { Money(minor: sign * $0, currency) }
  }
}
