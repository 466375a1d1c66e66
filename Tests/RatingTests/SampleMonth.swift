import Base
import Contracts
import Metering
import Rating

/// What the meters of one engine showed in January 2013.
struct SampleMonth {
  var seconds: Int64 = 0
  var cycles: Int64 = 0
  /// The twelve months up to the end of January; as January itself where nothing else is said.
  var yearSeconds: Int64?
  var yearCycles: Int64?
  /// Percent of derate x seconds.
  var derateSeconds: Int64 = 0
  var dustSeconds: Int64 = 0
  var saltSeconds: Int64 = 0

  static let month = BillingMonth(year: 2013, month: 1)!
  static let windows = RatingWindows(month, term: .always, zone: .utc)
  static let scope = ClauseScope("power", in: try! Currency("EUR"), windows)

  var table: UsageTable {
    get throws {
      var values: [UsageRequest: MeteredUsage] = [:]
      for (name, units) in [
        ("engine-time", seconds), ("derate-time", derateSeconds), ("dust-time", dustSeconds),
        ("salt-time", saltSeconds),
      ] {
        values[try request(name, Self.windows.period)] = try Self.sum(name, units)
      }
      values[try request("cycles", Self.windows.period)] = try Self.count("cycles", cycles)
      values[try request("engine-time", Self.windows.year)] =
        try Self.sum("engine-time", yearSeconds ?? seconds)
      values[try request("cycles", Self.windows.year)] =
        try Self.count("cycles", yearCycles ?? cycles)
      return UsageTable(values)
    }
  }

  func lines(_ terms: SeverityHoursTerms, in code: String = "EUR") throws -> [RatedLine] {
    try SeverityHours(
      terms, ClauseScope("power", in: Currency(code), Self.windows), usage: table
    ).lines()
  }

  static func sum(
    _ name: String, _ units: Int64, unit: String = "s", places: Int = 0
  ) throws -> MeteredUsage {
    let meter = MeterDefinition(
      key: try MeterKey(name), eventTypes: ["flight"],
      aggregation: .sum(try NumberTerms(value: "/n", places: places)), unit: MeasureUnit(unit))
    return MeteredUsage(meter, Usage(count: 1, units: Int128(units)))
  }

  static func count(_ name: String, _ count: Int64) throws -> MeteredUsage {
    let meter = MeterDefinition(
      key: try MeterKey(name), eventTypes: ["flight"], aggregation: .count,
      unit: MeasureUnit("cycles"))
    return MeteredUsage(meter, Usage(count: count))
  }

  private func request(_ name: String, _ period: Period) throws -> UsageRequest {
    UsageRequest(try MeterKey(name), period)
  }
}

/// Terms as a person would write them: `table("1:1.235 2:1.000")`.
func table(_ points: String) throws -> FactorTable {
  try FactorTable(
    points.split(separator: " ").map { point in
      let parts = point.split(separator: ":")
      return FactorTable.Point(at: try Fixed(parts[0]), factor: try Fixed(parts[1]))
    })
}

func terms(
  rate: String = "100.00", cycleRate: String = "0", index: IndexTerms = .none,
  leg: String? = nil, derate: String? = nil, dust: String? = nil, salt: String? = nil,
  min: String? = nil, max: String? = nil
) throws -> SeverityHoursTerms {
  var environment: [EnvironmentTerms] = []
  for (name, factor) in [("dust-time", dust), ("salt-time", salt)] {
    guard let factor else { continue }
    environment.append(EnvironmentTerms(meter: try MeterKey(name), factor: try Fixed(factor)))
  }
  return SeverityHoursTerms(
    hours: try MeterKey("engine-time"), cycles: try MeterKey("cycles"), rate: try Fixed(rate),
    cycleRate: try Fixed(cycleRate), index: index, legTable: try leg.map(table),
    derate: try derate.map {
      DerateTerms(meter: try MeterKey("derate-time"), table: try table($0))
    }, environment: environment, severityMin: try min.map { try Fixed($0) },
    severityMax: try max.map { try Fixed($0) })
}

/// The sample leg table of domain rule G1.
let sampleLegTable = "1:1.235 1.5:1.078 2:1.000 3:0.922 5:0.859 10:0.812"

extension RatedLine {
  /// The rounded result of one step of the derivation, or its exact one.
  func step(_ name: String) -> String? {
    derivation.steps.first { $0.name == name }.map { $0.rounded?.description ?? "\($0.exact)" }
  }

  /// `plain hours 100.00, leg -5.00`.
  var bars: String {
    waterfall.bars.map { "\($0.label) \($0.amount)" }.joined(separator: ", ")
  }
}
