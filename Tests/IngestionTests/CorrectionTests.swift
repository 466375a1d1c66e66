import Base
import Ingestion
import TestSupport
import Testing

struct CorrectionTests {
  static func read(_ text: String) throws -> Correction {
    try Correction(Node(JSON(parsing: Array(text.utf8))))
  }

  @Test func takesAnEventBack() throws {
    let text = #"{"corrects":{"source":"//s","id":"1"},"retract":true}"#
    let correction = try Self.read(text)
    #expect(correction.source == "//s")
    #expect(correction.id == "1")
    #expect(correction.action == .retract)
  }

  @Test func saysWhatIsDifferent() throws {
    func amendment(_ text: String) throws -> Correction.Amendment? {
      let correction = try Self.read(
        #"{"amend":\#(text),"corrects":{"id":"1","source":"//s"},"retract":false}"#)
      guard case .amend(let amendment) = correction.action else { return nil }
      return amendment
    }
    let all = try amendment(
      #"{"time":"2013-01-01T01:00:00+01:00","type":"t","subject":"n","data":{"a":1.50}}"#)
    #expect(all?.time == Instant("2013-01-01T00:00:00Z"))
    #expect(all?.type == "t")
    #expect(all?.subject == "n")
    #expect(all?.data == ["a": .number("1.50")], "digits stay as they are")
    let one = try amendment(#"{"data":null}"#)
    #expect(one?.data == .null, "no data is something else than data that is null")
    #expect(one?.time == nil && one?.type == nil && one?.subject == nil)
  }

  private static let target = #""corrects":{"source":"//s","id":"1"}"#
  private static let long = String(repeating: "x", count: 257)

  static let faults: [(String, [String])] = [
    ("[]", ["invalid_value "]), ("null", ["invalid_value "]),
    ("{}", ["missing_field /corrects"]),
    ("{\(target)}", ["invalid_value /retract"]),
    (#"{\#(target),"retract":false}"#, ["invalid_value /retract"]),
    (#"{\#(target),"retract":"yes"}"#, ["invalid_value /retract"]),
    (#"{\#(target),"retract":true,"amend":{"subject":"n"}}"#, ["invalid_value /retract"]),
    (#"{\#(target),"retract":true,"why":"a slip"}"#, ["unknown_field /why"]),
    (#"{"corrects":"1","retract":true}"#, ["invalid_value /corrects"]),
    (
      #"{"corrects":{},"retract":true}"#,
      ["missing_field /corrects/source", "missing_field /corrects/id"]
    ),
    (
      #"{"corrects":{"source":"","id":7,"type":"t"},"retract":true}"#,
      [
        "invalid_value /corrects/source", "invalid_value /corrects/id",
        "unknown_field /corrects/type",
      ]
    ),
    (
      #"{"corrects":{"source":"\#(long)","id":"a\u0000"},"retract":true}"#,
      ["invalid_value /corrects/source", "invalid_value /corrects/id"]
    ),
    (#"{\#(target),"amend":{}}"#, ["invalid_value /amend"]),
    (#"{\#(target),"amend":[]}"#, ["invalid_value /amend"]),
    (#"{\#(target),"amend":{"id":"2"}}"#, ["unknown_field /amend/id"]),
    (#"{\#(target),"amend":{"source":"//t","data":{}}}"#, ["unknown_field /amend/source"]),
    (#"{\#(target),"amend":{"time":"yesterday"}}"#, ["invalid_value /amend/time"]),
    (#"{\#(target),"amend":{"time":0}}"#, ["invalid_value /amend/time"]),
    (#"{\#(target),"amend":{"type":""}}"#, ["invalid_value /amend/type"]),
    (#"{\#(target),"amend":{"type":"usance.correction"}}"#, ["invalid_value /amend/type"]),
    (#"{\#(target),"amend":{"subject":null}}"#, ["invalid_value /amend/subject"]),
    (#"{\#(target),"amend":{"subject":"\#(long)"}}"#, ["invalid_value /amend/subject"]),
    (#"{\#(target),"amend":{"subject":"a\u007f"}}"#, ["invalid_value /amend/subject"]),
  ]

  @Test(arguments: faults)
  func refusesWhatIsUnsound(text: String, expected: [String]) {
    let found = TestSupport.faults { try Self.read(text) }
    #expect(found.map { "\($0.code.rawValue) \($0.pointer)" } == expected)
  }

  @Test func takesTextsAsLongAsThoseOfAnEvent() throws {
    let text = String(repeating: "é", count: 128)
    let correction = try Self.read(
      #"{"corrects":{"source":"\#(text)","id":"\#(text)"},"retract":true}"#)
    #expect(correction.id == text)
  }
}
