import Base
import Contracts
import TestSupport
import Testing

/// Percentages, prices by group and by time of day, recurring fees, commitments, coupons, credit.
struct ConventionalTermsTests {
  private static func clause(_ kind: String, _ terms: String) -> String {
    #"{"key":"a","kind":"\#(kind)"\#(terms.isEmpty ? "" : ","+terms)}"#
  }

  private static let price = #"{"model":"perUnit","rate":"1"}"#
  private static let night = #"{"name":"night","times":[{"from":"22:00","until":"24:00"}]"#

  static let sound = [
    clause("percentage", #""meter":"m","rate":"2.9""#),
    clause(
      "percentage",
      """
      "meter":"m","rate":"-2.9","freeAmount":"250.0","freeEvents":3,"fixed":"0.30",\
      "minimumPerEvent":"1.75","maximumPerEvent":"12"
      """),
    clause(
      "percentage",
      """
      "meter":"m","tiers":[{"upTo":"6","rate":"1"},{"rate":"2.9","flat":"2"}],"flatAtZero":true,\
      "freeAmount":"10"
      """),
    clause(
      "matrix",
      #""meter":"m","prices":[{"group":["eu","1"],"price":\#(price)}],"otherwise":\#(price)"#),
    clause(
      "timeOfDay",
      """
      "meter":"m","bands":[\(night),"price":\(price)},{"name":"weekend","times":[\
      {"days":["saturday","sunday"],"from":"00:00","until":"08:30"}],"price":\(price)}],\
      "otherwise":\(price)
      """),
    clause(
      "recurringFee",
      #""amount":"99.00","every":"year","due":"advance","day":31,"month":4,"proration":"none""#),
    clause(
      "minimumCommitment", #""amount":"1000","clauses":["before"],"proration":"second""#),
    clause("maximumSpend", #""amount":"1000","proration":"day""#),
    clause(
      "discount",
      """
      "coupons":[{"name":"x","percent":"12.5","from":"2013-01","until":"2013-07"},\
      {"name":"y","amount":"5.00"}],"clauses":["before"]
      """),
    clause(
      "prepaidCredit",
      """
      "grants":[{"name":"x","amount":"100.00","priority":1,"from":"2013-01","until":"2014-01"},\
      {"name":"y","amount":"5","priority":0,"from":"2013-02","bought":"2013-01"}]
      """),
    clause("usageCharge", #""meter":"m","price":\#(price),"averaged":true"#),
  ]

  @Test(arguments: sound)
  func writesBackWhatItRead(clause: String) throws {
    let before = #"{"key":"before","kind":"flatFee","amount":"1","prorated":true}"#
    let contract: Contract = try read(
      """
      {"customer":"9E","currency":"USD","zone":"UTC","from":"2013-01-01",
       "clauses":[\(before),\(clause)]}
      """)
    #expect(contract.json["clauses"]?.elements?.last?.text == clause)
  }

  static let unsound: [(String, [String])] = [
    (clause("percentage", ""), ["missing_field /meter", "invalid_value /rate"]),
    (
      clause("percentage", #""meter":"m","rate":"1","tiers":[{"rate":"1"}]"#),
      ["invalid_value /rate"]
    ),
    (
      clause("percentage", #""meter":"m","tiers":[{"rate":"1"}],"fixed":"1""#),
      ["invalid_value /tiers"]
    ),
    (
      clause("percentage", #""meter":"m","tiers":[{"upTo":"1","rate":"1"}]"#),
      ["invalid_value /tiers"]
    ),
    (clause("percentage", #""meter":"m","rate":"0.00000000001""#), ["invalid_value /rate"]),
    (
      clause(
        "percentage",
        """
        "meter":"m","rate":"1","freeEvents":-1,"minimumPerEvent":"2","maximumPerEvent":"1"
        """), ["invalid_value /freeEvents", "invalid_value /maximumPerEvent"]
    ),
    (clause("matrix", ""), ["missing_field /meter", "missing_field /prices"]),
    (
      clause(
        "matrix",
        """
        "meter":"m","prices":[{"group":["eu"],"price":\(price)},{"group":["eu"],"price":\(price)}]
        """), ["invalid_value /prices"]
    ),
    (
      clause(
        "matrix",
        """
        "meter":"m","prices":[{"group":["eu"],"price":\(price)},{"group":[],"price":\(price)}]
        """), ["invalid_value /prices"]
    ),
    (
      clause("timeOfDay", #""meter":"m","bands":[{"name":"x"}]"#),
      [
        "missing_field /bands/0/times", "missing_field /bands/0/price", "missing_field /otherwise",
      ]
    ),
    (
      clause(
        "timeOfDay",
        """
        "meter":"m","bands":[\(night),"price":\(price)},{"name":"late","times":[\
        {"days":["monday"],"from":"23:59","until":"24:00"}],"price":\(price)}],"otherwise":\(price)
        """), ["invalid_value /bands"]
    ),
    (
      clause(
        "timeOfDay",
        """
        "meter":"m","bands":[{"name":"otherwise","times":[{"from":"6:00","until":"24:01"},\
        {"days":["funday"],"from":"10:00","until":"10:00"}],"price":\(price)}],"otherwise":\(price)
        """),
      [
        "invalid_value /bands/0/times/0/from", "invalid_value /bands/0/times/0/until",
        "invalid_value /bands/0/times/1/days/0", "invalid_value /bands/0/times/1/until",
      ]
    ),
    (clause("recurringFee", ""), ["missing_field /amount", "missing_field /every"]),
    (
      clause("recurringFee", #""amount":"1","every":"week","day":8,"month":1"#),
      ["invalid_value /day", "invalid_value /month"]
    ),
    (
      clause("minimumCommitment", #""amount":"-1","proration":"hour""#),
      ["invalid_value /amount", "invalid_value /proration"]
    ),
    // A clause is named that is not rated before: there is none.
    (clause("maximumSpend", #""amount":"1","clauses":["b"]"#), ["unknown_reference "]),
    (clause("discount", #""coupons":[{"name":"x"}]"#), ["invalid_value /coupons/0/percent"]),
    (
      clause(
        "discount",
        """
        "coupons":[{"name":"x","percent":"101"},{"name":"x","amount":"1","percent":"1"},\
        {"name":"y","amount":"1","from":"2013-02","until":"2013-02"}]
        """),
      [
        "invalid_value /coupons/0/percent", "invalid_value /coupons/1/percent",
        "invalid_value /coupons/2/until",
      ]
    ),
    (
      clause(
        "prepaidCredit",
        """
        "grants":[{"name":"x","amount":"1","from":"2013-01"},\
        {"name":"x","amount":"1","from":"2013-01"}]
        """), ["invalid_value /grants"]
    ),
    (
      clause("prepaidCredit", #""grants":[{"name":"x","amount":"1","until":"2013-01-01"}]"#),
      ["missing_field /grants/0/from", "invalid_value /grants/0/until"]
    ),
    (
      clause(
        "prepaidCredit",
        #""grants":[{"name":"x","amount":"1","from":"2013-01","bought":"2013-02"}]"#),
      ["invalid_value /grants/0/bought"]
    ),
  ]

  @Test(arguments: unsound)
  func namesEveryFault(clause: String, faults: [String]) {
    #expect(ClauseTests.faults(of: clause) == faults)
  }
}
