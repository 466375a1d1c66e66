import Base
import Contracts
import Testing

struct ContractTests {
  /// The shortest contract there is, and one with everything in it.
  static let documents = [
    #"{"customer":"9E","currency":"USD","zone":"UTC","from":"2013-01-01","clauses":[]}"#,
    """
    {"customer":"9E","currency":"USD","zone":"America/New_York","from":"2013-01-01",\
    "until":"2016-01-01","effective":"2014-02-01","slots":["engine 1","engine 2"],\
    "clauses":[\(ClauseTests.full),\(ClauseTests.short)],\
    "value":{"used":"engine-time","planned":"planned-time"}}
    """,
  ]

  @Test(arguments: documents)
  func writesBackTheDocumentItRead(text: String) throws {
    let contract: Contract = try read(text)
    #expect(contract.json.text == text)
    #expect(try Contract(Node(contract.json), key: contract.key) == contract)
  }

  /// The term starts and ends at midnight on the contract's own calendar.
  @Test func isInForceFromMidnightToMidnight() throws {
    let newYork = ZoneRules(
      name: "America/New_York", initialOffsetSeconds: -18_000, changes: [])
    let contract: Contract = try read(Self.documents[1])
    #expect(contract.term(in: newYork).start.description == "2013-01-01T05:00:00Z")
    #expect(contract.term(in: newYork).end.description == "2016-01-01T05:00:00Z")
    let endless: Contract = try read(Self.documents[0])
    #expect(endless.term(in: .utc).end == .latest)
  }

  /// From the middle of January to the end of the year, with something more.
  static func term(_ more: String) -> String {
    """
    {"customer":"9E","currency":"USD","zone":"UTC","from":"2013-01-16","until":"2014-01-01",
     "clauses":[],\(more)}
    """
  }

  static let unsound: [(String, [String])] = [
    (
      "{}",
      [
        "missing_field /customer", "missing_field /currency", "missing_field /zone",
        "missing_field /from", "missing_field /clauses",
      ]
    ),
    (
      """
      {"customer":"9 E","currency":"XYZ","zone":"","from":"2013-02-29","until":"never",
       "clauses":{},"value":1,"vat":"20"}
      """,
      [
        "invalid_value /customer", "invalid_value /currency", "invalid_value /zone",
        "invalid_value /from", "invalid_value /until", "invalid_value /clauses",
        "invalid_value /value", "unknown_field /vat",
      ]
    ),
    (
      """
      {"customer":"9E","currency":"USD","zone":"UTC","from":"2013-01-01","until":"2013-01-01",
       "clauses":[]}
      """,
      ["invalid_value /until"]
    ),
    (
      """
      {"customer":"9E","currency":"USD","zone":"UTC","from":"2013-01-01",
       "clauses":[\(ClauseTests.short),\(ClauseTests.short)]}
      """,
      ["invalid_value /clauses"]
    ),
    (
      """
      {"customer":"9E","currency":"USD","zone":"UTC","from":"2013-01-01",
       "clauses":[{"key":"a"},{"key":"","kind":"flat"}],"value":{"used":"m","plan":"p"}}
      """,
      [
        "missing_field /clauses/0/kind", "invalid_value /clauses/1/key",
        "invalid_value /clauses/1/kind", "missing_field /value/planned",
        "unknown_field /value/plan",
      ]
    ),
    (term(#""effective":"2012-12-01""#), ["invalid_value /effective"]),
    (term(#""effective":"2014-01-02""#), ["invalid_value /effective"]),
    (term(#""effective":"2013-06-02""#), []),
    (term(#""effective":"2013-01-16""#), []), (term(#""effective":"2013-02-01""#), []),
    (term(#""billing":{"every":"quarter","anchorDay":31}"#), []),
    (
      term(#""billing":{"every":"week","anchorDay":32,"anchorMonth":0}"#),
      [
        "invalid_value /billing/every", "invalid_value /billing/anchorDay",
        "invalid_value /billing/anchorMonth",
      ]
    ),
    (term(#""slots":["a","a"]"#), ["invalid_value /slots"]),
    (term(#""slots":["",1]"#), ["invalid_value /slots/0", "invalid_value /slots/1"]),
    (#""9E""#, ["invalid_value "]),
  ]

  @Test(arguments: unsound)
  func tellsEveryFaultWithItsPlace(text: String, expected: [String]) {
    #expect(faultTexts(of: text, as: Contract.self) == expected)
  }
}
