import Base
import Contracts
import Metering
import Rating
import Workflow

/// A contract with its meters and a list of events, rated as a billing run does, without a
/// database: usage is added up event by event.
struct SmallDesk {
  struct Event {
    let meter: MeterKey
    let time: Instant
    let value: Fixed
    /// The values of its group, as a JSON array; empty where the meter has no groups.
    let group: String

    init(_ meter: String, at time: String, _ value: String, group: String = "") throws {
      self.meter = try MeterKey(meter)
      self.time = try Node.instant(Node(.string(time)))
      self.value = try Fixed(value)
      self.group = group
    }
  }

  let contract: Contract
  private let meters: [MeterKey: MeterDefinition]

  init(
    meters: JSON, clauses: JSON, currency: String = "USD", from: String = "2026-01-01",
    until: String? = nil
  ) throws {
    guard case .object(let members) = meters else { preconditionFailure("meters by their keys") }
    let definitions = try members.map {
      try MeterDefinition(Node($0.value), key: MeterKey($0.name))
    }
    self.meters = Dictionary(uniqueKeysWithValues: definitions.map { ($0.key, $0) })
    contract = try Contract(
      Node(
        .object([
          "customer": "acme", "currency": .string(currency), "zone": "UTC", "from": .string(from),
          "until": until.map(JSON.string), "clauses": clauses,
        ])), key: ContractKey("agreed"))
  }

  init(
    meters: String = "{}", clauses: String, currency: String = "USD", from: String = "2026-01-01",
    until: String? = nil
  ) throws {
    try self.init(
      meters: JSON(parsing: Array(meters.utf8)), clauses: JSON(parsing: Array(clauses.utf8)),
      currency: currency, from: from, until: until)
  }

  func lines(of month: String, _ events: [Event] = []) throws -> [RatedLine] {
    try months(to: BillingMonth(month), events).last?.lines ?? []
  }

  /// Every month from the start of the contract to `last`, each resting on those before it.
  func months(to last: BillingMonth, _ events: [Event]) throws -> [RatedMonth] {
    var rated: [RatedMonth] = []
    let first = BillingMonth(year: contract.from.year, month: contract.from.month)!
    for month in BillingMonth.all(in: first...last) {
      let run = MonthRating(contract, month, zone: .utc)
      guard !run.period.isEmpty else { break }
      rated.append(
        try run.rate(usage(run.requests, events), facts(run.eventRequests, events), before: rated))
    }
    return rated
  }

  private func usage(_ requests: [UsageRequest], _ events: [Event]) throws -> UsageTable {
    var answers: [UsageRequest: UsageResult] = [:]
    for request in Set(requests) {
      guard let meter = meters[request.meter] else { continue }
      let counted = events.filter { $0.meter == request.meter }
      func series(_ events: [Event]) throws -> UsageSeries {
        UsageSeries(
          meter,
          try request.windows.map { window in
            try events.filter { window.contains($0.time) }.reduce(into: Usage()) { usage, event in
              usage.add(Tally(count: 1, units: try units(event, meter)))
            }
          })
      }
      let groups = request.breakdown == .group ? Set(counted.map(\.group)).sorted() : []
      answers[request] = UsageResult(
        try series(counted),
        parts: try groups.map { group in
          .init(group, try series(counted.filter { $0.group == group }))
        })
    }
    return UsageTable(answers)
  }

  private func units(_ event: Event, _ meter: MeterDefinition) throws -> Int128 {
    guard let value = event.value.exactly(places: meter.places) else {
      throw Fault(.unreadableValue, "\(event.value) has more than \(meter.places) places")
    }
    return value.units
  }

  private func facts(_ requests: [EventRequest], _ events: [Event]) throws -> EventTable {
    var facts: [EventRequest: [EventFact]] = [:]
    for request in Set(requests) {
      facts[request] = events.enumerated()
        .filter { $1.meter == request.meter && request.period.contains($1.time) }
        .map { place, event in
          EventFact(
            Evidence.Reference(source: "//desk", id: "\(place)", occurred: event.time),
            type: "used", subject: "acme", value: event.value, data: .null)
        }
    }
    return EventTable(facts)
  }
}
