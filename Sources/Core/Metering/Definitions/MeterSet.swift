package import Base

/// Every meter, found by the type of an event.
package struct MeterSet: Sendable {
  /// Sorted by key; readings name a meter by its place here.
  package let meters: [MeterDefinition]
  /// Of each, how its events are read where that is simple, as it nearly always is. A definition
  /// has much that would be taken hold of for each event.
  private let simple: [SimpleReading?]
  private let placesByType: TextTable<[Int]>

  package init(_ meters: [MeterDefinition] = []) {
    self.meters = meters.sorted { $0.key < $1.key }
    simple = self.meters.map(SimpleReading.init)
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

  /// What the meters read from one event is put behind `readings`. `data` is JSON that was checked
  /// before.
  package func read(
    type: UnsafeRawBufferPointer, data: UnsafeRawBufferPointer?, at occurred: Instant,
    into readings: inout MeterReadings
  ) -> MeterVerdict {
    read(placesByType[type], data: data, at: occurred, into: &readings)
  }

  /// Which meters read events of a type; nil where none does.
  package func places(ofType type: String) -> [Int]? { placesByType[type] }

  /// The same, where it is known which meters read events of that type.
  package func read(
    _ places: [Int]?, data: UnsafeRawBufferPointer?, at occurred: Instant,
    into readings: inout MeterReadings
  ) -> MeterVerdict {
    guard let places else { return MeterVerdict(isOfUnknownType: true) }
    let data = data ?? UnsafeRawBufferPointer(start: nil, count: 0)
    var verdict = MeterVerdict()
    for place in places {
      do throws(Fault) {
        switch simple[place] {
        case .one: readings.add(1, place)
        case .number(let terms): readings.add(try terms.units(in: data), place)
        case nil: try readings.read(meters[place], place, data, at: occurred)
        }
      } catch {
        verdict.failures.append(MeterFailure(place, meters[place], error, data))
      }
    }
    return verdict
  }
}

/// A number that is added to the hour of the event as it stands in it.
private enum SimpleReading {
  case one
  case number(NumberTerms)

  /// Nil where there is more to it.
  init?(_ meter: MeterDefinition) {
    guard meter.conditions.isEmpty, meter.groupBy.isEmpty, meter.conversion?.moment != .before
    else {
      return nil
    }
    switch meter.aggregation {
    case .count: self = .one
    case .sum(let terms), .mean(let terms): self = .number(terms)
    case .percentile(let terms): self = .number(terms.number)
    default: return nil
    }
  }
}

/// What meters read from events, one event behind the other.
package struct MeterReadings: Sendable {
  /// Of plain meters; nearly all there is.
  package fileprivate(set) var values: [MeterValue] = []
  /// Of the others.
  package fileprivate(set) var others: [Reading] = []

  package init() {}

  package mutating func removeAll() {
    values.removeAll(keepingCapacity: true)
    others.removeAll(keepingCapacity: true)
  }

  package mutating func reserveCapacity(_ count: Int) { values.reserveCapacity(count) }

  /// Where the next readings will stand.
  package var end: (values: Int, others: Int) { (values.count, others.count) }

  package mutating func removeAll(from end: (values: Int, others: Int)) {
    values.removeSubrange(end.values...)
    others.removeSubrange(end.others...)
  }

  fileprivate mutating func add(_ units: Int64, _ place: Int) {
    values.append(MeterValue(meter: place, units: units))
  }

  fileprivate mutating func read(
    _ meter: MeterDefinition, _ place: Int, _ data: UnsafeRawBufferPointer, at occurred: Instant
  ) throws(Fault) {
    guard meter.conditions.isEmpty || meter.takesNotice(of: data) else { return }
    switch meter.aggregation {
    case .count where meter.groupBy.isEmpty: add(1, place)
    case .sum(let terms) where meter.groupBy.isEmpty,
      .mean(let terms) where meter.groupBy.isEmpty:
      add(try meter.units(terms, in: data), place)
    case .percentile(let terms) where meter.groupBy.isEmpty:
      add(try meter.units(terms.number, in: data), place)
    default: others.append(try meter.reading(data, at: occurred, place: place))
    }
  }

  /// All of one event, as readings of one form.
  package func all(at occurred: Instant) -> [Reading] {
    values.map {
      Reading(
        meter: $0.meter, occurred: occurred, start: occurred, units: $0.units, group: "",
        sample: nil)
    } + others
  }
}

/// What one event adds to one plain meter, in the hour of the event.
package struct MeterValue: Sendable {
  /// Place of the meter in its book.
  package let meter: Int
  /// In units of 10^-places of the meter.
  package let units: Int64
}

/// How well the meters could read an event.
package struct MeterVerdict: Sendable {
  fileprivate var isOfUnknownType = false
  /// The meters that should have read it and could not, in their order.
  package fileprivate(set) var failures: [MeterFailure] = []

  /// Why the event does not count fully, where it does not; it is kept all the same.
  package var doubt: Fault.Code? {
    isOfUnknownType ? .unknownEventType : failures.isEmpty ? nil : .unreadableValue
  }

  /// Why the event is not let in: a negative value where a meter forbids one.
  package var refusal: Fault? {
    failures.first { $0.fault.code == .negativeQuantity }?.fault
  }

  /// The doubt about an event that was let in before the meters became what they are: one that
  /// would be refused now is kept, and the other meters count it.
  package var doubtOnceAdmitted: Fault.Code? { refusal?.code ?? doubt }
}

/// A meter that reads events of a type could not read one of them.
package struct MeterFailure: Hashable, Sendable {
  /// Place of the meter in its book.
  package let meter: Int
  package let key: MeterKey
  /// Whether the event has no such value at all.
  package let isMissing: Bool
  /// Names meter, place, value and rule: "`/data/n` is 5.5; meter `use` takes 0 places".
  package let fault: Fault

  /// A longer value tells nobody more.
  private static let shownMax = 60

  fileprivate init(
    _ place: Int, _ meter: MeterDefinition, _ fault: Fault, _ data: UnsafeRawBufferPointer
  ) {
    self.meter = place
    key = meter.key
    let pointer = try? DataPointer(String(fault.pointer.dropFirst("/data".count)))
    let value = pointer?.value(in: data).map { String(decoding: $0, as: UTF8.self) }
    isMissing = value == nil
    let shown = value.map { text in
      text.count > Self.shownMax ? "\(text.prefix(Self.shownMax))..." : text
    }
    let state = shown.map { "is \($0)" } ?? "is missing"
    self.fault = Fault(
      fault.code, "`\(fault.pointer)` \(state); meter `\(meter.key)` \(fault.detail)",
      at: fault.pointer)
  }
}
