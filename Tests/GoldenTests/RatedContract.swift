import Base
import Contracts
import Metering
import Rating
import Workflow
import YAML

/// A contract with what its meters showed, rated month by month as the billing desk does it.
struct RatedContract {
  let contract: Contract
  let assets: [AssetKey]
  /// What a meter showed in a month; over several months it is the mean of those that have one.
  private var values: [MeterKey: [BillingMonth: Fixed]] = [:]
  /// What was said of an asset; where nobody speaks, its state is unknown.
  private var states: [AssetKey: [StateInterval]] = [:]

  private static let places = 6

  /// `clauses` is a list in YAML; the contract is in euro, on the calendar of UTC.
  init(
    _ clauses: String, from month: String, until: String? = nil, assets: [String] = ["engine-1"],
    invoicing: JSON? = nil, taxes: JSON? = nil
  ) throws {
    let document: JSON = .object([
      "customer": "acme", "currency": "EUR", "zone": "UTC", "from": .string("\(month)-01"),
      "until": until.map(JSON.string), "clauses": try YAMLDocument(clauses).json,
      "invoicing": invoicing, "taxes": taxes,
    ])
    contract = try Contract(Node(document), key: ContractKey("acme-2026"))
    self.assets = try assets.map { try AssetKey($0) }
  }

  mutating func show(_ meter: String, _ value: String, in month: String) throws {
    values[try MeterKey(meter), default: [:]][try BillingMonth(month)] = try Fixed(value)
  }

  mutating func say(_ intervals: [StateInterval], of asset: String = "engine-1") throws {
    states[try AssetKey(asset), default: []] += intervals
  }

  /// All months up to the last one, each on those before it.
  func months(through last: String) throws -> [RatedMonth] {
    var months: [RatedMonth] = []
    let first = BillingMonth(year: contract.from.year, month: contract.from.month)!
    for month in BillingMonth.all(in: first...(try BillingMonth(last))) {
      let run = MonthRating(contract, month, zone: .utc, assets: assets)
      var answers: [UsageRequest: UsageResult] = [:]
      for request in run.requests { answers[request] = try answer(request) }
      months.append(try run.rate(UsageTable(answers), before: months))
    }
    return months
  }

  private func answer(_ request: UsageRequest) throws -> UsageResult {
    guard !request.keepsTimelines else { return try timelines(request) }
    let shown = (values[request.meter] ?? [:]).filter {
      request.windows.period.contains($0.key.period(in: .utc).start)
    }
    let units = shown.values.reduce(Int128(0)) { $0 + $1.exactly(places: Self.places)!.units }
    let meter = MeterDefinition(
      key: request.meter, eventTypes: ["shown"],
      aggregation: .mean(try NumberTerms(value: "/value", places: Self.places)),
      unit: MeasureUnit("units"))
    return UsageResult(UsageSeries(meter, [Usage(count: Int64(shown.count), units: units)]))
  }

  private func timelines(_ request: UsageRequest) throws -> UsageResult {
    let document: JSON = [
      "aggregation": "stateTime", "eventTypes": ["state"], "unit": "h", "value": "/is",
      "heartbeatTimeoutSeconds": 3600, "states": [["is": "up", "class": "up"]],
    ]
    let meter = try MeterDefinition(Node(document), key: request.meter)
    var all = Usage()
    var parts: [UsageResult.Part] = []
    for asset in request.assets ?? [] {
      let timeline = StateTimeline(states[asset] ?? [], in: request.windows.period)
      var times = timeline.times
      times.timelines = [timeline]
      let usage = Usage(Tally(count: 1), .states(times))
      all.add(usage)
      parts.append(.init(asset.text, UsageSeries(meter, [usage])))
    }
    return UsageResult(UsageSeries(meter, [all]), parts: parts)
  }
}

/// The lines of some months, a row each.
func linesText(_ months: [RatedMonth]) -> String {
  columns(
    [["month", "line", "amount"]]
      + months.flatMap { month in
        month.lines.map { line in
          ["\(month.month)", line.key, line.amount.fixed.grouped]
            + line.flags.filter { $0 != .noUsageSeen }.map(\.rawValue)
        }
      }, numbersFrom: 2)
}
