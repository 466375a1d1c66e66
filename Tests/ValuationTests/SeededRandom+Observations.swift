import Base
import TestSupport
import Valuation

extension SeededRandom {
  /// A measure from somewhat below the low goalpost to somewhat above the high one, in odd
  /// fractions.
  mutating func measure(of dimension: Dimension) throws -> Ratio {
    let (low, high) = (try dimension.goalposts.low.ratio, try dimension.goalposts.high.ratio)
    let pieces = Int128.random(in: 1...997, using: &self)
    let share = try Ratio(
      Int128.random(in: -pieces / 5...pieces * 6 / 5, using: &self), over: pieces)
    return try low + share * (high - low)
  }

  /// A customer of whom each dimension is observed with `percent` chance.
  mutating func observations(observed percent: Int) throws -> [Dimension: Observation] {
    var observations: [Dimension: Observation] = [:]
    for dimension in Dimension.allCases where chance(percent) {
      observations[dimension] = Observation(
        try measure(of: dimension), evidenceCount: Int.random(in: 0...40, using: &self))
    }
    return observations
  }

  mutating func lambda() throws -> Ratio {
    let pieces = Int128.random(in: 1...21, using: &self)
    return try Ratio(Int128.random(in: 0...pieces, using: &self), over: pieces)
  }
}
