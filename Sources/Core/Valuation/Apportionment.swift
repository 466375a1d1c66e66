package import Base

/// Rounds the lines of a sum so that they add up to the rounded sum: the method of the largest
/// remainder. Every line is cut down to a whole number; what is then missing from the sum is given
/// out by ones, to those that lost most, and among equals to the first.
///
/// A line that is whole stays as it is, and no line moves by one or more.
package func apportioned(_ exact: [Ratio]) throws(Fault) -> [Int128] {
  var sum = Ratio.zero
  for line in exact { sum = try sum + line }

  var whole: [Int128] = []
  var remainders: [(index: Int, lost: Ratio)] = []
  for (index, line) in exact.enumerated() {
    let floor = floorDivide(line)
    whole.append(floor)
    remainders.append((index, try line - Ratio(floor)))
  }
  let missing = Int(try sum.rounded(to: 0).units - whole.reduce(0, +))
  let losers = remainders.sorted { ($1.lost, $0.index) < ($0.lost, $1.index) }
  // The remainders add up to less than their number, so that nobody is given more than one.
  for loser in losers.prefix(missing) { whole[loser.index] += 1 }
  return whole
}

private func floorDivide(_ number: Ratio) -> Int128 {
  let (quotient, remainder) = number.numerator.quotientAndRemainder(
    dividingBy: number.denominator)
  return remainder < 0 ? quotient - 1 : quotient
}
