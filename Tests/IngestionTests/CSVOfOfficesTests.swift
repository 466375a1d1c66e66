import Base
import Ingestion
import TestSupport
import Testing

/// Tables as offices send them: lines above the header, decimal commas, what the clocks showed.
struct CSVOfOfficesTests {
  /// Berlin in 2026: clocks go forward on 29 March at 01:00Z, back on 25 October at 01:00Z.
  private static let berlin = ZoneRules(
    name: "Europe/Berlin", initialOffsetSeconds: 3600,
    changes: [
      .init(secondsSinceEpoch: 1_774_746_000, offsetSeconds: 7200),
      .init(secondsSinceEpoch: 1_792_890_000, offsetSeconds: 3600),
    ])

  private static func mapping(time: String = "", figure: String = "") throws -> CSVMapping {
    try IngestionTests.mapping(
      """
      {"delimiter": ";", "skipLines": 2, "source": {"constant": "s"}, "id": {"columns": ["nr"]},
       "type": {"constant": "t"},
       "time": {"column": "zeit", "format": "dd.MM.yyyy HH:mm", "zone": "Europe/Berlin"\(time)},
       "data": {"n": {"column": "wert", "kind": "number", "decimal": ","\(figure)}}}
      """)
  }

  private static func row(
    _ time: String, _ number: String, _ mapping: CSVMapping
  ) throws -> String {
    try events(
      "Bericht \"a\nStand; 1.2.\nnr;zeit;wert\n1;\(time);\(number)\n", mapping, zone: berlin)[0]
  }

  @Test func aReport() throws {
    #expect(
      try Self.row("01.01.2026 00:30", "1.234,5", Self.mapping())
        == #"{"specversion":"1.0","id":"1","source":"s","type":"t","#
        + #""time":"2025-12-31T23:30:00Z","data":{"n":1234.5}}"#)
  }

  @Test("lines above the header come in pieces too, and rows say their own lines")
  func pieces() throws {
    let text = Array("\u{FEFF}a \"b\n\nx;y\n1;2\n".utf8)
    for size in 1...8 {
      let rows = try rows(text, delimiter: ";", skippingLines: 2, size: size)
      #expect(rows.map(\.texts) == [["x", "y"], ["1", "2"]])
      #expect(rows.map(\.line) == [3, 4])
      #expect(rows.map(\.end) == [text.count - 4, text.count])
    }
    #expect(try rows(Array("a\nb".utf8), skippingLines: 3) == [])
  }

