import Base
import Contracts
import TestSupport
import Testing

/// Clauses are read as parts of a contract, so that their faults point into it.
struct ClauseTests {
  static let short = """
    {"key":"plain","kind":"severityHours","hours":"engine-time","cycles":"cycles",\
    "rate":"100.00","cycleRate":"0"}
    """

  static let full = """
    {"key":"power","kind":"severityHours","hours":"engine-time","cycles":"cycles",\
    "rate":"180.00","cycleRate":"42.50","index":{"factor":"1.0400"},\
    "legTable":[{"at":"1","factor":"1.235"},{"at":"1.5","factor":"1.078"},\
    {"at":"2","factor":"1.000"}],\
    "derate":{"meter":"derate-time","table":[{"at":"0","factor":"1.06"},\
    {"at":"10","factor":"1.00"}]},\
    "environment":[{"meter":"dust-time","factor":"1.12"},{"meter":"salt-time","factor":"1.05"}],\
    "severityMin":"0.80","severityMax":"1.25",\
    "ratioWindow":{"trailingMonths":6,"every":"halfYear"}}
    """

  /// The faults of `clause` as the one clause of an otherwise sound contract, without the prefix.
  static func faults(of clause: String) -> [String] {
    faultTexts(
      of: """
        {"customer":"9E","currency":"USD","zone":"UTC","from":"2013-01-01","clauses":[\(clause)]}
        """, as: Contract.self
    ).map { $0.replacing("/clauses/0", with: "") }
  }

  /// The short clause with `terms` behind it.
  static func clause(_ terms: String) -> String { short.dropLast() + "," + terms + "}" }

  /// The kinds with members of several parts.
  static let others = [
    """
    {"key":"m","kind":"minimumUtilisation","hours":"h","minimum":3000,"rate":"180.00",\
    "index":{"factor":"1.04"},"excused":"x","counting":"pool","year":"calendar","bank":true}
    """,
    """
    {"key":"s","kind":"gainShare","actual":"a","price":"0.14","share":"0.4","cap":"0.03",\
    "floor":"0.02","threshold":"0.02","coverageMin":"0.9","uncertainty":"0.05","missing":"hold",\
    "baseline":{"perDay":"-1","drivers":[{"meter":"b","coefficient":"-2"}],"cvRMSE":"0.1",\
    "cvRMSEMax":"0.2","adjustments":[{"from":"2013-01-01","perDay":1,"reason":"a hall"}]}}
    """,
    """
    {"key":"c","kind":"coCreationCredit","capPercent":6,"bankMonths":12,"bankAtEnd":"paid",\
    "activities":[\
    {"key":"a","name":"A","perUnit":{"meter":"m","rate":95,"allowance":40,"cap":5,"pending":"p"}},\
    {"key":"b","name":"B","ofBase":{"percent":"0.5","meter":"m","atLeast":95}}]}
    """,
  ]

  @Test(arguments: [short, full] + others)
  func readsASoundClause(text: String) {
    #expect(Self.faults(of: text) == [])
  }

