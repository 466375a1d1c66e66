package import Base
package import Metering

/// A window of a meter that a clause wants to know.
package struct UsageRequest: Hashable, Sendable {
  package let meter: MeterKey
  package let period: Period

  package init(_ meter: MeterKey, _ period: Period) {
    self.meter = meter
    self.period = period
  }
}

/// The usage a contract is rated on, gathered before: rating itself asks nobody.
package struct UsageTable: Sendable {
  private let values: [UsageRequest: MeteredUsage]

  package init(_ values: [UsageRequest: MeteredUsage]) { self.values = values }

  /// What the meter showed; a meter that nobody has defined is a fault, never a zero.
  package func usage(_ meter: MeterKey, _ period: Period) throws(Fault) -> MeteredUsage {
    guard let usage = values[UsageRequest(meter, period)] else {
      throw Fault(.danglingReference, "there is no meter `\(meter)`")
    }
    return usage
  }

  package func hours(_ meter: MeterKey, _ period: Period) throws(Fault) -> Ratio {
    let usage = try usage(meter, period)
    guard let countPerHour = usage.unit.countPerHour else {
      throw Fault(
        .invalidValue, "meter `\(meter)` counts `\(usage.unit.name)`, not s, min or h")
    }
    return try usage.value.ratio / Ratio(countPerHour)
  }
}
