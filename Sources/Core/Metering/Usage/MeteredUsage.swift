package import Base

/// Usage with the meter it belongs to, ready to be priced or shown.
package struct MeteredUsage: Hashable, Sendable {
  package let meter: MeterDefinition
  package let usage: Usage
  /// Stands for the value, where there is one.
  private let estimate: Quantity?

  package init(_ meter: MeterDefinition, _ usage: Usage) {
    self.meter = meter
    self.usage = usage
    estimate = nil
  }

  /// A part of what is known: where the meter adds up and nothing was seen in the part, it is zero,
  /// not missing.
  package init(_ meter: MeterDefinition, _ usage: Usage, within whole: MeteredUsage) {
    self.init(meter, usage)
    guard value == .missing, whole.value != .missing else { return }
    switch meter.aggregation {
    case .register, .timeWeightedSum, .stateTime:
      self.init(meter, estimate: .decimal(Fixed(units: 0, places: 0)))
    default: break
    }
  }

  /// What somebody made up for usage that nobody knows.
  package init(_ meter: MeterDefinition, estimate: Quantity) {
    self.meter = meter
    usage = Usage()
    self.estimate = estimate
  }

  package var isEstimated: Bool { estimate != nil }

  package var unit: MeasureUnit { meter.valueUnit }

  /// How long the subject was in which state, where the meter watches states.
  package var states: StateTimes? {
    guard case .states(let states) = usage.detail else { return nil }
    return states
  }

  /// What is known of the readings, where the meter is over a register.
  package var register: RegisterReadings? {
    guard case .register(let readings) = usage.detail else { return nil }
    return readings
  }

  /// The meter's value, converted.
  package var value: Quantity {
    if let estimate { return estimate }
    let value = unconverted
    guard let conversion = meter.conversion, conversion.moment == .after else { return value }
    switch value {
    case .missing, .failed: return value
    case .decimal, .fraction:
      do throws(Fault) { return try conversion.convert(value.ratio) } catch {
        return .failed(error)
      }
    }
  }

  private var unconverted: Quantity {
    switch meter.aggregation {
    case .count: decimal(Int128(usage.count), places: 0)
    case .sum: decimal(usage.units)
    case .mean:
      usage.count == 0 ? .missing : fraction(usage.units, over: power * Int128(usage.count))
    case .minimum, .maximum, .latest:
      samples.first.map { decimal(Int128($0.number)) } ?? .missing
    case .percentile(let terms): terms.nearestRank(of: hours).map { decimal($0) } ?? .missing
    case .uniqueCount: decimal(Int128(samples.count), places: 0)
    case .timeWeightedSum(let terms): integral(terms)
    case .duration: time(usage.units, in: meter.unit)
    case .stateTime(let terms): stateTime(terms)
    case .register: usage.count == 0 ? .missing : decimal(usage.units)
    }
  }

  private func integral(_ terms: TimeWeightedTerms) -> Quantity {
    guard case .held(let held) = usage.detail, held > 0 else { return .missing }
    return time(usage.units, in: terms.per, over: power)
  }

  /// Where nothing is known, there is no value.
  private func stateTime(_ terms: StateTerms) -> Quantity {
    guard let states, states.known > 0 else { return .missing }
    return time(terms.counted.reduce(0) { $0 + states[$1] }, in: meter.unit)
  }

  private func time(
    _ microseconds: Int128, in unit: MeasureUnit, over divisor: Int128 = 1
  ) -> Quantity {
    let seconds = 3600 / (unit.countPerHour ?? 3600)
    return fraction(microseconds, over: divisor * seconds * 1_000_000)
  }

  private func fraction(_ units: Int128, over divisor: Int128) -> Quantity {
    do throws(Fault) { return .fraction(try Ratio(units, over: divisor)) } catch {
      return .failed(error)
    }
  }

  private func decimal(_ units: Int128, places: Int? = nil) -> Quantity {
    .decimal(Fixed(units: units, places: places ?? meter.places))
  }

  private var power: Int128 { Rounding.powerOfTen(meter.places) }

  private var samples: [Sample] {
    guard case .samples(let set) = usage.detail else { return [] }
    return set.samples
  }

  private var hours: [Int128] {
    guard case .hours(let hours) = usage.detail else { return [] }
    return Array(hours.values)
  }
}
