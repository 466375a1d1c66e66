import Base
import Rating
import Testing

/// A commitment of a year or a quarter on monthly invoices: nothing in a weak month, and what lacks
/// with the last one.
struct CommittedSpanTests {
  private static func clauses(_ terms: String) -> String {
    """
    - {key: use, kind: usageCharge, meter: m, price: {model: perUnit, rate: 1.00}}
    - {key: least, kind: minimumCommitment, amount: 1200.00, \(terms)}
    """
  }

  /// What is cut of 1200.00 in the year: 500, 500, 500 and 400 were used.
  @Test("a maximum of a year cuts what is above it so far, less what it cut before")
  func maximum() throws {
    func cuts(
      _ terms: String, _ more: String = "", until: String? = nil, through last: String = "2025-04"
    ) throws -> [String] {
      var contract = try RatedContract(
        """
        - {key: use, kind: usageCharge, meter: m, price: {model: perUnit, rate: 1.00}}
        - {key: most, kind: maximumSpend, amount: 1200.00, \(terms)}
        \(more)
        """, from: "2025-01", until: until)
      for (month, value) in [("01", "500"), ("02", "500"), ("03", "500"), ("04", "400")] {
        try contract.show("m", value, in: "2025-\(month)")
      }
      return try contract.months(through: last).map { month in
        month.lines.first { $0.clause == "most" }.map { "\($0.amount.fixed)" } ?? "-"
      }
    }
    #expect(try cuts("span: year") == ["0.00", "0.00", "-300.00", "-400.00"])
    #expect(
      try cuts("span: quarter") == ["0.00", "0.00", "-300.00", "0.00"])
    #expect(try cuts("proration: none") == ["0.00", "0.00", "0.00", "0.00"])
    // What is paid of credit is spent all the same; what a coupon takes off is not.
    let credit = """
      - {key: pot, kind: prepaidCredit, grants: [{name: g, amount: 400.00, from: 2025-01}]}
      """
    #expect(try cuts("span: year", credit) == ["0.00", "0.00", "-300.00", "-400.00"])
    let coupon = """
      - {key: half, kind: discount, coupons: [{name: c, percent: 50, until: 2025-02}]}
      """
    #expect(try cuts("span: year", coupon) == ["0.00", "0.00", "-50.00", "-400.00"])
    // 120 of 365 days: 394.52.
    #expect(
      try cuts("span: year, proration: day", until: "2025-05-01")
        == ["-105.48", "-500.00", "-500.00", "-400.00"])
  }

  private static func commitments(
    _ terms: String, from: String = "2025-01", until: String? = nil, through last: String,
    used: [String: String]
  ) throws -> [String] {
    var contract = try RatedContract(clauses(terms), from: from, until: until)
    for (month, value) in used { try contract.show("m", value, in: month) }
    return try contract.months(through: last).map { month in
      month.lines.first { $0.clause == "least" }.map { "\($0.amount.fixed)" } ?? "-"
    }
  }

  private static func every(_ value: String, _ months: ClosedRange<Int>) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: months.map { ("2025-\(padded($0, to: 2))", value) })
  }

  @Test("what lacks of a year is due with its twelfth month, and the next year begins anew")
  func year() throws {
    var used = Self.every("80", 1...12)
    used["2026-01"] = "5"
    #expect(
      try Self.commitments("span: year", through: "2026-01", used: used)
        == [String](repeating: "0.00", count: 11) + ["240.00", "0.00"])
    used["2025-03"] = "400"
    #expect(try Self.commitments("span: year", through: "2025-12", used: used).last == "0.00")
  }

  @Test("quarters are counted from the first period of the contract")
  func quarter() throws {
    let used = Self.every("100", 2...8)
    #expect(
      try Self.commitments("span: quarter", from: "2025-02", through: "2025-08", used: used)
        == ["0.00", "0.00", "900.00", "0.00", "0.00", "900.00", "0.00"])
  }

  @Test("a contract that ends inside pays for the share of the span that it covered")
  func end() throws {
    let used = Self.every("80", 1...6)
    // 181 of 365 days: 595.07 less 480.00.
    #expect(
      try Self.commitments(
        "span: year", until: "2025-07-01", through: "2025-06", used: used
      ).last == "115.07")
    #expect(
      try Self.commitments(
        "span: year, proration: none", until: "2025-07-01", through: "2025-06", used: used
      ).last == "720.00")
  }
}
