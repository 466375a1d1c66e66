import Base
import Contracts
import Testing

/// Promises and what hangs on them: availability, bonus and malus, scorecards, holdbacks, caps.
struct GuaranteeTermsTests {
  static let bands = #""bands":[{"atLeast":"98.5","percent":"0"},{"percent":"35"}]"#
  static let kpi =
    #"{"name":"turns","weight":"0.3","meter":"turns","threshold":"75","target":"50"}"#

  static func guarantee(_ terms: String) -> String {
    #"{"key":"a","kind":"availabilityGuarantee",\#(terms)}"#
  }
  static func malus(_ terms: String) -> String { #"{"key":"m","kind":"bonusMalus",\#(terms)}"# }
  static func card(_ terms: String) -> String { #"{"key":"s","kind":"scorecard",\#(terms)}"# }
  static func held(_ terms: String) -> String { #"{"key":"h","kind":"holdback",\#(terms)}"# }
  static func cap(_ terms: String) -> String { #"{"key":"c","kind":"atRiskCap",\#(terms)}"# }

  /// Lists of clauses, written as they are kept.
  static let sound = [
    guarantee(
      """
      "meter":"states","serviceHours":[{"days":["monday","friday"],"from":"06:30",\
      "until":"24:00"}],"plannedQuotaSeconds":28800,"minimumOutageSeconds":300,\
      "rectificationSeconds":3600,"unknown":"down",\(bands),"coverageMin":"90",\
      "repeats":["1.0","1.5"]
      """),
    guarantee(#""energy":{"actual":"made","lost":"missed"},\#(bands),"coverageMin":"95""#),
    [
      guarantee(#""meter":"states","unknown":"exclude",\#(bands),"coverageMin":"95""#),
      malus(
        """
        "of":"a","target":"98.0","deadband":"0.5","better":"higher",\
        "bonus":{"slope":"1.2","percentMax":"3"},"malus":{"slope":"1.8"},"penalisesAgain":true
        """),
      card(
        """
        "span":"quarter","kpis":[{"name":"up","weight":"0.4","of":"a","threshold":"99.0",\
        "target":"99.7"},\(kpi)],"coverageMin":"70","penalisesAgain":true
        """), held(#""percent":"8","scorecard":"s","floorScore":"60""#),
      cap(#""percent":"12","span":"year","capped":["a","h"]"#),
    ].joined(separator: ","),
  ]

  @Test(arguments: sound)
  func writesBackWhatItRead(clauses: String) throws {
    let contract: Contract = try read(
      """
      {"customer":"9E","currency":"USD","zone":"UTC","from":"2013-01-01","clauses":[\(clauses)]}
      """)
    #expect(contract.json["clauses"]?.text == "[\(clauses)]")
  }

  /// A clause, and what is wrong with it.
  static let unsound: [(String, [String])] = [
    (guarantee(bands), ["invalid_value /meter"]),
    (
      guarantee(#""meter":"m","energy":{"actual":"a"},\#(bands)"#),
      ["missing_field /energy/lost"]
    ),
    (
      guarantee(#""meter":"m","energy":{"actual":"a","lost":"b"},\#(bands)"#),
      ["invalid_value /meter"]
    ),
    (guarantee(#""meter":"m""#), ["missing_field /bands"]),
    (guarantee(#""meter":"m","bands":[]"#), ["invalid_value /bands"]),
    (
      guarantee(#""meter":"m","bands":[{"atLeast":"90","percent":"0"}]"#),
      ["invalid_value /bands"]
    ),
    (
      guarantee(
        #""meter":"m","bands":[{"atLeast":"90","percent":"0"},{"atLeast":"90","percent":"5"},"#
          + #"{"percent":"9"}]"#), ["invalid_value /bands"]
    ),
    (
      guarantee(#""meter":"m","bands":[{"percent":"101"}],"coverageMin":"-1""#),
      ["invalid_value /bands/0/percent", "invalid_value /coverageMin"]
    ),
    (
      guarantee(
        #""meter":"m","serviceHours":[{"days":["sun"],"from":"9:00","until":"24:01"},"#
          + #"{"days":[],"from":"10:00","until":"10:00"}],"unknown":"maybe",\#(bands)"#),
      [
        "invalid_value /serviceHours/0/days/0", "invalid_value /serviceHours/0/from",
        "invalid_value /serviceHours/0/until", "invalid_value /serviceHours/1/until",
        "invalid_value /unknown",
      ]
    ),
    (
      malus(#""target":"98""#), ["invalid_value /of"]
    ),
    (
      malus(#""meter":"m","target":"98","deadband":"-1","malus":{"percentMax":"1"}"#),
      ["invalid_value /deadband", "missing_field /malus/slope"]
    ),
    (
      malus(#""of":"x","target":"98""#), ["unknown_reference "]
    ),
    (card(#""span":"week","kpis":[]"#), ["invalid_value /span", "invalid_value /kpis"]),
    (
      card(
        #""span":"month","kpis":[{"name":"n","weight":"0","meter":"m","threshold":"1","#
          + #""target":"1.0"}]"#),
      ["invalid_value /kpis/0/weight", "invalid_value /kpis/0/target"]
    ),
    (held(#""percent":"8","scorecard":"s""#), ["unknown_reference "]),
    (held(#""percent":"100.1""#), ["invalid_value /percent", "missing_field /scorecard"]),
    (cap(#""percent":"8","capped":["x"]"#), ["unknown_reference "]),
  ]

  @Test(arguments: unsound)
  func namesEveryFault(clause: String, faults: [String]) {
    #expect(ClauseTests.faults(of: clause) == faults)
  }

  /// A holdback that stands before its scorecard would be rated before it.
  @Test func theOrderOfWritingCounts() {
    let card = Self.card(#""span":"month","kpis":[\#(Self.kpi)]"#)
    let clauses = Self.held(#""percent":"8","scorecard":"s""#) + "," + card
    #expect(ClauseTests.faults(of: clauses) == ["unknown_reference "])
  }
}
