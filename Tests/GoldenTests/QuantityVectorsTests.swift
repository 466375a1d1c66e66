import Base
import Contracts
import Metering
import Rating
import Testing

/// Quantities as public billing systems count them, from the meter to the line.
@Suite("Quantities of public billing systems")
struct QuantityVectorsTests {
  struct Levels: Sendable, CustomStringConvertible {
    let name: String
    let month: String
    /// From when a level holds, and which.
    let levels: [(String, Int64)]
    let places: Int
    let amount: String
    var description: String { "\(name): average over \(month)" }
  }

  /// What is added and taken away, written as the levels that come of it.
  static let levels: [Levels] = [
    Levels(
      name: "V084", month: "2023-08",
      levels: [
        ("2023-08-01T00:00:00Z", 2), ("2023-08-01T01:00:00Z", 5), ("2023-08-01T01:30:00Z", 6),
        ("2023-08-01T02:00:00Z", 2), ("2023-08-01T04:00:00Z", 0), ("2023-08-01T05:00:00Z", 10),
        ("2023-08-01T05:30:00Z", 0),
      ], places: 5, amount: "0.02218"),
    // Two at the same moment: the greater level stands.
    Levels(
      name: "V086", month: "2023-08",
      levels: [("2023-08-01T00:00:00Z", 3), ("2023-08-01T00:00:00Z", 6)], places: 5, amount: "6"),
    Levels(
      name: "V088", month: "2023-08", levels: [("2023-08-01T01:00:00Z", 3)], places: 5,
      amount: "2.99597"),
    // The level that came over from the month before, said again at its start.
    Levels(
      name: "V090", month: "2023-08", levels: [("2023-08-01T00:00:00Z", 1000)], places: 5,
      amount: "1000"),
    Levels(
      name: "V091", month: "2023-03", levels: [("2023-03-05T00:00:00Z", 2500)], places: 2,
      amount: "2177.42"),
  ]

  @Test("A level counts for as long as it holds", arguments: levels)
  func average(_ vector: Levels) throws {
    let meter = try Self.meter(
      """
      {"aggregation":"timeWeightedSum","eventTypes":["level"],"unit":"seat h","value":"/n",
       "holdSeconds":2678400,"per":"h"}
      """)
    let month = try BillingMonth(vector.month)
    let windows = RatingWindows(month, term: .always, zone: .utc)
    let samples = try vector.levels.map { time, level in
      Sample(
        time: try Node.instant(Node(.string(time))).microsecondsSinceEpoch, number: level)
    }
    let usage = MeteredUsage(meter, meter.usage(samples.sorted(), in: [windows.period])[0])
    let line = try Self.line(
      usage, windows, #"{"model":"perUnit","rate":"1"}"#, #","averaged":true"#)
    #expect(try line.quantity.rounded(to: vector.places).ratio == Fixed(vector.amount).ratio)
    #expect(try line.amount == Money(rounding: Fixed(vector.amount).ratio, line.amount.currency))
  }

  struct Converted: Sendable, CustomStringConvertible {
    let name: String
    let units: Int64
    let convert: String
    let price: String
    let amount: String
    var description: String { "\(name): \(units) converted by \(convert)" }
  }

  private static let thousands = #""factor":"1/1000""#
  private static let plain = #"{"model":"perUnit","rate":"1"}"#

  static let conversions: [Converted] = [
    Converted(
      name: "V149", units: 1400, convert: #"\#(thousands),"rounding":"up""#,
      price: #"{"model":"perUnit","rate":"10"}"#, amount: "20"),
    Converted(
      name: "V151", units: 7400, convert: #"\#(thousands),"rounding":"up""#,
      price: #"{"model":"graduated","tiers":[{"upTo":5,"rate":"1"},{"rate":"0.5"}]}"#,
      amount: "6.5"),
    Converted(
      name: "V152", units: 10, convert: #""factor":"1.2""#, price: plain, amount: "12"),
    Converted(
      name: "V154", units: 1900, convert: #"\#(thousands),"rounding":"down""#, price: plain,
      amount: "1"),
    Converted(
      name: "V156", units: 1400, convert: #"\#(thousands),"rounding":"half""#, price: plain,
      amount: "1"),
  ]

  @Test("What is counted in one unit is priced in another", arguments: conversions)
  func conversion(_ vector: Converted) throws {
    let meter = try Self.meter(
      """
      {"aggregation":"sum","eventTypes":["used"],"unit":"tokens","value":"/n",
       "convert":{"to":"thousand tokens",\(vector.convert)}}
      """)
    let windows = RatingWindows(try BillingMonth("2026-04"), term: .always, zone: .utc)
    let usage = MeteredUsage(meter, Usage(count: 1, units: Int128(vector.units)))
    let line = try Self.line(usage, windows, vector.price)
    #expect(try line.amount.fixed.ratio == Fixed(vector.amount).ratio)
    #expect(line.unit == "thousand tokens")
  }

  private static func meter(_ text: String) throws -> MeterDefinition {
    try MeterDefinition(Node(JSON(parsing: Array(text.utf8))), key: MeterKey("m"))
  }

  private static func line(
    _ usage: MeteredUsage, _ windows: RatingWindows, _ price: String, _ more: String = ""
  ) throws -> RatedLine {
    let desk = try SmallDesk(
      clauses: #"[{"key":"c","kind":"usageCharge","meter":"m","price":\#(price)\#(more)}]"#)
    let scope = ClauseScope("c", in: try Currency("EUR"), windows)
    let rule = desk.contract.clauses[0].terms.rule
    let inputs = RatingInputs(
      RatedMonth(windows.billingMonth, windows.period, in: try Currency("EUR")),
      usage: UsageTable([scope.request(usage.meter.key, windows.period): usage]))
    return try #require(try rule.rate(scope, inputs).lines.first)
  }
}
