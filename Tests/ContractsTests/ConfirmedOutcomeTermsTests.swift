import Base
import Contracts
import TestSupport
import Testing

struct ConfirmedOutcomeTermsTests {
  static func clause(
    prices: String = #"[{"confirmed":"0.99","assumed":"0.79"}]"#, _ more: String = ""
  ) -> String {
    """
    {"key":"a","kind":"confirmedOutcome","meter":"cases","prices":\(prices),\
    "confirmWithinHours":168,"reverseWithinHours":720\(more)}
    """
  }

  static let sound = [
    clause(#","countedOver":"month""#),
    clause(
      prices: #"[{"upTo":5,"confirmed":"1","assumed":"0"},{"confirmed":"0.5","assumed":"0"}]"#,
      #","once":{"field":"ticket","hours":72},"countedOver":"contractYear","outcomesMax":0,"#
        + #""amountMax":"500.00","share":"bot""#),
    clause(#","once":{"hours":1},"countedOver":"month""#),
  ]

  @Test(arguments: sound)
  func writesBackWhatItRead(clause: String) throws {
    let contract: Contract = try read(
      """
      {"customer":"9E","currency":"USD","zone":"UTC","from":"2013-01-01","clauses":[\(clause)]}
      """)
    #expect(contract.json["clauses"]?.elements?.map(\.text) == [clause])
    #expect(contract.clauses[0].stage == .outcome)
  }

  static let unsound: [(String, [String])] = [
    (
      #"{"key":"a","kind":"confirmedOutcome"}"#,
      [
        "missing_field /meter", "missing_field /prices", "missing_field /confirmWithinHours",
        "missing_field /reverseWithinHours",
      ]
    ),
    (clause(prices: "[]"), ["invalid_value /prices"]),
    (
      clause(prices: #"[{"confirmed":"-1"}]"#),
      ["invalid_value /prices/0/confirmed", "missing_field /prices/0/assumed"]
    ),
    // Every number of outcomes has a price: the last tier has no end, the others rise.
    (clause(prices: #"[{"upTo":5,"confirmed":"1","assumed":"1"}]"#), ["invalid_value /prices"]),
    (
      clause(prices: #"[{"confirmed":"1","assumed":"1"},{"confirmed":"1","assumed":"1"}]"#),
      ["invalid_value /prices"]
    ),
    (
      clause(
        prices: """
          [{"upTo":5,"confirmed":"1","assumed":"1"},{"upTo":5,"confirmed":"1","assumed":"1"},\
          {"confirmed":"1","assumed":"1"}]
          """), ["invalid_value /prices"]
    ),
    (
      clause(#","once":{"field":""},"countedOver":"week","outcomesMax":-1,"amountMax":"-1""#),
      [
        "missing_field /once/hours", "invalid_value /once/field", "invalid_value /countedOver",
        "invalid_value /outcomesMax", "invalid_value /amountMax",
      ]
    ),
    (clause(#","once":{"hours":0},"cap":1"#), ["invalid_value /once/hours", "unknown_field /cap"]),
  ]

  @Test(arguments: unsound)
  func namesEveryFault(clause: String, faults: [String]) {
    #expect(Set(ClauseTests.faults(of: clause)) == Set(faults))
  }
}
