import Base
import Ingestion
import TestSupport
import Testing

@Suite struct CSVEventsTests {
  private static let flights = """
    {"source": {"constant": "//acme/history"}, "id": {"columns": ["tail", "departed"]},
     "type": {"constant": "flight"}, "subject": {"column": "tail"}, "time": {"column": "departed"},
     "data": {"seconds": {"column": "air", "kind": "number"}, "pilot": {"column": "who"},
              "delayed": {"column": "late", "kind": "boolean"}}}
    """

  @Test func aRowBecomesAnEvent() throws {
    let events = try events(
      """
      departed,tail,air,who,late,unread
      2013-01-05T08:00:00+01:00,N1,7200.50,"Jörg ""Ace"" Öre",TRUE,x
      2013-01-06T08:00:00Z,N1,,,,
      2013-01-06T09:00:00Z,N2,-1e3,,false,
      """, try mapping(Self.flights))
    let head = #"{"specversion":"1.0","id":""#
    let middle = #"","source":"//acme/history","type":"flight","subject":""#
    #expect(
      events == [
        head + "N1|2013-01-05T08:00:00+01:00" + middle
          + "N1\",\"time\":\"2013-01-05T08:00:00+01:00\""
          + #","data":{"seconds":7200.50,"pilot":"Jörg \"Ace\" Öre","delayed":true}}"#,
        head + "N1|2013-01-06T08:00:00Z" + middle + "N1\",\"time\":\"2013-01-06T08:00:00Z\""
          + #","data":{}}"#,
        head + "N2|2013-01-06T09:00:00Z" + middle + "N2\",\"time\":\"2013-01-06T09:00:00Z\""
          + #","data":{"seconds":-1e3,"delayed":false}}"#,
      ])
    for event in events {
      let batch = try scan(event)
      #expect(batch.refusals.isEmpty)
      #expect(batch.events.count == 1)
    }
  }

  /// No digit passes through floating point, and nothing that is not a number becomes one.
  @Test(arguments: [
    ("0.1000000000000000055511151231257827", true), ("-0", true), ("1E+2", true),
    ("99999999999999999999", true), ("007", false), ("+1", false), (".5", false), ("5.", false),
    ("1,5", false), ("1 000", false), (" 1", false), ("1 ", false), ("0x1F", false),
    ("NaN", false), ("1e100", false), ("--1", false), ("1\n", false), ("{}", false), ("-", false),
  ])
  func aNumberIsTakenAsItIsWritten(text: String, isNumber: Bool) throws {
    let event = try events("at,n\n2013-01-01T00:00:00Z,\"\(text)\"", try Self.one("n", "number"))[0]
    if isNumber {
      #expect(event.hasSuffix("\"data\":{\"x\":\(text)}}"))
    } else {
      #expect(event.hasPrefix("invalid_value /data/x line 2, column 2 (`n`): the cell is not a"))
    }
  }

  @Test(arguments: [
    ("epochSeconds", "1357372800", "2013-01-05T08:00:00Z"),
    ("epochSeconds", "1357372800.25", "2013-01-05T08:00:00.250000Z"),
    ("epochSeconds", "-1", "1969-12-31T23:59:59Z"),
    ("epochMilliseconds", "1357372800001", "2013-01-05T08:00:00.001000Z"),
    ("epochSeconds", "1357372800.1234567", nil), ("epochSeconds", "1357372800000", nil),
    ("epochSeconds", "", nil), ("epochSeconds", "1e99", nil), ("rfc3339", "", nil),
    ("rfc3339", "05.01.2013", nil), ("rfc3339", "2013-01-05T08:00:00", nil),
    ("rfc3339", "2013-02-30T08:00:00Z", nil),
  ])
  func timeIsReadAsTheMappingSays(format: String, cell: String, time: String?) throws {
    let mapping = try mapping(
      """
      {"source": {"constant": "s"}, "id": {"columns": ["id"]}, "type": {"constant": "t"},
       "time": {"column": "at", "format": "\(format)"}}
      """)
    let event = try events("id,at\n1,\(cell)", mapping)[0]
    if let time {
      #expect(event.hasSuffix("\"time\":\"\(time)\"}"))
    } else {
      #expect(
        event.hasPrefix("invalid_value /time line 2, column 2 (`at`): the cell is not a time"))
    }
  }

  @Test func aBadRowIsAFaultOfItsOwn() throws {
    let events = try events(
      """
      tail,departed,air,who,late
      N1,2013-01-05T08:00:00Z,1,,
      N1,2013-01-05T09:00:00Z,1,
      ,2013-01-05T09:00:00Z,1,,
      N|1,2013-01-05T09:00:00Z,1,,
      N2,2013-01-05T09:00:00Z,1,,yes
      N3,2013-01-05T09:00:00Z,1,,
      """, try mapping(Self.flights))
    #expect(
      events.enumerated().filter { !$0.element.hasPrefix("{") }.map(\.element) == [
        "malformed_document  line 3: expected 5 cells, as in the header, but found 4",
        "invalid_value /id line 4, column 1 (`tail`): the cell is empty",
        "invalid_value /id line 5, column 1 (`tail`): the cell holds `|`, which joins the parts of "
          + "an id",
        "invalid_value /data/delayed line 6, column 5 (`late`): the cell is neither true nor false",
      ])
  }

  @Test func textThatIsNotUTF8IsNamed() throws {
    let rows = try rows(Array("at,n\n2013-01-01T00:00:00Z,J".utf8) + [0xF6] + Array("rg".utf8))
    let writer = try CSVEvents(try Self.one("n", "text"), header: rows[0])
    #expect(
      fault { try writer.event(rows[1]) }?.detail
        == "line 2, column 2 (`n`): the cell is not UTF-8")
  }

  @Test func everyColumnThatIsMissingIsNamed() throws {
    let header = try rows(Array("tail,tail,departed,AIR,late".utf8))[0]
    let found = faults { try CSVEvents(try mapping(Self.flights), header: header) }
    #expect(
      found.map { "\($0.pointer) \($0.detail)" } == [
        "/subject/column the header has 2 columns `tail`",
        "/id/columns/0 the header has 2 columns `tail`",
        "/data/seconds/column the header has no column `air`",
        "/data/pilot/column the header has no column `who`",
      ])
  }

  private static func one(_ column: String, _ kind: String) throws -> CSVMapping {
    try mapping(
      """
      {"source": {"constant": "s"}, "id": {"columns": ["at"]}, "type": {"constant": "t"},
       "time": {"column": "at"}, "data": {"x": {"column": "\(column)", "kind": "\(kind)"}}}
      """)
  }
}
