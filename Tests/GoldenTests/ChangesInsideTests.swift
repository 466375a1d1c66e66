import Testing

/// A price that changes inside a period: what is allowed is of the period, and what does not add up
/// is one figure of it. The rows are those of `PeriodTable`.
@Suite("Changes inside a period")
struct ChangesInsideTests {
  struct Change: Sendable, CustomStringConvertible {
    let description: String
    var aggregation = "sum"
    var more = ""
    var price = "{model: perUnit, rate: 1}"
    var then = "{price: {model: perUnit, rate: \"1.1\"}}"
    var use = "2026-01-10 use 80, 2026-01-20 use 80"
    let comesTo: String
  }

  private static func tiers(_ model: String, _ first: String, _ second: String) -> String {
    "{model: \(model), tiers: [{upTo: 100, rate: \"\(first)\"}, {rate: \"\(second)\"}]}"
  }

  static let changes = [
    Change(
      description: "a minimum is due once", more: "minimum: 20", use: "2026-01-10 use 1",
      comesTo: "20.00"),
    Change(
      description: "a minimum is due once, whenever it is used", more: "minimum: 20",
      use: "2026-01-20 use 30", comesTo: "33.00"),
    Change(description: "a maximum is of the period", more: "maximum: 100", comesTo: "100.00"),
    Change(description: "an amount comes off once", more: "discountAmount: 20", comesTo: "148.00"),
    Change(
      description: "tiers are filled once", price: tiers("graduated", "1", "0.5"),
      then: "{price: \(tiers("graduated", "1.1", "0.55"))}", comesTo: "135.00"),
    Change(
      description: "the tier of a volume is of the period", price: tiers("volume", "1", "0.5"),
      then: "{price: \(tiers("volume", "1.1", "0.6"))}", comesTo: "88.00"),
    Change(
      description: "a flat amount is due once",
      price: "{model: graduated, tiers: [{rate: 1, flat: 10}]}",
      then: "{price: {model: graduated, tiers: [{rate: \"1.1\", flat: 10}]}}", comesTo: "178.00"),
    Change(
      description: "a package is begun once", price: "{model: package, amount: 10, units: 100}",
      then: "{price: {model: package, amount: 11, units: 100}}",
      use: "2026-01-10 use 30, 2026-01-20 use 30", comesTo: "10.00"),
    Change(
      description: "what goes back fills it as well", more: "free: 10",
      use: "2026-01-10 use -80, 2026-01-20 use 100", comesTo: "19.00"),
    Change(
      description: "lines add up to the rounded whole", price: "{model: perUnit, rate: \"0.333\"}",
      then: "{price: {model: perUnit, rate: \"0.333\"}, minimum: 0}",
      use: "2026-01-10 use 5, 2026-01-20 use 5", comesTo: "3.33"),
    Change(
      description: "the greatest is one figure", aggregation: "max",
      use: "2026-01-10 use 31, 2026-01-20 use 31", comesTo: "32.60"),
    Change(
      description: "a mean is one figure", aggregation: "mean",
      use: "2026-01-10 use 31, 2026-01-20 use 31", comesTo: "32.60"),
    Change(
      description: "a level that is said once", aggregation: "latest", use: "2026-01-10 use 31",
      comesTo: "32.60"),
    Change(
      description: "who is there in both halves is there once", aggregation: "uniqueCount",
      use: (1...31).map { "2026-01-10 use \($0), 2026-01-20 use \($0)" }.joined(separator: ", "),
      comesTo: "32.60"),
    Change(
      description: "a silent part of a month that is known is known", more: "missing: hold",
      use: "2026-01-10 use 10", comesTo: "10.00"),
  ]

  @Test("A change on the 16th of January", arguments: changes)
  func change(_ change: Change) throws {
    let terms = change.more.isEmpty ? "" : ", " + change.more
    let table = try PeriodTable(
      ChapterText(
        """
        ```periods
        meters:
          use: {aggregation: \(change.aggregation), eventTypes: [u], unit: units, value: /n}
        clauses: [{key: use, kind: usageCharge, meter: use, price: \(change.price)\(terms)}]
        use: [\(change.use)]
        ```
        | every | inside | comes to | because |
        |---|---|---|---|
        | month | version 2026-01-16 \(change.then) | \(change.comesTo) | |
        """), about: "usageCharge")
    #expect(try table.outcome(table.rows[0]) == change.comesTo)
  }
}
