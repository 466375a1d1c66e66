import Base
import Rating
import Testing

/// Free units and tiers of a year on monthly invoices.
struct YearlyAllowanceTests {
  private static func amounts(
    _ terms: String, from: String = "2026-01-01", through last: String, used: [(String, String)]
  ) throws -> [String] {
    let usage = used.map { "m calls \($0)-10 \($1)" }.joined(separator: "\n")
    let example = try Chapter(
      """
      ```yaml
      from: \(from)
      clauses:
        - {key: use, kind: usageCharge, meter: m, \(terms)}
      ```
      ```usage
      \(usage)
      ```
      ```lines
      ```
      """)
    return try example.months(through: BillingMonth(last)).map { "\($0.lines[0].amount.fixed)" }
  }

  private static let rate = "price: {model: perUnit, rate: 10.00}, free: 50"

  @Test("what is free in a year is used up in the order of time, and is there again in the next")
  func free() throws {
    let used = [
      ("2025-11", "30"), ("2025-12", "30"), ("2026-01", "30"), ("2026-10", "7"), ("2026-11", "20"),
    ]
    #expect(
      try Self.amounts(
        Self.rate + ", countedOver: contractYear", from: "2025-11-01", through: "2026-01",
        used: used) == ["0.00", "100.00", "300.00"])
    #expect(
      try Self.amounts(
        Self.rate + ", countedOver: calendarYear", from: "2025-11-01", through: "2026-01",
        used: used) == ["0.00", "100.00", "0.00"])
    #expect(
      try Self.amounts(
        Self.rate + ", countedOver: contractYear", from: "2025-11-01", through: "2026-11",
        used: used
      ).suffix(2) == ["70.00", "0.00"])
  }

  @Test("tiers are reached over the year, and what comes back costs what it had cost")
  func tiers() throws {
    let used = [("2026-01", "80"), ("2026-02", "50"), ("2026-03", "-40")]
    let price =
      "price: {model: graduated, tiers: [{upTo: 100, rate: 1.00, flat: 5.00}, {rate: 0.50}]}"
    #expect(
      try Self.amounts(
        "countedOver: contractYear, " + price, through: "2026-03", used: used)
        == ["85.00", "35.00", "-25.00"])
  }
}
