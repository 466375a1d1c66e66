/// How many events, and the sum of what a meter read from them, exactly.
package struct Tally: Hashable, Sendable {
  package private(set) var count: Int64
  /// In units of 10^-places of the meter.
  package private(set) var units: Int128

  package init(count: Int64 = 0, units: Int128 = 0) {
    self.count = count
    self.units = units
  }

  /// Counts are bounded by what a disk holds, and 2^63 sums of 2^63 fit into 127 bits: adding
  /// cannot overflow.
  package mutating func add(_ other: Tally) {
    count += other.count
    units += other.units
  }

  /// What takes it back again.
  package static prefix func - (tally: Tally) -> Tally {
    Tally(count: -tally.count, units: -tally.units)
  }
}
