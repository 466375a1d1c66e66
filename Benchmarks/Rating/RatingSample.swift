import Base
import Contracts
import Metering
import Rating
import Workflow

/// What a billing run would gather for one engine, in memory: of every meter the same, spread
/// evenly over the windows that are asked for. Each day the engine is down for half an hour.
struct RatingSample {
  /// Beside those of the fleet.
  private static let documents: [(String, JSON)] = [
    ("payments", sum("EUR")), ("calls", sum("calls", by: "/region")), ("energy", sum("kWh")),
    ("degree-days", sum("d")), ("tasks", sum("h", by: "/task")), ("cases", sum("words")),
    (
      "engine-state",
      [
        "aggregation": "stateTime", "eventTypes": ["engine.state"], "unit": "h", "value": "/is",
        "heartbeatTimeoutSeconds": 3600,
        "states": [["is": "up", "class": "up"], ["is": "down", "class": "down"]],
      ]
    ),
  ]

  private static let groups = [#"["eu"]"#, #"["us"]"#, #"["za"]"#]
  private static let usage = Usage(count: 9_973, units: 30_401_857)
  private static let outcomeCount = 200
  /// Events that are read one by one carry what their meter sums.
  private static let paid = Usage(count: 300, units: 300 * 12)

  let month: BillingMonth
  private let engine: AssetKey
  private let meters: [MeterKey: MeterDefinition]

  init() throws {
    month = try BillingMonth(BenchContract.month)
    engine = try AssetKey(BenchContract.engine)
    let definitions = try (BenchFleet.meters + Self.documents).map { name, document in
      try MeterDefinition(Node(document), key: MeterKey(name))
    }
    meters = Dictionary(uniqueKeysWithValues: definitions.map { ($0.key, $0) })
  }

  private static func sum(_ unit: String, by group: String? = nil) -> JSON {
    .object([
      "aggregation": "sum", "eventTypes": ["used"], "unit": .string(unit), "value": "/value",
      "groupBy": group.map { [.string($0)] },
    ])
  }

  /// The month, in which the engine leaves the contract: what is settled at an exit is.
  func run(_ contract: Contract, _ month: BillingMonth) throws -> MonthRating {
    let served = Period(
      start: ZoneRules.utc.startOfDay(contract.from), end: self.month.period(in: .utc).end)
    return MonthRating(
      contract, month, zone: .utc, assets: [engine], assignments: [engine: [served]])
  }

  /// The months that one rests on, each rated in its turn.
  func before(_ run: MonthRating, _ contract: Contract) throws -> [RatedMonth] {
    var months: [RatedMonth] = []
    for month in BillingMonth.all(in: run.reach...run.month) where month < run.month {
      let run = try self.run(contract, month)
      months.append(
        try run.rate(usage(run.requests), events(run.eventRequests), before: months))
    }
    return months
  }

  func usage(_ requests: [UsageRequest]) throws -> UsageTable {
    var answers: [UsageRequest: UsageResult] = [:]
    for request in requests {
      guard let meter = meters[request.meter] else { continue }
      answers[request] = request.keepsTimelines ? states(meter, request) : sums(meter, request)
    }
    return UsageTable(answers)
  }

  private func sums(_ meter: MeterDefinition, _ request: UsageRequest) -> UsageResult {
    let names: [String] =
      switch request.breakdown {
      case nil: []
      case .asset: [engine.text]
      case .group: Self.groups
      }
    let month = meter.key.text == "payments" ? Self.paid : Self.usage
    func series(ofEach share: Int) -> UsageSeries {
      let one = Usage(count: month.count / Int64(share), units: month.units / Int128(share))
      return UsageSeries(meter, request.windows.map { _ in one })
    }
    let all = series(ofEach: request.windows.count)
    let one = series(ofEach: request.windows.count * max(1, names.count))
    return UsageResult(all, parts: names.map { UsageResult.Part($0, one) })
  }

  private func states(_ meter: MeterDefinition, _ request: UsageRequest) -> UsageResult {
    let period = request.windows.period
    let outages = stride(from: period.hours.lowerBound, to: period.hours.upperBound, by: 24)
    let said =
      [StateInterval(period, StateClass(.up))]
      + outages.map { hour in
        let start = Instant(clampingSeconds: hour * 3600)
        return StateInterval(
          Period(start: start, end: start.advanced(bySeconds: 1800)), StateClass(.down))
      }
    let timeline = StateTimeline(said, in: period)
    var times = timeline.times
    times.timelines = [timeline]
    let series = UsageSeries(meter, [Usage(Tally(count: 1), .states(times))])
    return UsageResult(series, parts: [UsageResult.Part(engine.text, series)])
  }

  /// Two hundred claims an hour apart, every other of them confirmed; as payments, twelve each.
  func events(_ requests: [EventRequest]) throws -> EventTable {
    let start = month.period(in: .utc).start
    let facts = try (0..<Self.outcomeCount).flatMap { number in
      try (number.isMultiple(of: 2) ? ["claim", "confirm"] : ["claim"]).map { word in
        let seconds = Int64(number) * 3600 + (word == "claim" ? 0 : 1800)
        return EventFact(
          Evidence.Reference(
            source: "/desk", id: "\(word)-\(number)",
            occurred: start.advanced(bySeconds: seconds)), type: "used", subject: engine.text,
          value: try Fixed("12.00"),
          data: ["outcome": .string("case-\(number)"), "transition": .string(word)])
      }
    }
    var table: [EventRequest: [EventFact]] = [:]
    for request in requests {
      table[request] = facts.filter { request.period.contains($0.reference.occurred) }
    }
    return EventTable(table)
  }
}
