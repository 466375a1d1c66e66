import Base
import Contracts
import Metering
import Rating
import Testing
import Workflow

/// What a clause does in a month of which its meters know nothing.
@Suite("Missing usage")
struct MissingUsageTests {
  /// What each meter showed, by month of 2026 from January on; nil where it saw nothing.
  private struct Months {
    var time: [Int64?]
    var starts: [Int64?]
    var heat: [Int64?] = []
  }

  private static func month(
    _ policy: String, _ clause: String, _ months: Months, _ number: Int, from: String = "2026-01-01"
  ) throws -> RatedMonth {
    let text = """
      {"customer":"acme","currency":"EUR","zone":"UTC","from":"\(from)","clauses":[
       {"key":"c","missing":"\(policy)",\(clause)}]}
      """
    let contract = try Contract(Node(JSON(parsing: Array(text.utf8))), key: ContractKey("c"))
    let run = MonthRating(contract, BillingMonth(year: 2026, month: number)!, zone: .utc)
    var answers: [UsageRequest: UsageResult] = [:]
    for request in run.requests {
      let (meter, values) = try meter(request.meter, months)
      let windows = request.windows.map { window in
        zip(1..., values).reduce(into: Usage()) { usage, month in
          let start = BillingMonth(year: 2026, month: month.0)!.period(in: .utc)
          if let value = month.1, !start.intersection(window).isEmpty {
            usage.add(Usage(count: 1, units: Int128(value)))
          }
        }
      }
      answers[request] = UsageResult(UsageSeries(meter, windows))
    }
    return try run.rate(UsageTable(answers))
  }

  private static func meter(
    _ key: MeterKey, _ months: Months
  ) throws -> (MeterDefinition, [Int64?]) {
    let number = try NumberTerms(value: "/n")
    switch key.text {
    case "time":
      return (
        MeterDefinition(
          key: key, eventTypes: ["e"], aggregation: .sum(number), unit: MeasureUnit("h")),
        months.time
      )
    case "heat":
      return (
        MeterDefinition(
          key: key, eventTypes: ["e"], aggregation: .mean(number), unit: MeasureUnit("K")),
        months.heat
      )
    default:
      return (
        MeterDefinition(
          key: key, eventTypes: ["e"], aggregation: .sum(number), unit: MeasureUnit("n")),
        months.starts
      )
    }
  }

  private static let hours =
    #""kind":"severityHours","hours":"time","cycles":"starts","#
    + #""rate":"1","cycleRate":"1""#
  private static let heat =
    #""kind":"usageCharge","meter":"heat","price":{"model":"perUnit","rate":"1"}"#

  private static func text(_ month: RatedMonth) -> String {
    (month.lines.map { line in
      ([line.key, "\(line.amount)"] + line.flags.map(\.rawValue)).joined(separator: " ")
    } + month.unbilled.map { "\($0.clause): \($0.reason)" }).joined(separator: ", ")
  }

  /// February and March are silent; April has starts and no hours, and is taken at its word.
  @Test func onlyAMonthOfWhichNoMeterKnowsIsMissing() throws {
    let months = Months(time: [62, nil, nil, nil], starts: [31, nil, nil, 5])
    let expected = [
      ("hold", 2, "c: nothing was seen in that time by `starts`, `time`"),
      (
        "estimateTrailingMean", 2,
        "c/hours 56.00 estimated no_usage_seen, c/cycles 28.00 estimated no_usage_seen"
      ),
      (
        "estimateMinimum", 2,
        "c/hours 56.00 estimated no_usage_seen, c/cycles 28.00 estimated no_usage_seen"
      ),
      (
        "estimateTrailingMean", 3,
        "c/hours 62.00 estimated no_usage_seen, c/cycles 31.00 estimated no_usage_seen"
      ),
      ("estimateTrailingMean", 4, "c/hours 0.00, c/cycles 5.00"),
    ]
    for (policy, month, text) in expected {
      #expect(try Self.text(Self.month(policy, Self.hours, months, month)) == text)
    }
  }

  @Test func theFirstMonthHasNothingToRestOn() throws {
    let months = Months(time: [nil, 10], starts: [nil, 10])
    let text = try Self.text(Self.month("estimateMinimum", Self.hours, months, 1))
    #expect(text == "c: nothing was seen in that time by `starts`, `time`")
  }

  /// A contract that began in the middle of January knew half of it: its hours count for 15 days.
  @Test func aMonthThatIsCoveredInPartCountsForItsPart() throws {
    let months = Months(time: [30, nil], starts: [15, nil])
    let text = try Self.text(
      Self.month("estimateTrailingMean", Self.hours, months, 2, from: "2026-01-17"))
    #expect(text == "c/hours 56.00 estimated no_usage_seen, c/cycles 28.00 estimated no_usage_seen")
  }

  /// A mean is not two thirds as much in a month that is shorter.
  @Test func aMeanIsNotDividedByTime() throws {
    let months = Months(time: [], starts: [], heat: [30, 20, 25, nil])
    let expected = [
      ("estimateTrailingMean", "c 25.00 estimated no_usage_seen"),
      ("estimateMinimum", "c 20.00 estimated no_usage_seen"),
    ]
    for (policy, text) in expected {
      #expect(try Self.text(Self.month(policy, Self.heat, months, 4)) == text)
    }
    let held = try Self.month("hold", Self.heat, months, 4)
    #expect(Self.text(held) == "c: nothing was seen in that time by `heat`")
    #expect(held.unbilled.map(\.json.text).count == 1)
  }

  @Test func anEstimateSaysHowItCameAbout() throws {
    let months = Months(time: [62, nil], starts: [31, nil])
    let line = try #require(
      try Self.month("estimateTrailingMean", Self.hours, months, 2).lines.first)
    #expect(line.description == "Hours in use, adjusted for severity (estimated)")
    #expect(line.derivation.sentence.hasPrefix("Estimated: 56.0000 hours at"))
    let step = try #require(line.derivation.steps.first)
    #expect(step.name == "estimate of time")
    #expect(step.formula == "sum(value) / sum(seconds) * seconds of the period")
    #expect("\(step.exact)" == "56")
  }
}
