package import Base
package import Contracts
package import Metering
package import Rating
package import Settlement

/// Looks over the events of one meter that a contract is billed by, for what cannot be: values and
/// rates beyond their bounds, events that are equal in all but the id, and what the meter could not
/// read. It is given them in the order of their evidence, so that no event is read for it. An
/// object, for there are many of them, and each changes with every event.
package final class EventReview {
  /// What is wrong with a single event.
  package struct Findings: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let value = Findings(rawValue: 1)
    package static let rate = Findings(rawValue: 2)
  }

  /// The first few of many events, in canonical order.
  private struct Examples: Sendable {
    private(set) var count = 0
    private(set) var first: [Evidence.Reference] = []

    mutating func add(_ event: Evidence.Reference) {
      count += 1
      if first.count == HoldReason.eventsMax, !event.precedes(first[first.count - 1]) { return }
      let place = first.firstIndex { event.precedes($0) } ?? first.count
      first.insert(event, at: place)
      if first.count > HoldReason.eventsMax { first.removeLast() }
    }
  }

  private struct Unread: Hashable {
    let kind: HoldReason.Kind
    let pointer: String
  }

  package let period: Period
  private let meter: MeterDefinition
  private let bounds: MeterBounds
  private let valueUnitsMax: Int128?
  private let subjects: [String]
  /// One a subject; none where nothing bounds its rate.
  private var watches: [RateWatch] = []
  private var greatest: Int128 = 0
  private var beyondValue = Examples()
  private var beyondRate = Examples()
  private var equal = Examples()
  private var distinct = 0
  private var unread: [Unread: (detail: String, examples: Examples)] = [:]

  /// `subjects` are those whose events are taken, by their places.
  package init(
    _ meter: MeterDefinition, _ bounds: MeterBounds, over period: Period, subjects: [String]
  ) {
    self.meter = meter
    self.bounds = bounds
    self.period = period
    self.subjects = subjects
    valueUnitsMax = meter.valueUnitsMax(bounds)
    if let rule = meter.rateRule(bounds) {
      watches = Array(repeating: RateWatch(rule, over: period), count: subjects.count)
    }
  }

  /// Whether events that are equal in all but the id are looked for.
  package var looksForEqual: Bool { bounds.equalEvents != .count }

  /// What is wrong with an event of the period; `units` are those of the meter.
  package func take(subject: Int, _ units: Int64, at occurred: Instant) -> Findings {
    var findings: Findings = []
    if let valueUnitsMax, units.magnitude > valueUnitsMax { findings.insert(.value) }
    if !watches.isEmpty, watches[subject].take(units, at: occurred) { findings.insert(.rate) }
    return findings
  }

  package func note(_ findings: Findings, _ units: Int64, _ event: Evidence.Reference) {
    if findings.contains(.value) {
      beyondValue.add(event)
      if units.magnitude > greatest.magnitude { greatest = Int128(units) }
    }
    if findings.contains(.rate) { beyondRate.add(event) }
  }

  /// Events of which each is equal to another of them in all but source and id; they stand for one.
  package func note(equal events: [Evidence.Reference]) {
    distinct += 1
    for event in events { equal.add(event) }
  }

  /// An event of a type that the meter reads, and that it could not read.
  package func note(_ failure: MeterFailure, _ event: Evidence.Reference) {
    let key = Unread(
      kind: failure.isMissing ? .noValue : .unreadableValue, pointer: failure.fault.pointer)
    unread[key, default: (failure.fault.detail, Examples())].examples.add(event)
  }

  /// Why the draft is to be looked at.
  package var reasons: [HoldReason] {
    var reasons: [HoldReason] = []
    if beyondValue.count > 0, let bound = bounds.value {
      reasons.append(
        reason(
          .valueBeyondBound,
          "\(events(beyondValue.count)) more than \(bound.grouped) \(meter.boundUnit.name), "
            + "at most \(shown(greatest))", beyondValue))
    }
    if let detail = rateDetail { reasons.append(reason(.rateBeyondBound, detail, beyondRate)) }
    if equal.count > 0 {
      reasons.append(
        reason(
          .equalEvents,
          "\(equal.count) events are equal in all but source and id, and may be \(distinct)",
          equal))
    }
    for (key, (detail, examples)) in unread.sorted(by: { $0.key.pointer < $1.key.pointer }) {
      let events = examples.count.counted("event")
      reasons.append(reason(key.kind, "\(events) not counted: \(detail)", examples))
    }
    return reasons
  }

  private var rateDetail: String? {
    guard let rate = meter.ratePerHour(bounds) else { return nil }
    let broken = watches.indices.filter { watches[$0].breach != nil }
    guard let first = broken.first, let breach = watches[first].breach else { return nil }
    let time =
      breach.start == breach.end ? "at \(breach.start)" : "from \(breach.start) to \(breach.end)"
    let others = broken.count == 1 ? "" : ", and so do \(broken.count - 1) more"
    return "`\(subjects[first])` shows \(shown(breach.units)) \(time), which is more than "
      + "\(rate.grouped) \(meter.boundUnit.name) an hour\(others)"
  }

  private func events(_ count: Int) -> String {
    count.counted("event shows", "events show")
  }

  private func shown(_ units: Int128) -> String {
    "\(Fixed(units: units, places: meter.places).grouped) \(meter.readingUnit.name)"
  }

  private func reason(
    _ kind: HoldReason.Kind, _ detail: String, _ examples: Examples
  ) -> HoldReason {
    HoldReason(
      kind, "meter `\(meter.key)`: \(detail)", holds: kind != .noValue, meter: meter.key.text,
      events: examples.first,
      count: examples.count)
  }
}
