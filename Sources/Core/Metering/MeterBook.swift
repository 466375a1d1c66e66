package import Base

/// Every meter, found by the type of an event.
package struct MeterBook: Sendable {
  /// Sorted by key; readings name a meter by its place here.
  package let meters: [MeterDefinition]
  private let placesByType: TextTable<[Int]>

  package init(_ meters: [MeterDefinition] = []) {
    self.meters = meters.sorted { $0.key < $1.key }
    var byType: [String: [Int]] = [:]
    for (place, meter) in self.meters.enumerated() {
      for type in Set(meter.eventTypes) { byType[type, default: []].append(place) }
    }
    var table = TextTable<[Int]>()
    for (type, places) in byType { table.put(places, for: type) }
    placesByType = table
  }

  package subscript(_ key: MeterKey) -> MeterDefinition? {
    meters.first { $0.key == key }
  }

  /// What the meters read from one event is put behind `values`. `data` is JSON that was checked
  /// before.
  package func read(
    type: UnsafeRawBufferPointer, data: UnsafeRawBufferPointer?, into values: inout [MeterValue]
  ) -> MeterReading {
    guard let places = placesByType[type] else {
      return MeterReading(doubt: .unknownEventType, refusal: nil)
    }
    var reading = MeterReading(doubt: nil, refusal: nil)
    for place in places {
      switch meters[place].aggregation {
      case .count: values.append(MeterValue(meter: place, units: 1))
      case .sum(let terms):
        do throws(Fault) {
          let units = try terms.units(in: data ?? UnsafeRawBufferPointer(start: nil, count: 0))
          values.append(MeterValue(meter: place, units: units))
        } catch {
          if error.code == .negativeQuantity {
            reading.refusal = reading.refusal ?? error
          } else {
            reading.doubt = .unreadableValue
          }
        }
      }
    }
    return reading
  }
}

/// What one event adds to one meter.
package struct MeterValue: Sendable {
  /// Place of the meter in its book.
  package let meter: Int
  /// In units of 10^-places of the meter.
  package let units: Int64
}

/// How well the meters could read an event.
package struct MeterReading: Sendable {
  /// Why the event does not count fully, where it does not; it is kept all the same.
  package fileprivate(set) var doubt: Fault.Code?
  /// Why the event is not let in: a negative value where a meter forbids one.
  package fileprivate(set) var refusal: Fault?

  /// The doubt about an event that was let in before the meters became what they are: one that
  /// would be refused now is kept, and the other meters count it.
  package var doubtOnceAdmitted: Fault.Code? { refusal?.code ?? doubt }
}
