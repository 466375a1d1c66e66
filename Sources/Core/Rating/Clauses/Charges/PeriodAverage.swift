import Base
import Metering

/// The average of a level over a period, or how many were in use on average.
///
///     average = value / length of the period, in the unit of time of the value
///
/// The whole period counts, also where the contract covers a part of it: what was there for
/// half of it is half of it.
struct PeriodAverage {
  let step: Derivation.Step
  /// Of the period, in that unit.
  let length: Ratio

  init(_ usage: MeteredUsage, _ period: Period) throws(Fault) {
    var unit = usage.unit
    if case .timeWeightedSum(let terms) = usage.meter.aggregation { unit = terms.per }
    guard let countPerHour = unit.countPerHour else {
      throw Fault(
        .invalidValue,
        "meter `\(usage.meter.key)` counts `\(unit.name)`; only time, or a level times time, "
          + "has an average over a month")
    }
    length = try Ratio(Int128(period.microseconds), over: 3_600_000_000) * Ratio(countPerHour)
    let value = try usage.value.ratio
    step = Derivation.Step(
      name: "average", formula: "v = value / length",
      inputs: [.init("value", value), .init("length", "\(length) \(unit.name)")],
      exact: try value / length, rounded: nil)
  }
}
