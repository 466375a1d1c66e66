import Base
import Valuation

/// SplitMix64: the same numbers on every run, so that a failure can be looked at again.
/// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

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
