import Base
import Contracts
import Testing

/// Yearly escalation over published series.
struct IndexTermsTests {
  static let escalation = """
    {"fixedShare":"0.10","components":[{"name":"labour","weight":"0.55","base":"142.3"},\
    {"name":"material","weight":"0.35","base":"238.64"}],"floor":"0","cap":"0.04",\
    "catchUp":true,"years":[{"from":"2014-01-01","averages":["149.7","251.02"]},\
    {"from":"2015-01-01","averages":["151.1","249.80"]}]}
    """

  /// Half of it follows a series, the other half what both sides read off.
  static let published = """
    {"fixedShare":"0.10","components":[{"name":"labour","weight":"0.55","base":"142.3",\
    "series":"labour","baseMonth":"2012-12"},{"name":"material","weight":"0.35","base":"238.64"}],\
    "window":{"months":3,"lag":12},"revisions":"latest","catchUp":false,\
    "years":[{"from":"2014-01-01","averages":["251.02"]}]}
    """

  static func contract(_ escalation: String) -> String {
    let clause = ClauseTests.clause(#""index":{"escalation":\#(escalation)}"#)
    return """
      {"customer":"9E","currency":"USD","zone":"UTC","from":"2013-01-01","clauses":[\(clause)]}
      """
  }

  @Test(arguments: [escalation, published])
  func writesBackTheDocumentItRead(escalation: String) throws {
    let text = Self.contract(escalation)
    let contract: Contract = try read(text)
    #expect(contract.json.text == text)
  }

  /// What is changed in a sound escalation, and what is wrong with it then.
  static let unsound: [(was: String, becomes: String, expected: [String])] = [
    (#""fixedShare":"0.10""#, #""fixedShare":"0.1000000001""#, ["invalid_value /components"]),
    (#""weight":"0.55""#, #""weight":"0.54""#, ["invalid_value /components"]),
    (#""weight":"0.55""#, #""weight":"-0.55""#, ["invalid_value /components/0/weight"]),
    (#""base":"142.3""#, #""base":"0""#, ["invalid_value /components"]),
    (#""base":"142.3""#, #""base":"-142.3""#, ["invalid_value /components"]),
    (#""floor":"0""#, #""floor":"0.05""#, ["invalid_value /cap"]),
    (#""catchUp":true"#, #""catchUp":"yes""#, ["invalid_value /catchUp"]),
    (#"["149.7","251.02"]"#, #"["149.7"]"#, ["invalid_value /years"]),
    (#"["149.7","251.02"]"#, #"["149.7",true]"#, ["invalid_value /years/0/averages/1"]),
    (#""2015-01-01""#, #""2014-01-01""#, ["invalid_value /years"]),
    (#""2015-01-01""#, #""2013-01-01""#, ["invalid_value /years"]),
    (#""2015-01-01""#, #""2015-02-30""#, ["invalid_value /years/1/from"]),
    (#""name":"labour","#, "", ["missing_field /components/0/name"]),
  ]

  /// What is changed in an escalation over a series, and what is wrong with it then.
  static let unpublished: [(was: String, becomes: String, expected: [String])] = [
    (#""window":{"months":3,"lag":12},"#, "", ["invalid_value /window"]),
    (
      #""series":"labour","baseMonth":"2012-12""#, #""baseMonth":"2012-12""#,
      ["invalid_value /components"]
    ),
    (#""months":3"#, #""months":0"#, ["invalid_value /window/months"]),
    (#""lag":12"#, #""lag":-1"#, ["invalid_value /window/lag"]),
    ("latest", "newest", ["invalid_value /revisions"]),
    (#"["251.02"]"#, #"["149.7","251.02"]"#, ["invalid_value /years"]),
    (#","averages":["251.02"]"#, "", ["invalid_value /years"]),
    (
      #""baseMonth":"2012-12""#, #""baseMonth":"2012-13""#,
      ["invalid_value /components/0/baseMonth"]
    ),
  ]

  @Test(arguments: unpublished)
  func tellsWhatIsWrongWithASeries(was: String, becomes: String, expected: [String]) {
    let changed = Self.published.replacing(was, with: becomes)
    #expect(changed != Self.published)
    let found = ClauseTests.faults(
      of: ClauseTests.clause(#""index":{"escalation":\#(changed)}"#))
    #expect(found == expected.map { $0.replacing(" /", with: " /index/escalation/") })
  }

  @Test(arguments: unsound)
  func tellsWhatIsWrong(was: String, becomes: String, expected: [String]) {
    let changed = Self.escalation.replacing(was, with: becomes)
    #expect(changed != Self.escalation)
    let found = ClauseTests.faults(
      of: ClauseTests.clause(#""index":{"escalation":\#(changed)}"#))
    #expect(found == expected.map { $0.replacing(" /", with: " /index/escalation/") })
  }
}
