import Base
import Contracts
import Metering
import Rating
import Testing
import Workflow

/// Several clauses on one sum: each sees what the others have left.
struct StackedClausesGoldenTests {
  private static func lines(
    _ clauses: String, fees: String = #"{"key":"fee","kind":"flatFee","amount":"100.00"},"#,
    invoicing: String = "{}"
  ) throws -> String {
    let document = """
      {"customer":"acme","currency":"EUR","zone":"UTC","from":"2026-01-01",
       "invoicing":\(invoicing),"clauses":[\(fees)\(clauses)]}
      """
    let contract = try Contract(
      Node(JSON(parsing: Array(document.utf8))), key: ContractKey("agreed"))
    let run = MonthRating(contract, try BillingMonth("2026-01"), zone: .utc)
    let month = try run.rate(UsageTable([UsageRequest: UsageResult]()))
    let rows = month.lines.map { line in
      "\(line.key) \(line.amount)"
        + (line.shares.isEmpty
          ? "" : " of " + line.shares.map { "\($0.line) \($0.amount)" }.joined(separator: ", "))
    }
    let net = try month.sum { _ in true }
    return (rows + ["net \(net)"]).joined(separator: "\n")
  }

  private static func coupon(_ key: String, _ terms: String, _ clauses: String = "") -> String {
    """
    {"key":"\(key)","kind":"discount","coupons":[{"name":"coupon",\(terms)}]\(clauses)}
    """
  }

  private static func pot(_ key: String) -> String {
    """
    {"key":"\(key)","kind":"prepaidCredit","clauses":["fee"],
     "grants":[{"name":"g","amount":"500.00","from":"2026-01"}]}
    """
  }

  private static let most = #"{"key":"most","kind":"maximumSpend","amount":"30.00"}"#
  private static let only = #","clauses":["fee"]"#

  @Test func whatIsTakenOffIsNotTakenOffAgain() throws {
    #expect(
      try Self.lines(
        Self.coupon("a", #""percent":"100""#) + "," + Self.coupon("b", #""amount":"50.00""#)) == """
          fee 100.00
          a -100.00 of fee -100.00
          b 0.00 of fee 0.00
          net 0.00
          """)
    #expect(
      try Self.lines(Self.coupon("cut", #""percent":"50""#, Self.only) + "," + Self.pot("pot"))
        == """
        fee 100.00
        cut -50.00 of fee -50.00
        pot -50.00 of fee -50.00
        net 0.00
        """)
    #expect(
      try Self.lines(Self.most + "," + Self.pot("pot")) == """
        fee 100.00
        most -70.00 of fee -70.00
        pot -30.00 of fee -30.00
        net 0.00
        """)
    #expect(
      try Self.lines(Self.pot("pot") + "," + Self.pot("second")) == """
        fee 100.00
        pot -100.00 of fee -100.00
        second 0.00 of fee 0.00
        net 0.00
        """)
    #expect(
      try Self.lines(
        Self.coupon("cut", #""percent":"50""#, Self.only)
          + #",{"key":"most","kind":"maximumSpend","amount":"30.00","clauses":["fee"]}"#) == """
          fee 100.00
          cut -50.00 of fee -50.00
          most -20.00 of fee -20.00
          net 30.00
          """)
  }

  private static let two = #"""
    {"key":"a","kind":"flatFee","amount":"100.00"},
    {"key":"b","kind":"flatFee","amount":"200.00"},
    """#

  /// What a coupon took off `a` alone is no longer there for those on both.
  @Test func whatIsLeftOfEachLineCounts() throws {
    #expect(
      try Self.lines(
        Self.coupon("cut", #""percent":"50""#, #","clauses":["a"]"#) + ","
          + Self.coupon("off", #""amount":"50.00""#)
          + #",{"key":"least","kind":"minimumCommitment","amount":"360.00"}"#
          + #",{"key":"cap","kind":"maximumSpend","amount":"130.00"}"#,
        fees: Self.two, invoicing: #"{"minimum":"160.00","maximum":"165.00"}"#) == """
          a 100.00
          b 200.00
          cut -50.00 of a -50.00
          off -50.00 of a -10.00, b -40.00
          least 60.00 of a 20.00, b 40.00
          cap -130.00 of a -30.00, b -100.00
          document/minimum 30.00 of a 6.92, b 23.08
          document/maximum 0.00 of a 0.00
          net 160.00
          """)
  }

  /// A minimum over nothing used rests on the first of the lines that count.
  @Test func aMinimumOverNothing() throws {
    #expect(
      try Self.lines(
        #"{"key":"least","kind":"minimumCommitment","amount":"40.00"},"# + Self.pot("pot"),
        fees: #"{"key":"fee","kind":"flatFee","amount":"0.00"},"#) == """
          fee 0.00
          least 40.00 of fee 40.00
          pot -40.00 of fee -40.00
          net 0.00
          """)
  }
}

/// Coupons and grants for some months of a longer period act on what these months came to.
struct MonthsOfAPeriodGoldenTests {
  /// 60.00 a month, under quarters.
  private static func net(_ clause: String, _ month: String = "2026-01") throws -> String {
    let document = """
      {"customer":"acme","currency":"EUR","zone":"UTC","from":"2026-01-01",
       "billing":{"every":"quarter"},"clauses":[
        {"key":"fee","kind":"recurringFee","amount":"60.00","every":"month","due":"arrears"},
        \(clause)]}
      """
    let contract = try Contract(
      Node(JSON(parsing: Array(document.utf8))), key: ContractKey("agreed"))
    var before: [RatedMonth] = []
    for name in ["2026-01", "2026-04"] where try BillingMonth(name) <= BillingMonth(month) {
      let run = MonthRating(contract, try BillingMonth(name), zone: .utc)
      before.append(try run.rate(UsageTable([UsageRequest: UsageResult]()), before: before))
    }
    return try before.last!.sum { _ in true }.description
  }

  @Test(arguments: [
    (#""percent":"50","from":"2026-02","until":"2026-03""#, "150.00"),
    (#""percent":"50","from":"2026-02""#, "120.00"),
    (#""amount":"100.00","until":"2026-02""#, "120.00"),
    (#""amount":"100.00","from":"2026-02""#, "80.00"),
    (#""percent":"50","from":"2026-04""#, "180.00"),
  ])
  func coupons(terms: String, net: String) throws {
    let coupon = """
      {"key":"cut","kind":"discount","coupons":[{"name":"coupon",\(terms)}]}
      """
    #expect(try Self.net(coupon) == net)
  }

  @Test func grants() throws {
    func clause(_ grant: String) -> String {
      #"{"key":"credit","kind":"prepaidCredit","grants":[{"name":"g","# + grant + "}]}"
    }
    let january = clause(#""amount":"100.00","from":"2026-01","until":"2026-02""#)
    #expect(try Self.net(january) == "120.00")
    let bought = clause(#""amount":"150.00","from":"2026-02","bought":"2026-02""#)
    #expect(try Self.net(bought) == "210.00", "120.00 of February and March are paid")
    #expect(try Self.net(bought, "2026-04") == "150.00", "and 30.00 are left")
  }
}
