package import Base

/// A meter's value for a window: how many events, and their sum, exactly.
package struct Usage: Hashable, Sendable {
  package private(set) var count: Int64
  /// In units of 10^-places of the meter.
  package private(set) var units: Int128

  package init(count: Int64 = 0, units: Int128 = 0) {
    self.count = count
    self.units = units
  }

  /// Counts are bounded by what a disk holds, and 2^63 sums of 2^63 fit into 127 bits: adding
  /// usage cannot overflow.
  package mutating func add(_ other: Usage) {
    count += other.count
    units += other.units
  }

  package static func - (left: Usage, right: Usage) -> Usage {
    Usage(count: left.count - right.count, units: left.units - right.units)
  }
}

/// Usage with the meter it belongs to, ready to be priced or shown.
package struct MeteredUsage: Hashable, Sendable {
  package let meter: MeterDefinition
  package let usage: Usage

  package init(_ meter: MeterDefinition, _ usage: Usage) {
    self.meter = meter
    self.usage = usage
  }

  /// The meter's value: the count, or the sum.
  package var value: Fixed {
    switch meter.aggregation {
    case .count: Fixed(units: Int128(usage.count), places: 0)
    case .sum: Fixed(units: usage.units, places: meter.places)
    }
  }
}
