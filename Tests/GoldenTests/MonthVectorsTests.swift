import Base
import Contracts
import Rating
import Testing

/// Whole months as public billing systems bill them: fees of a part of a period, commitments and
/// coupons. Each figure is what the lines of all clauses say.
@Suite("Months of public billing systems")
struct MonthVectorsTests {
  struct Case: Sendable, CustomStringConvertible {
    let name: String
    let what: String
    let clauses: String
    var from = "2020-01-01"
    var until: String?
    let month: String
    /// What one clause comes to.
    let line: String
    let amount: String
    var description: String { "\(name): \(what)" }
  }

  private static func fee(_ amount: String, _ key: String = "fee", more: String = "") -> String {
    """
    {"key":"\(key)","kind":"recurringFee","amount":"\(amount)","every":"month","day":1\(more)}
    """
  }

  private static func whole(_ amount: String, _ key: String = "fee") -> String {
    #"{"key":"\#(key)","kind":"flatFee","amount":"\#(amount)","prorated":false}"#
  }

  static let cases: [Case] = [
    Case(
      name: "V095", what: "a commitment over two of 29 days, less a fee and three usage lines",
      clauses: """
        [\(fee("100.00")),\(whole("10.00", "a")),\(whole("10.00", "b")),\(whole("10.00", "c")),
         {"key":"least","kind":"minimumCommitment","amount":"10000.00","proration":"day"}]
        """,
      from: "2024-02-28", month: "2024-02", line: "least", amount: "652.76"),
    Case(
      name: "V098", what: "a minimum of 10.00 over 25 of 28 days, of which 8.00 were reached",
      clauses: """
        [\(whole("8.00")),
         {"key":"least","kind":"minimumCommitment","amount":"10.00","clauses":["fee"],
          "proration":"day"}]
        """,
      until: "2023-02-26", month: "2023-02", line: "least", amount: "0.93"),
    Case(
      name: "V100", what: "32 of the 91 days of a quarter from the 15th of April, in arrears",
      clauses: """
        [{"key":"fee","kind":"recurringFee","amount":"910.00","every":"quarter","day":15,"month":4}]
        """,
      from: "2024-05-20", until: "2024-06-21", month: "2024-06", line: "fee", amount: "320.00"),
    Case(
      name: "V148", what: "a flat amount on the last line of the period",
      clauses: "[\(fee("100"))]", month: "2026-04", line: "fee", amount: "100"),
    Case(
      name: "V341", what: "coupons of 10 and 25 per cent",
      clauses: """
        [\(whole("100.00")),{"key":"off","kind":"discount","coupons":[
          {"name":"ten","percent":"10"},{"name":"twenty-five","percent":"25"}]}]
        """,
      month: "2026-04", line: "off", amount: "-32.50"),
    Case(
      name: "V343", what: "coupons of 80 and 50 on an amount of 100",
      clauses: """
        [\(whole("100.00")),{"key":"off","kind":"discount","coupons":[
          {"name":"eighty","amount":"80"},{"name":"fifty","amount":"50"}]}]
        """,
      month: "2026-04", line: "off", amount: "-100.00"),
  ]

  @Test("Each comes to the same amount here", arguments: cases)
  func amount(_ vector: Case) throws {
    let desk = try SmallDesk(
      clauses: vector.clauses, currency: "EUR", from: vector.from, until: vector.until)
    var sum = Ratio.zero
    for line in try desk.lines(of: vector.month) where line.clause == vector.line {
      sum = try sum + line.amount.fixed.ratio
    }
    #expect(try sum == Fixed(vector.amount).ratio)
  }

  struct Taxed: Sendable, CustomStringConvertible {
    let name: String
    let what: String
    let fee: String
    var from = "2020-01-01"
    var until: String?
    let month: String
    /// In per cent.
    let tax: String
    /// Whether the figure is what the whole fee cost more than what was left of it.
    var isCredit = false
    let amount: String
    var description: String { "\(name): \(what)" }
  }

  static let taxed: [Taxed] = [
    Taxed(
      name: "V097", what: "24 of 31 days of 50.00, and a tax of 20 per cent",
      fee: fee("50.00"), from: "2023-01-08", month: "2023-01", tax: "20", amount: "46.45"),
    Taxed(
      name: "V101", what: "29 of 30 days of 200.00 paid in advance come back with their tax",
      fee: fee("200.00", more: #","due":"advance""#), from: "2024-04-01", until: "2024-04-02",
      month: "2024-04", tax: "25", isCredit: true, amount: "241.66"),
    Taxed(
      name: "V103", what: "six of seven days of a week of 29.99 paid in advance come back",
      fee: #"{"key":"fee","kind":"recurringFee","amount":"29.99","every":"week","due":"advance"}"#,
      from: "2024-04-01", until: "2024-04-02", month: "2024-04", tax: "23.33", isCredit: true,
      amount: "31.71"),
  ]

  /// The tax is rounded once, on the net amount.
  @Test("Each comes to the same amount with its tax", arguments: taxed)
  func gross(_ vector: Taxed) throws {
    let desk = try SmallDesk(
      clauses: "[\(vector.fee)]", currency: "EUR", from: vector.from, until: vector.until)
    var net = try #require(try desk.lines(of: vector.month).first).amount
    if vector.isCredit {
      let whole = try SmallDesk(
        clauses: "[\(vector.fee)]", currency: "EUR", from: vector.from, until: nil)
      net = try #require(try whole.lines(of: vector.month).first).amount - net
    }
    let tax = try Money(
      rounding: net.fixed.ratio * Fixed(vector.tax).ratio / Ratio(100), net.currency)
    #expect(try (net + tax).description == vector.amount)
  }

  /// V345: from the 16th of January to its end.
  @Test("The share of a month is 16 of 31 days, and is never rounded")
  func share() throws {
    let desk = try SmallDesk(
      clauses: #"[{"key":"fee","kind":"flatFee","amount":"31.00"}]"#, from: "2025-01-16")
    let line = try #require(try desk.lines(of: "2025-01").first)
    #expect(line.quantity.description == "16/31")
    #expect(try line.quantity.rounded(to: 9).description == Self.share)
  }

  static let share = "0.516129032"

  static var figures: [(name: String, amount: String)] {
    cases.map { ($0.name, $0.amount) } + taxed.map { ($0.name, $0.amount) } + [("V345", share)]
  }
}
