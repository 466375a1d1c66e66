import Base
import Ingestion
import TestSupport
import Testing

/// CloudEvents in binary mode: attributes in headers, data in the body.
struct BinaryEventTests {
  static let usual: [(String, String)] = [
    ("specversion", "1.0"), ("id", "1"), ("source", "s"), ("type", "t"),
  ]

  private func scan(
    _ headers: [(String, String)] = usual, data: String = ""
  ) throws -> EventBatch {
    let event = BinaryEvent(headers.map { BinaryEvent.Header(name: $0, value: $1) })
    return try EventScanner.scan(event.structured(data: Array(data.utf8)), as: .single)
  }

  @Test func meansTheSameAsTheEventInStructuredMode() throws {
    let batch = try scan(
      [
        ("SpecVersion", "1.0"), ("id", "f-1"), ("source", "/planes/N1"), ("type", "flown"),
        ("subject", "N1"), ("time", "2013-01-01T10:17:00-05:00"), ("tailcolour", "red"),
      ], data: #" {"seconds": 1.50} "#)
    #expect(
      batch.lines == [
        """
        0 id=f-1 source=/planes/N1 type=flown subject=N1 time=2013-01-01T15:17:00Z \
        data={"seconds": 1.50} others="tailcolour":"red"
        """
      ])
    #expect(batch.pointer(to: 0) == "")
  }

  @Test func anEventNeedsNoData() throws {
    #expect(try scan().lines == ["0 id=1 source=s type=t"])
  }

  /// What was sent, and the text that is meant: quotes off, then one round of percent signs.
  @Test(arguments: [
    ("plain", "plain"), ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"), ("a%2525b", "a%25b"),
    ("%e2%82%ac", "€"), (#""quoted text""#, "quoted text"), (#""a\"b\\c""#, #"a"b\c"#),
    (#""%22""#, "\""), (#"a"b"#, #"a"b"#), ("née", "née"), ("a,b;c=d", "a,b;c=d"),
  ])
  func decodesTheValuesOfHeaders(value: String, text: String) throws {
    let batch = try scan(Self.usual + [("subject", value)])
    #expect(batch.events.first?.subject.map(batch.text) == text)
  }

  @Test(arguments: [
    "100%", "%", "%4", "%zz", "%C3", "%C3%28", "%ED%A0%80", "%FF", #""open"#,
    #""a" b"#, #""\"#,
  ])
  func refusesAValueThatMeansNothing(value: String) {
    let found = fault { try scan(Self.usual + [("subject", value)]) }
    #expect(found?.code == .invalidValue)
    #expect(found?.pointer == "/subject")
  }

  @Test func refusesAnUnsoundEventWithThePlace() throws {
    let table: [([(String, String)], String)] = [
      ([], "missing_field /id"), (Self.usual.filter { $0.0 != "type" }, "missing_field /type"),
      (Self.usual.filter { $0.0 != "specversion" }, "missing_field /specversion"),
      (Self.usual + [("time", "yesterday")], "invalid_value /time"),
      (Self.usual + [("subject", "")], "invalid_value /subject"),
      (Self.usual + [("subject", "a%00b")], "invalid_value /subject"),
      (Self.usual + [("my-own", "x")], "invalid_value /my-own"),
    ]
    for (headers, refusal) in table {
      let batch = try scan(headers)
      #expect(batch.lines == [])
      #expect(batch.refusalLines == ["0 \(refusal)"])
    }
    #expect(fault { try scan(Self.usual + [("id", "2")]) }?.pointer == "/id", "said twice")
    for name in ["data", "Data", "data_base64"] {
      #expect(fault { try scan(Self.usual + [(name, "1")]) }?.code == .invalidValue)
    }
  }

  /// The data is one value, and cannot say anything about the event around it.
  @Test(arguments: [
    " ", "{", "1 2", #"1},"id":"other","x":{"a":1"#, "nope", "NaN", #"{"a":1,"a":2}"#,
    #""\ud800""#, "1e999", String(repeating: "[", count: 10_000),
  ])
  func refusesDataThatIsNotOneValue(data: String) {
    let found = fault { try scan(data: data) }
    #expect(found?.code == .malformedJSON || found?.code == .limitExceeded)
    #expect(found?.pointer.hasPrefix("/data") == true)
  }

  @Test func refusesDataCutOffAtAnyByte() throws {
    let whole = Array(#"{"a":[1.5e3,true,"\u00e9ü"]}"#.utf8)
    let event = BinaryEvent(Self.usual.map { BinaryEvent.Header(name: $0, value: $1) })
    for length in 1..<whole.count {
      let found = fault { try event.structured(data: Array(whole[..<length])) }
      #expect(found?.code == .malformedJSON, "the first \(length) bytes")
      #expect(found?.pointer.hasPrefix("/data") == true)
    }
  }
}
