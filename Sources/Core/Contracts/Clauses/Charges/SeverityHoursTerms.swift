package import Base

/// Power by the hour: running time at a rate that is escalated by an index and adjusted for how
/// hard the asset was used, plus a charge per cycle. Formula: Rating, `SeverityHours`.
package struct SeverityHoursTerms: ClauseTerms {
  package static var kind: String { "severityHours" }

  /// Running time; the meter's unit is a unit of time.
  package let hours: MeterKey
  package let cycles: MeterKey
  /// Per hour, at the prices of the base year.
  package let rate: Fixed
  /// Per cycle, at the prices of the base year.
  package let cycleRate: Fixed
  package let index: IndexTerms
  /// Factor on hours per cycle.
  package let legTable: FactorTable?
  package let derate: DerateTerms?
  package let environment: [EnvironmentTerms]
  package let severityMin: Fixed?
  package let severityMax: Fixed?
  /// Nil where hours per cycle are those of the month.
  package let ratioWindow: RatioWindow?

  package init(
    hours: MeterKey, cycles: MeterKey, rate: Fixed, cycleRate: Fixed,
    index: IndexTerms = .none, legTable: FactorTable? = nil, derate: DerateTerms? = nil,
    environment: [EnvironmentTerms] = [], severityMin: Fixed? = nil, severityMax: Fixed? = nil,
    ratioWindow: RatioWindow? = nil
  ) {
    self.hours = hours
    self.cycles = cycles
    self.rate = rate
    self.cycleRate = cycleRate
    self.index = index
    self.legTable = legTable
    self.derate = derate
    self.environment = environment
    self.severityMin = severityMin
    self.severityMax = severityMax
    self.ratioWindow = ratioWindow
  }

  package var indexSeries: [IndexSeriesKey] { index.series }

  package var meters: [MeterKey] {
    [hours, cycles] + (derate.map { [$0.meter] } ?? []) + environment.map(\.meter)
  }
}

/// Factor on the mean derate. The meter sums derate (percent) x running time, in the unit of the
/// hours meter, so that the mean is weighted by running time.
package struct DerateTerms: Hashable, Sendable {
  package let meter: MeterKey
  package let table: FactorTable

  package init(meter: MeterKey, table: FactorTable) {
    self.meter = meter
    self.table = table
  }
}

/// Factor on the running time that was spent in one environment, as its meter counts it. Time that
/// no environment claims has the factor 1.
package struct EnvironmentTerms: Hashable, Sendable {
  package let meter: MeterKey
  package let factor: Fixed

  package init(meter: MeterKey, factor: Fixed) {
    self.meter = meter
    self.factor = factor
  }
}

extension SeverityHoursTerms {
  package var timeMeters: [MeterKey] { [hours] }
  package var spans: [ClauseSpan] {
    ratioWindow.map { [ClauseSpan(pointer: "/ratioWindow/every", length: $0.every)] } ?? []
  }
  package func summary(in currency: Currency) -> String {
    "hours at \(rate) \(currency), cycles at \(cycleRate)"
  }

  package init?(_ fields: inout FieldReader) {
    let hours = fields.required("hours", MeterKey.read)
    let cycles = fields.required("cycles", MeterKey.read)
    let rate = fields.required("rate", Node.nonNegative)
    let cycleRate = fields.required("cycleRate", Node.nonNegative)
    let index = fields.optional("index", all: IndexTerms.init(_:))
    let legTable = fields.optional("legTable", all: FactorTable.init(_:))
    let derate = fields.optional("derate", all: DerateTerms.init(_:))
    let environment = fields.optional(
      "environment", all: Node.list(of: EnvironmentTerms.init(_:), countMax: 20))
    let lowest = fields.optional("severityMin", Node.nonNegative)
    let highest = fields.optional("severityMax", Node.nonNegative)
    let ratioWindow = fields.optional("ratioWindow", all: RatioWindow.init(_:))
    if ratioWindow != nil, legTable == nil {
      fields.refuse("ratioWindow", "only a `legTable` asks for hours per cycle")
    }
    if let low = try? lowest?.ratio, let high = try? highest?.ratio, low > high {
      fields.refuse("severityMax", "the highest severity is not below the lowest")
    }
    guard let hours, let cycles, let rate, let cycleRate else { return nil }
    self.init(
      hours: hours, cycles: cycles, rate: rate, cycleRate: cycleRate, index: index ?? .none,
      legTable: legTable, derate: derate, environment: environment ?? [],
      severityMin: lowest, severityMax: highest, ratioWindow: ratioWindow)
  }

  package var members: [JSON.Member] {
    let terms: [(String, JSON?)] = [
      ("hours", .text(hours)), ("cycles", .text(cycles)),
      ("rate", .decimal(rate)), ("cycleRate", .decimal(cycleRate)),
      ("index", index.json),
      ("legTable", legTable?.json),
      ("derate", derate.map { ["meter": .text($0.meter), "table": $0.table.json] }),
      ("environment", environment.isEmpty ? nil : .array(environment.map(\.json))),
      ("severityMin", severityMin.map(JSON.decimal)),
      ("severityMax", severityMax.map(JSON.decimal)),
      ("ratioWindow", ratioWindow?.json),
    ]
    return terms.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }
}

extension DerateTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let meter = fields.required("meter", MeterKey.read)
    let table = fields.required("table", all: FactorTable.init(_:))
    guard fields.isValid, let meter, let table else { throw fields.failure }
    self.init(meter: meter, table: table)
  }
}

extension EnvironmentTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let meter = fields.required("meter", MeterKey.read)
    let factor = fields.required("factor", Node.nonNegative)
    guard fields.isValid, let meter, let factor else { throw fields.failure }
    self.init(meter: meter, factor: factor)
  }

  var json: JSON { ["meter": .text(meter), "factor": .decimal(factor)] }
}
