import Base
import Contracts
import TestSupport
import Testing

struct PriceTermsTests {
  static func charge(_ price: String, _ more: String = "") -> String {
    #"{"key":"a","kind":"usageCharge","meter":"calls","price":\#(price)\#(more)}"#
  }

  static let sound = [
    charge(#"{"model":"perUnit","rate":"-0.001"}"#),
    charge(
      #"{"model":"package","amount":"15.00","units":"10","begun":"charged"}"#,
      #","free":"5","discountPercent":"12.5","discountAmount":"1","minimum":"2","maximum":"3""#),
    charge(#"{"model":"package","amount":"1","units":"0.5","begun":"free"}"#),
    charge(
      """
      {"model":"graduated","tiers":[{"upTo":"10","rate":"1","flat":"2","block":"3","cap":"4"},\
      {"below":"20","rate":"0"},{"rate":"0.5"}],"flatAtZero":true}
      """),
    charge(#"{"model":"volume","tiers":[{"rate":"0.5"}],"flatAtZero":false}"#),
    #"{"key":"a","kind":"flatFee","amount":"100.00","prorated":false}"#,
  ]

  @Test(arguments: sound)
  func writesBackWhatItRead(clause: String) throws {
    let contract: Contract = try read(
      """
      {"customer":"9E","currency":"USD","zone":"UTC","from":"2013-01-01","clauses":[\(clause)]}
      """)
    #expect(contract.json["clauses"]?.elements?.map(\.text) == [clause])
  }

  static let unsound: [(String, [String])] = [
    (#"{"key":"a","kind":"usageCharge"}"#, ["missing_field /meter", "missing_field /price"]),
    (charge("1"), ["invalid_value /price"]),
    (charge("{}"), ["missing_field /price/model"]),
    (charge(#"{"model":"free"}"#), ["invalid_value /price/model"]),
    (
      charge(#"{"model":"perUnit","rate":1.5,"tiers":[]}"#, #","free":"-1""#),
      ["unknown_field /price/tiers", "invalid_value /free"]
    ),
    (
      charge(#"{"model":"package","amount":"1","units":"0","begun":"half"}"#),
      ["invalid_value /price/begun", "invalid_value /price/units"]
    ),
    (charge(#"{"model":"volume","tiers":[]}"#), ["invalid_value /price/tiers"]),
    (
      charge(#"{"model":"volume","tiers":[{"upTo":"1","rate":"1"}]}"#),
      ["invalid_value /price/tiers"]
    ),
    (
      charge(#"{"model":"volume","tiers":[{"rate":"1"},{"rate":"1"}]}"#),
      ["invalid_value /price/tiers"]
    ),
    (
      charge(
        """
        {"model":"graduated","tiers":[{"upTo":"2","rate":"1"},{"upTo":"2","rate":"1"},\
        {"rate":"1"}]}
        """), ["invalid_value /price/tiers"]
    ),
    (
      charge(#"{"model":"graduated","tiers":[{"rate":"1","block":"0"}]}"#),
      ["invalid_value /price/tiers"]
    ),
    (
      charge(#"{"model":"graduated","tiers":[{"upTo":"1","below":"2","rate":"1"},{"rate":"1"}]}"#),
      ["invalid_value /price/tiers/0/below"]
    ),
    (
      charge(
        #"{"model":"perUnit","rate":"1"}"#,
        #","discountPercent":"100.1","minimum":"3","maximum":"2""#),
      ["invalid_value /discountPercent", "invalid_value /maximum"]
    ),
    (#"{"key":"a","kind":"flatFee"}"#, ["missing_field /amount"]),
  ]

  @Test(arguments: unsound)
  func namesEveryFault(clause: String, faults: [String]) {
    #expect(ClauseTests.faults(of: clause) == faults)
  }
}
