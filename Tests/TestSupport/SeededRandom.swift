import Foundation

/// SplitMix64: the same choices on every run, so that a failure can be looked at again.
/// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
package struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// The seed of this run: that of the environment, or always the same.
  package static let runSeed =
    ProcessInfo.processInfo.environment["USANCE_SEED"].flatMap(UInt64.init) ?? 20_130_101

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  package mutating func number<Number: FixedWidthInteger>(
    _ range: ClosedRange<Number>
  ) -> Number {
    Number.random(in: range, using: &self)
  }

  package mutating func chance(_ percent: Int) -> Bool { number(0...99) < percent }

  package mutating func pick<Choices: RandomAccessCollection>(
    _ choices: Choices
  ) -> Choices.Element {
    choices.randomElement(using: &self)!
  }
}
