import Base
import Ingestion
import TestSupport
import Testing

/// CloudEvents 1.0 in the JSON format, one event or a list of them.
struct EventScannerTests {
  static let flight = """
    {"specversion":"1.0","id":"f-1","source":"/planes/N14228","type":"flight.completed",\
    "subject":"N14228-1","time":"2013-01-01T10:17:00-05:00","data":{"engineSeconds":13620}}
    """

  @Test func readsASingleEvent() throws {
    let batch = try scan(Self.flight)
    #expect(
      batch.lines == [
        """
        0 id=f-1 source=/planes/N14228 type=flight.completed subject=N14228-1 \
        time=2013-01-01T15:17:00Z data={"engineSeconds":13620}
        """
      ])
    #expect(batch.refusals.isEmpty)
    #expect(batch.pointer(to: 0) == "")
  }

  @Test func readsAListOfEventsInOrder() throws {
    let batch = try scan(
      """
      [ {"specversion":"1.0","id":"1","source":"s","type":"t"},
        {"type":"t","source":"s","id":"2","specversion":"1.0","data":null} ]
      """, as: .batch)
    #expect(
      batch.lines == ["0 id=1 source=s type=t", "1 id=2 source=s type=t data=null"])
    #expect(batch.pointer(to: 1) == "/1")
  }

  @Test func anEmptyListIsAListWithoutEvents() throws {
    let batch = try scan("[]", as: .batch)
    #expect(batch.lines == [] && batch.refusalLines == [])
  }

  /// The value of `data` is kept as it was written.
  @Test(arguments: ["null", "0", "\"text\"", "[1, 2]", "{ \"a\" : 1.50 }", "true", "{}"])
  func keepsTheTextOfTheData(data: String) throws {
    let batch = try scan(
      #"{"specversion":"1.0","id":"1","source":"s","type":"t","data": \#(data) }"#)
    #expect(batch.lines == ["0 id=1 source=s type=t data=\(data)"])
  }

  /// Text that is not what the format says refuses the whole request or the one event.
  @Test func aListWhereOneEventBelongsIsRefused() throws {
    #expect(try scan("[]").refusalLines == ["0 invalid_value "])
    #expect(fault { try scan(Self.flight, as: .batch) }?.code == .malformedJSON)
  }

  /// An event that is JSON but no sound CloudEvent is refused alone.
  @Test func refusesAnUnsoundEventAloneAndTheOthersGoOn() throws {
    func event(_ id: String, _ more: String = "") -> String {
      #"{"specversion":"1.0","id":"\#(id)","source":"s","type":"t"\#(more)}"#
    }
    let batch = try scan(
      """
      [\(event("1")), 7, \(event("")), \(event("2")), {"id":"x"}, \
      \(event("3", #","time":"yesterday""#)), null, \(event("4", #","Big":1"#)), \(event("5"))]
      """, as: .batch)
    #expect(
      batch.lines == [
        "0 id=1 source=s type=t", "3 id=2 source=s type=t", "8 id=5 source=s type=t",
      ])
    #expect(
      batch.refusalLines == [
        "1 invalid_value /1", "2 invalid_value /2/id", "4 missing_field /4/source",
        "5 invalid_value /5/time", "6 invalid_value /6", "7 invalid_value /7/Big",
      ])
  }

  @Test func noEventTakesPartOfAnother() throws {
    // The refused event in the middle has escapes and extensions of its own.
    let batch = try scan(
      #"""
      [{"specversion":"1.0","id":"\u0031","source":"s","type":"t","a":1},
       {"specversion":"1.0","id":"\u0032","source":"s","type":"t","b":2,"time":"x"},
       {"specversion":"1.0","id":"\u0033","source":"s\/3","type":"t","c":3,"d":[4]}]
      """#, as: .batch)
    #expect(
      batch.lines == [
        #"0 id=1 source=s type=t others="a":1"#,
        #"2 id=3 source=s/3 type=t others="c":3,"d":[4]"#,
      ])
  }

  // MARK: Hostile requests

  @Test(arguments: [EventFormat.single, .batch])
  func truncationAtEveryByteIsMalformed(format: EventFormat) throws {
    let event = #"""
      {"specversion":"1.0","id":"\u00e9\ud83d\ude00","source":"/é","type":"t","subject":null,
       "time":"2013-01-01T10:17:00.5-05:00","data":{"a":[1.5e3,true,"x"]},"ext":"y","bad":"\n"}
      """#
    let text = Array((format == .single ? event : "[\(event),7,\(event)]").utf8)
    _ = try EventScanner.scan(text, as: format)
    for length in 0..<text.count {
      let fault = fault { try EventScanner.scan(Array(text[..<length]), as: format) }
      #expect(fault?.code == .malformedJSON, "the first \(length) bytes")
    }
  }

  /// A request that is no JSON, and where it stops being so.
  static let malformed: [(String, String)] = [
    ("", ""), ("nope", ""), (#"{"id":"1"} x"#, ""), (#"{"id":"1","id":"2"}"#, "/id"),
    (#"{"id":"1","\u0069d":"2"}"#, "/id"), (#"{"data":{"a":1,"a":2}}"#, "/data/a"),
    (#"{"id":"\ud800"}"#, "/id"), (#"{"data":[NaN]}"#, "/data/0"), ("{\"id\":\"a\u{1}\"}", "/id"),
    (#"{"time":"2013""#, ""), (#"{"time":tomorrow}"#, "/time"), (#"{"ext":{"a":[01]}}"#, "/ext/a"),
  ]

  @Test(arguments: malformed)
  func refusesWhatIsNotJSONWithThePlace(text: String, pointer: String) {
    let single = fault { try scan(text) }
    #expect(single?.code == .malformedJSON)
    #expect(single?.pointer == pointer)
    guard !text.isEmpty, !text.hasSuffix(" x") else { return }
    // Behind an event that is merely unsound, the text must still be JSON.
    let batch = fault { try scan(#"[{"id":""},\#(text)]"#, as: .batch) }
    #expect(batch?.code == .malformedJSON)
    #expect(batch?.pointer == "/1" + pointer)
  }

  @Test func refusesInvalidUTF8() {
    for bytes in [[0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF]] as [[UInt8]] {
      let body = Array(#"{"id":""#.utf8) + bytes + Array(#""}"#.utf8)
      let fault = fault { try EventScanner.scan(body, as: .single) }
      #expect(fault?.code == .malformedJSON)
      #expect(fault?.pointer == "/id")
    }
  }

  @Test func boundsDepthAndNumbers() {
    let deep = String(repeating: "[", count: 10_000)
    #expect(fault { try scan(deep) }?.code == .limitExceeded)
    #expect(fault { try scan(deep, as: .batch) }?.code == .limitExceeded)
    #expect(fault { try scan(#"{"data":\#(deep)"#) }?.code == .limitExceeded)
    let huge = fault { try scan(#"[{"data":{"n":1e999}}]"#, as: .batch) }
    #expect(huge?.code == .limitExceeded)
    #expect(huge?.pointer == "/0/data/n")
  }

  @Test func takesTenThousandEventsAndNoMore() throws {
    let event = #"{"specversion":"1.0","id":"1","source":"s","type":"t"}"#
    func list(_ count: Int) -> String {
      "[" + Array(repeating: event, count: count).joined(separator: ",") + "]"
    }
    #expect(try scan(list(10_000), as: .batch).events.count == 10_000)
    // Events that are refused count, too: nobody may send a list without end.
    let numbers = "[" + Array(repeating: "0", count: 10_001).joined(separator: ",") + "]"
    for text in [list(10_001), numbers] {
      let fault = fault { try scan(text, as: .batch) }
      #expect(fault?.code == .limitExceeded)
      #expect(fault?.pointer == "/10000")
    }
  }
}