  /// A clause, and what is wrong with it.
  static let unsound: [(String, [String])] = [
    ("{}", ["missing_field /key", "missing_field /kind"]),
    (#"{"key":"a","kind":"perHour"}"#, ["invalid_value /kind"]),
    (
      #"{"key":"a","kind":"severityHours"}"#,
      [
        "missing_field /hours", "missing_field /cycles", "missing_field /rate",
        "missing_field /cycleRate",
      ]
    ),
    (
      """
      {"key":"a","kind":"severityHours","hours":"a b","cycles":1,"rate":"-1","cycleRate":"1e3",
       "perHour":true}
      """,
      [
        "invalid_value /hours", "invalid_value /cycles", "invalid_value /rate",
        "invalid_value /cycleRate", "unknown_field /perHour",
      ]
    ),
    (clause(#""severityMin":"1.2","severityMax":"1.1""#), ["invalid_value /severityMax"]),
    (clause(#""severityMin":"-1""#), ["invalid_value /severityMin"]),
    (
      clause(#""ratioWindow":{"trailingMonths":6,"every":"halfYear"}"#),
      ["invalid_value /ratioWindow"]
    ),
    (
      clause(
        #""legTable":[{"at":"1","factor":"1"}],"ratioWindow":{"trailingMonths":0,"every":"day"}"#),
      ["invalid_value /ratioWindow/trailingMonths", "invalid_value /ratioWindow/every"]
    ),
    // Tables.
    (clause(#""legTable":[]"#), ["invalid_value /legTable"]),
    (clause(#""legTable":{}"#), ["invalid_value /legTable"]),
    (
      clause(#""legTable":[{"at":"1","factor":"1"},{"at":"1.0","factor":"2"}]"#),
      ["invalid_value /legTable"]
    ),
    (
      clause(#""legTable":[{"at":"2","factor":"1"},{"at":"1","factor":"2"}]"#),
      ["invalid_value /legTable"]
    ),
    (
      clause(#""legTable":[{"at":"x"},{"factor":"-1","at":"1","to":1}]"#),
      [
        "invalid_value /legTable/0/at", "missing_field /legTable/0/factor",
        "invalid_value /legTable/1/factor", "unknown_field /legTable/1/to",
      ]
    ),
    (clause(#""derate":{"meter":"m"}"#), ["missing_field /derate/table"]),
    (
      clause(#""derate":{"meter":"","table":[]}"#),
      ["invalid_value /derate/meter", "invalid_value /derate/table"]
    ),
    (
      clause(#""environment":[{"meter":"m"},{"factor":"-1","meter":"m"}]"#),
      ["missing_field /environment/0/factor", "invalid_value /environment/1/factor"]
    ),
    // An index is agreed as a factor or as a formula, never both.
    (clause(#""index":{}"#), ["invalid_value /index"]),
    (clause(#""index":{"factor":"-1"}"#), ["invalid_value /index/factor"]),
    (clause(#""index":{"factor":"1","kpi":"x"}"#), ["unknown_field /index/kpi"]),
    (
      clause(#""index":{"factor":"1","escalation":\#(IndexTermsTests.escalation)}"#),
      ["invalid_value /index"]
    ),
  ]

  /// The same, of the kinds above.
  static let unsoundOthers: [(String, [String])] = [
    (
      #"{"key":"a","kind":"minimumUtilisation","missing":"forget"}"#,
      [
        "invalid_value /missing", "missing_field /hours", "missing_field /minimum",
        "missing_field /rate",
      ]
    ),
    (
      """
      {"key":"a","kind":"minimumUtilisation","hours":"h","minimum":"-1","rate":1,
       "counting":"fleet","year":"leap","bank":1}
      """,
      [
        "invalid_value /minimum", "invalid_value /counting", "invalid_value /year",
        "invalid_value /bank",
      ]
    ),
    (
      """
      {"key":"a","kind":"gainShare","actual":"a","price":1,"share":"1.01","deductible":"0.1",
       "threshold":"0.1","baseline":{"drivers":[{"meter":"m"}],"cvRMSE":"0.1"}}
      """,
      [
        "missing_field /baseline/perDay", "missing_field /baseline/drivers/0/coefficient",
        "invalid_value /baseline/cvRMSEMax", "invalid_value /share", "invalid_value /threshold",
      ]
    ),
    (
      """
      {"key":"a","kind":"gainShare","actual":"a","price":1,"share":1,"baseline":{"perDay":1,
       "adjustments":[{"from":"2013-02-01","until":"2013-02-01","perDay":1,"reason":""}]}}
      """,
      [
        "invalid_value /baseline/adjustments/0/reason",
        "invalid_value /baseline/adjustments/0/until",
      ]
    ),
    (
      """
      {"key":"a","kind":"coCreationCredit","bankMonths":12,"activities":[
       {"key":"a","name":"A"},{"key":"a","name":"A","ofBase":{"percent":1,"atLeast":1}}]}
      """,
      [
        "invalid_value /activities/0", "invalid_value /activities/1/ofBase",
        "invalid_value /bankMonths",
      ]
    ),
    (
      """
      {"key":"a","kind":"coCreationCredit","bankAtEnd":"lost","activities":[
       {"key":"a","name":"A","ofBase":{"percent":1,"meter":"m","atLeast":1}}]}
      """, ["invalid_value /bankAtEnd"]
    ),
    (
      """
      {"key":"a","kind":"coCreationCredit","base":["gone"],"activities":[
       {"key":"a","name":"A","ofBase":{"percent":1,"atLeast":1,"finding":"lost"}}]}
      """, ["unknown_reference ", "unknown_reference "]
    ),
  ]

  @Test(arguments: unsound + unsoundOthers)
  func tellsEveryFaultWithItsPlace(text: String, expected: [String]) {
    #expect(Self.faults(of: text) == expected)
  }
}
