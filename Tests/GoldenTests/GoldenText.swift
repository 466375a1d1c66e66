import Base
import Contracts
import Metering
import Rating

/// Words and amounts as a table with aligned columns: words to the left, numbers to the right.
func columns(_ rows: [[String]], numbersFrom firstNumber: Int = 1) -> String {
  let columnCount = rows.map(\.count).max() ?? 0
  let widths = (0..<columnCount).map { column in
    rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
  }
  return rows.map { row in
    let cells = row.enumerated().map { column, cell in
      let fill = String(repeating: " ", count: widths[column] - cell.count)
      return column < firstNumber ? cell + fill : fill + cell
    }
    let line = "  " + cells.joined(separator: "  ")
    return String(line.reversed().drop(while: { $0 == " " }).reversed())
  }.joined(separator: "\n")
}

/// The month as its meters showed it, one row a meter.
func usageText(_ usage: [MeteredUsage]) -> String {
  "usage\n"
    + columns(
      usage.map { [$0.meter.key.text, $0.meter.unit.name, $0.value.grouped] }, numbersFrom: 2)
}

/// The steps of a derivation: each result beside its formula, and what went in below.
func stepsText(_ steps: [Derivation.Step]) -> String {
  columns(
    steps.flatMap { step in
      [
        [step.rounded?.description ?? "\(step.exact)", step.formula],
        ["", step.inputs.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")],
      ]
    }, numbersFrom: 2)
}

/// A line with its derivation and its waterfall, as a person would check it with a calculator.
func lineText(_ line: RatedLine) -> String {
  let bars = line.waterfall.bars.map { [$0.label, $0.amount.fixed.grouped] }
  return """
    \(line.description): \(line.quantity) \(line.unit), \
    \(line.amount.fixed.grouped) \(line.amount.currency)
    \(stepsText(line.derivation.steps))
    waterfall
    \(columns(bars + [["line", line.amount.fixed.grouped]]))
    """
}

/// Terms and meters of the golden examples, written short.
enum Golden {
  /// The sample leg table of domain rule G1, a public stand-in with the right shape.
  static let legTable = "1:1.235 1.5:1.078 2:1.000 3:0.922 5:0.859 10:0.812"

  static func table(_ points: String) throws -> FactorTable {
    try FactorTable(
      points.split(separator: " ").map { point in
        let parts = point.split(separator: ":")
        return FactorTable.Point(at: try Fixed(parts[0]), factor: try Fixed(parts[1]))
      })
  }

  static func sum(_ key: String, _ units: Int64, _ unit: String) throws -> MeteredUsage {
    let meter = MeterDefinition(
      key: try MeterKey(key), eventTypes: ["flight"],
      aggregation: .sum(try NumberTerms(value: "/value")), unit: MeasureUnit(unit))
    return MeteredUsage(meter, Usage(count: 1, units: Int128(units)))
  }

  static func count(_ key: String, _ count: Int64, _ unit: String) throws -> MeteredUsage {
    let meter = MeterDefinition(
      key: try MeterKey(key), eventTypes: ["flight"], aggregation: .count, unit: MeasureUnit(unit))
    return MeteredUsage(meter, Usage(count: count))
  }

  /// Rates a month; the contract began on its first day, so the year knows no more than the month.
  static func lines(
    _ terms: SeverityHoursTerms, _ usage: [MeteredUsage], in currency: String, month: BillingMonth
  ) throws -> [RatedLine] {
    let windows = RatingWindows(month, term: month.period(in: .utc), zone: .utc)
    var values: [UsageRequest: MeteredUsage] = [:]
    for metered in usage {
      values[UsageRequest(metered.meter.key, windows.period)] = metered
    }
    return try SeverityHours(
      terms, ClauseScope("power", in: Currency(currency), windows), usage: UsageTable(values)
    ).lines()
  }
}
