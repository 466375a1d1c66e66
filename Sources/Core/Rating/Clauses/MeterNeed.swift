package import Base
package import Metering

/// What a clause asks of one of its meters beside that it is there. Without it no period could be
/// rated, so that it is asked when the clause is agreed on.
package struct MeterNeed: Hashable, Sendable {
  package enum Quality: Hashable, Sendable {
    /// Its value is in s, min or h.
    case time
    /// Its value is time, or a level times time.
    case average
    /// It watches states.
    case states
    /// It tells groups apart, by so many values; nil where any number will do.
    case groups(Int?)
    /// Its value is the sum of what its events carry, one by one.
    case sumOfEvents
  }

  package let meter: MeterKey
  package let quality: Quality
  /// Where the clause names the meter.
  package let pointer: String

  init(_ meter: MeterKey, _ quality: Quality, at pointer: String) {
    self.meter = meter
    self.quality = quality
    self.pointer = pointer
  }

  /// What the meter lacks, as the end of a sentence about it; nil where it has what is needed.
  package func lack(of meter: MeterDefinition) -> String? {
    let unit = meter.valueUnit
    switch quality {
    case .time:
      return unit.countPerHour == nil ? "counts `\(unit.name)`, not s, min or h" : nil
    case .average:
      var timed = unit
      if case .timeWeightedSum(let terms) = meter.aggregation { timed = terms.per }
      return timed.countPerHour == nil
        ? "counts `\(unit.name)`; only time, or a level times time, has an average" : nil
    case .states:
      guard case .stateTime = meter.aggregation else { return "watches no states" }
      return nil
    case .groups(let count):
      guard !meter.groupBy.isEmpty else { return "has no groups to price one by one" }
      guard let count, count != meter.groupBy.count else { return nil }
      return "tells groups apart by \(meter.groupBy.count) values, not by \(count)"
    case .sumOfEvents: return sums(meter) ? nil : "does not sum up what its events carry"
    }
  }

  private func sums(_ meter: MeterDefinition) -> Bool {
    switch meter.aggregation {
    case .count, .sum: meter.conversion.map { $0.moment == .before } ?? true
    default: false
    }
  }
}
