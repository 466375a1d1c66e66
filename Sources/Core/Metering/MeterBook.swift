package import Base

/// Every meter, found by the type of an event.
package struct MeterBook: Sendable {
  /// Sorted by key; readings name a meter by its place here.
  package let meters: [MeterDefinition]
  private let placesByType: [String: [Int]]

  package init(_ meters: [MeterDefinition] = []) {
    self.meters = meters.sorted { $0.key < $1.key }
    var byType: [String: [Int]] = [:]
    for (place, meter) in self.meters.enumerated() {
      for type in Set(meter.eventTypes) { byType[type, default: []].append(place) }
    }
    placesByType = byType
  }

  package subscript(_ key: MeterKey) -> MeterDefinition? {
    meters.first { $0.key == key }
  }

  /// What the meters read from one event.
  ///
  /// A value no meter can read leaves a doubt, and the event is kept; a negative value where the
  /// meter forbids one is a fault, and the event is refused.
  package func reading(
    type: String, data: [UInt8].SubSequence?
  ) throws(Fault) -> MeterReading {
    let (reading, refusal) = read(type, data)
    if let refusal { throw refusal }
    return reading
  }

  /// What the meters read from an event that was let in before they became what they are: one that
  /// would refuse it now leaves a doubt, and the others count it.
  package func readingAnew(type: String, data: [UInt8].SubSequence?) -> MeterReading {
    let (reading, refusal) = read(type, data)
    return MeterReading(values: reading.values, doubt: refusal?.code ?? reading.doubt)
  }

  private func read(
    _ type: String, _ data: [UInt8].SubSequence?
  ) -> (reading: MeterReading, refusal: Fault?) {
    guard let places = placesByType[type] else {
      return (MeterReading(values: [], doubt: .unknownEventType), nil)
    }
    var values: [MeterReading.Value] = []
    var doubt: Fault.Code?
    var refusal: Fault?
    for place in places {
      switch meters[place].aggregation {
      case .count: values.append(MeterReading.Value(meter: place, units: 1))
      case .sum(let terms):
        do throws(Fault) {
          values.append(MeterReading.Value(meter: place, units: try terms.units(in: data ?? [])))
        } catch {
          if error.code == .negativeQuantity {
            refusal = refusal ?? error
          } else {
            doubt = .unreadableValue
          }
        }
      }
    }
    return (MeterReading(values: values, doubt: doubt), refusal)
  }
}

/// What one event adds to the meters.
package struct MeterReading: Sendable {
  package struct Value: Sendable {
    /// Place of the meter in its book.
    package let meter: Int
    /// In units of 10^-places of the meter.
    package let units: Int64
  }

  package let values: [Value]
  /// Why the event does not count fully, where it does not.
  package let doubt: Fault.Code?

  package init(values: [Value], doubt: Fault.Code?) {
    self.values = values
    self.doubt = doubt
  }
}