  @Test(arguments: [
    ("0,5", "0.5"), ("1234,50", "1234.50"), ("1.234.567,8", "1234567.8"), ("-12", "-12"),
    ("007", "7"), ("0", "0"), ("1.234", "1234"), ("1.23", nil), ("1234.567", nil), ("1,2,3", nil),
    (",5", nil), ("5,", nil), ("1.,5", nil), ("+1", nil), ("1 234", nil), ("12,5.0", nil),
    ("-", nil),
  ])
  func numbers(text: String, number: String?) throws {
    let event = try Self.row("01.07.2026 12:00", text, Self.mapping())
    if let number {
      #expect(event.hasSuffix("\"data\":{\"n\":\(number)}}"))
    } else {
      #expect(
        event == "invalid_value /data/n line 4, column 3 (`wert`): the cell is not a number, "
          + "such as 1250,75")
    }
  }

  @Test func otherThousands() throws {
    let mapping = try Self.mapping(figure: #","thousands": "'""#)
    #expect(try Self.row("01.07.2026 12:00", "1'234,5", mapping).hasSuffix("1234.5}}"))
    #expect(try Self.row("01.07.2026 12:00", "1.234,5", mapping).hasPrefix("invalid_value"))
  }

  @Test("a time that clocks showed twice is refused, or the one that the mapping says")
  func twice() throws {
    let time = "25.10.2026 02:30"
    #expect(
      try Self.row(time, "1", Self.mapping()) == """
        invalid_value /time line 4, column 2 (`zeit`): the cell is a time that clocks in \
        Europe/Berlin showed twice, at 2026-10-25T00:30:00Z and at 2026-10-25T01:30:00Z; say \
        `twice: first` or `twice: second` in the mapping
        """)
    for (word, found) in [("first", "2026-10-25T00:30:00Z"), ("second", "2026-10-25T01:30:00Z")] {
      let mapping = try Self.mapping(time: #","twice": "\#(word)""#)
      #expect(try Self.row(time, "1", mapping).contains(found))
    }
    // The last second before the hour, and the first behind it.
    #expect(try Self.row("25.10.2026 01:59", "1", Self.mapping()).contains("10-24T23:59:00Z"))
    #expect(try Self.row("25.10.2026 03:00", "1", Self.mapping()).contains("10-25T02:00:00Z"))
  }

  @Test(
    "a time that clocks never showed, or that is none, is refused",
    arguments: [
      ("29.03.2026 02:30", "a time that clocks in Europe/Berlin never showed: they jump over it"),
      ("29.02.2026 02:30", "not a time as the mapping's `format` writes it"),
      ("1.07.2026 02:30", "not a time as the mapping's `format` writes it"),
      ("01.07.2026 24:00", "not a time as the mapping's `format` writes it"),
      ("01.07.2026", "not a time as the mapping's `format` writes it"),
      ("01.07.2026 02:30 ", "not a time as the mapping's `format` writes it"),
    ])
  func refusedTimes(text: String, complaint: String) throws {
    #expect(
      try Self.row(text, "1", Self.mapping())
        == "invalid_value /time line 4, column 2 (`zeit`): the cell is \(complaint)")
  }

  @Test(arguments: [
    ("dd.MM.yyyy", "05.01.2013", "2013-01-05"), ("d.M.yyyy", "5.1.2013", "2013-01-05"),
    ("d.M.yyyy", "15.11.2013", "2013-11-15"), ("MM/dd/yyyy", "01/05/2013", "2013-01-05"),
    ("yyyyMMdd", "20130105", "2013-01-05"), ("yyyy-MM-dd HH:mm:ss", "2013-01-05", nil),
  ])
  func patterns(pattern: String, text: String, day: String?) throws {
    let read = try #require(LocalTimePattern(pattern)).read(text)
    #expect(read.map { "\($0.day)" } == day)
  }

  @Test(arguments: [
    "", "HH:mm", "dd.MM.yy", "dd.MM.yyyy mm", "dd.dd.MM.yyyy", "D.M.Y", "12.MM.yyyy",
  ])
  func noPatterns(pattern: String) { #expect(LocalTimePattern(pattern) == nil) }

  @Test(arguments: [
    (#""time": {"column": "at", "format": "dd.MM.yyyy"}"#, "/time/zone"),
    (#""time": {"column": "at", "format": "soon", "zone": "UTC"}"#, "/time/format"),
    (#""time": {"column": "at", "zone": "UTC"}"#, "/time/zone"),
    (#""time": {"column": "at"}, "skipLines": -1"#, "/skipLines"),
    (
      #""time": {"column": "at"}, "data": {"n": {"column": "n", "decimal": ","}}"#,
      "/data/n/decimal"
    ),
    (
      """
      "time": {"column": "at"},
      "data": {"n": {"column": "n", "kind": "number", "decimal": ",", "thousands": ","}}
      """, "/data/n/thousands"
    ),
  ])
  func unsoundMappings(terms: String, pointer: String) {
    let faults = #expect(throws: Faults.self) {
      try IngestionTests.mapping(
        """
        {"source": {"constant": "s"}, "id": {"columns": ["id"]}, "type": {"constant": "t"}, \
        \(terms)}
        """)
    }
    #expect(faults?.list.map(\.pointer) == [pointer])
  }
}
