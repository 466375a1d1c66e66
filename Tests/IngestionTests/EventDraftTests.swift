import Base
import Ingestion
import TestSupport
import Testing

/// The rules for the attributes of one event.
struct EventDraftTests {
  /// An otherwise sound event with `members` in front.
  static func event(_ members: String, without left: String = "") -> String {
    let usual = ["specversion": "1.0", "id": "1", "source": "s", "type": "t"]
    let rest = ["specversion", "id", "source", "type"].filter { name in
      name != left && !members.contains("\"\(name)\"")
    }.map { "\"\($0)\":\"\(usual[$0]!)\"" }
    return "{" + (members.isEmpty ? rest : [members] + rest).joined(separator: ",") + "}"
  }

  @Test(arguments: ["id", "source", "type", "specversion"])
  func needsItsFourAttributes(name: String) throws {
    let fault = try scan(Self.event("", without: name)).refusals.first?.fault
    #expect(fault == Fault(.missingField, "`\(name)` is missing", at: "/\(name)"))
    // The JSON format lets a sender write null for an attribute that is not set.
    let null = try scan(Self.event("\"\(name)\":null")).refusals.first?.fault
    #expect(null?.pointer == "/\(name)")
  }

  /// Members of an event that make it unsound, and the place of the fault.
  static let unsound: [(String, String)] = [
    (#""id":"""#, "/id"), (#""id":7"#, "/id"), (#""id":["1"]"#, "/id"), (#""id":true"#, "/id"),
    (#""id":"a\nb""#, "/id"), (#""id":"\u0000""#, "/id"), (#""id":"\u007f""#, "/id"),
    ("\"id\":\"\u{7F}\"", "/id"), (#""source":"\t""#, "/source"), (#""source":"""#, "/source"),
    (#""type":{}"#, "/type"), (#""subject":"""#, "/subject"), (#""subject":0"#, "/subject"),
    (#""specversion":"0.3""#, "/specversion"), (#""specversion":1.0"#, "/specversion"),
    (#""time":"2013-01-01""#, "/time"), (#""time":"""#, "/time"), (#""time":1357038000"#, "/time"),
    (#""time":"2013-02-29T00:00:00Z""#, "/time"), (#""time":"\n""#, "/time"),
    // Names of extensions: lower case letters, digits, and the underscore of data_base64.
    (#""Ext":1"#, "/Ext"), (#""my-ext":1"#, "/my-ext"), (#""a.b":1"#, "/a.b"), (#""":1"#, "/"),
    (#""é":1"#, "/é"), (#""a/b~c":1"#, "/a~1b~0c"), (#""\u0065xt":1"#, "/ext"),
    (#""ID":"1""#, "/ID"),
  ]

  @Test(arguments: unsound)
  func refusesAnUnsoundAttribute(members: String, pointer: String) throws {
    let batch = try scan(Self.event(members))
    #expect(batch.events.isEmpty)
    #expect(batch.refusalLines == ["0 invalid_value \(pointer)"])
  }

  @Test func tellsTheFirstFaultOfAnEvent() throws {
    let batch = try scan(#"{"type":7,"id":"","Ext":1}"#)
    #expect(batch.refusalLines == ["0 invalid_value /type"])
  }

  @Test(arguments: ["id", "source", "type", "subject"])
  func boundsATextTo256Bytes(name: String) throws {
    func batch(_ count: Int) throws -> EventBatch {
      try scan(Self.event("\"\(name)\":\"\(String(repeating: "é", count: count))\""))
    }
    #expect(try batch(128).refusals.isEmpty)
    #expect(try batch(129).refusalLines == ["0 invalid_value /\(name)"])
    // An escape counts as the character it stands for.
    let escaped = String(repeating: #"\u0041"#, count: 256)
    #expect(try scan(Self.event("\"\(name)\":\"\(escaped)\"")).refusals.isEmpty)
    #expect(try !scan(Self.event("\"\(name)\":\"\(escaped)A\"")).refusals.isEmpty)
  }

  @Test func resolvesEscapesInTexts() throws {
    let batch = try scan(
      Self.event(#""id":"\u0041\/\ud83d\ude00\"","subject":"N\u0031","source":"\/s","type":"t\\""#))
    #expect(batch.lines == [#"0 id=A/😀" source=/s type=t\ subject=N1"#])
  }

  /// Some libraries write the plus sign of an offset as an escape.
  @Test func resolvesEscapesInTheTime() throws {
    let batch = try scan(Self.event(#""time":"2013-01-01T12:00:00\u002B01:00""#))
    #expect(batch.lines == ["0 id=1 source=s type=t time=2013-01-01T11:00:00Z"])
  }

  @Test func anAttributeThatIsNullIsNotSet() throws {
    let batch = try scan(Self.event(#""subject":null,"time":null,"ext":null"#))
    #expect(batch.lines == ["0 id=1 source=s type=t"])
  }

  /// Members of an event, and what is kept of them as its other attributes.
  static let others: [(String, String?)] = [
    (#""ext":"a""#, #""ext":"a""#), (#""ext" : [ 1 ] "#, #""ext":[ 1 ]"#),
    (#""a":1,"subject":null,"b":true"#, #""a":1,"b":true"#), (#""a1":"\n""#, #""a1":"\n""#),
    (#""data_base64":"AA==""#, #""data_base64":"AA==""#),
    (#""dataschema":"x","traceparent":"y""#, #""dataschema":"x","traceparent":"y""#),
    // The content type that every JSON event has is not worth keeping; any other one is.
    (#""datacontenttype":"application/json""#, nil),
    (#""datacontenttype":"text/plain""#, #""datacontenttype":"text/plain""#),
    (#""datacontenttype":"application/json","a":1"#, #""a":1"#),
  ]

  @Test(arguments: others)
  func keepsEveryOtherAttribute(members: String, kept: String?) throws {
    let batch = try scan(Self.event(members))
    let event = try #require(batch.events.first)
    #expect(event.attributes.map(batch.text) == kept)
  }

  /// The order of the members says nothing.
  @Test func readsItsMembersInAnyOrder() throws {
    var random = SeededRandom(seed: 10)
    let members = [
      #""specversion":"1.0""#, #""id":"\u0031""#, #""source":"s""#, #""type":"t""#,
      #""subject":"N1""#, #""time":"2013-01-01T11:00:00Z""#, #""data":{"id":"2"}"#, #""ext":1"#,
    ]
    for _ in 0..<100 {
      let text = "{" + members.shuffled(using: &random).joined(separator: ",") + "}"
      #expect(
        try scan(text).lines == [
          """
          0 id=1 source=s type=t subject=N1 time=2013-01-01T11:00:00Z data={"id":"2"} \
          others="ext":1
          """
        ])
    }
  }
}
