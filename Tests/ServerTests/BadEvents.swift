import Base

/// A body that holds no event anybody could count, and what the sender is told.
struct BadEvents: Sendable {
  let name: String
  let body: [UInt8]
  var type = TestClient.eventType
  let status: Int
  let code: String
  let pointers: [String]

  init(
    _ name: String, _ text: String, _ status: Int, _ code: String, at pointers: String...
  ) {
    (self.name, self.status, self.code, self.pointers) = (name, status, code, pointers)
    body = Array(text.utf8)
  }

  init(
    _ name: String, bytes: [UInt8], type: String = TestClient.eventType, _ status: Int,
    _ code: String, at pointers: String...
  ) {
    (self.name, self.status, self.code, self.pointers) = (name, status, code, pointers)
    (self.body, self.type) = (bytes, type)
  }

  /// A sound event with `members` instead of, or beside, its own.
  static func event(_ members: String = #""data":{"seconds":1,"cycles":1}"#) -> String {
    let usual: KeyValuePairs = [
      "specversion": "\"1.0\"", "id": "\"x\"", "source": "\"/s\"", "type": "\"flown\"",
      "subject": "\"N1\"",
    ]
    let kept = usual.filter { !members.contains("\"\($0.key)\":") }
    return "{" + (kept.map { "\"\($0.key)\":\($0.value)" } + [members]).joined(separator: ",") + "}"
  }

  static let all = notJSON + notAnEvent + notABatch

  private static let notJSON = [
    BadEvents("nothing", "", 400, "malformed_json"),
    BadEvents("a missing value", #"{"id":}"#, 400, "malformed_json", at: "/id"),
    BadEvents("a missing comma", #"{"id":"x" "type":"t"}"#, 400, "malformed_json"),
    BadEvents("two documents", event() + event(), 400, "malformed_json"),
    BadEvents("NaN", event(#""data":{"a":NaN}"#), 400, "malformed_json", at: "/data/a"),
    BadEvents("a name twice", event(#""id":"x","id":"y""#), 400, "malformed_json", at: "/id"),
    BadEvents(
      "a name twice, once in escapes", event(#""id":"x","\u0069d":"y""#), 400, "malformed_json",
      at: "/id"),
    BadEvents(
      "a name twice in data", event(#""data":{"seconds":1,"seconds":2}"#), 400, "malformed_json",
      at: "/data/seconds"),
    BadEvents("a lone surrogate", event(#""id":"\ud800""#), 400, "malformed_json", at: "/id"),
    BadEvents(
      "a trailing surrogate first", event(#""data":["\udc00"]"#), 400, "malformed_json",
      at: "/data/0"),
    BadEvents(
      "bytes that are not UTF-8", bytes: Array(#"{"id":"a"#.utf8) + [0xC3, 0x28, 0x22, 0x7D], 400,
      "malformed_json", at: "/id"),
    BadEvents(
      "an overlong slash", bytes: Array(#"{"id":""#.utf8) + [0xC0, 0xAF, 0x22, 0x7D], 400,
      "malformed_json", at: "/id"),
    BadEvents(
      "an exponent of 999", event(#""data":{"seconds":1e999}"#), 422, "limit_exceeded",
      at: "/data/seconds"),
    BadEvents(
      "a number of a thousand digits",
      event(#""data":"# + String(repeating: "9", count: 1000)), 422, "limit_exceeded",
      at: "/data"),
    BadEvents(
      "lists ten thousand deep", event(#""data":"# + String(repeating: "[", count: 10_000)), 422,
      "limit_exceeded", at: "/data" + String(repeating: "/0", count: 63)),
    BadEvents(
      "objects ten thousand deep",
      event(#""data":"# + String(repeating: #"{"a":"#, count: 10_000)), 422, "limit_exceeded",
      at: "/data" + String(repeating: "/a", count: 63)),
  ]

  private static let notAnEvent = [
    BadEvents("a string", "\"event\"", 422, "invalid_value"),
    BadEvents("a list where one event was announced", "[]", 422, "invalid_value"),
    BadEvents(
      "no id", #"{"specversion":"1.0","source":"/s","type":"t"}"#, 422, "missing_field", at: "/id"),
    BadEvents("an id of null", event(#""id":null"#), 422, "missing_field", at: "/id"),
    BadEvents("an id of 7", event(#""id":7"#), 422, "invalid_value", at: "/id"),
    BadEvents("an empty source", event(#""source":"""#), 422, "invalid_value", at: "/source"),
    BadEvents(
      "an id of 257 bytes", event(#""id":""# + String(repeating: "x", count: 257) + "\""), 422,
      "invalid_value", at: "/id"),
    BadEvents(
      "a control character", event(#""subject":"N\u0000""#), 422, "invalid_value", at: "/subject"),
    BadEvents(
      "version 0.3", event(#""specversion":"0.3""#), 422, "invalid_value", at: "/specversion"),
    BadEvents("a name in capitals", event(#""Id":"x""#), 422, "invalid_value", at: "/Id"),
    BadEvents(
      "a thirtieth of February", event(#""time":"2013-02-30T00:00:00Z""#), 422, "invalid_value",
      at: "/time"),
    BadEvents(
      "a time without a zone", event(#""time":"2013-02-01T00:00:00""#), 422, "invalid_value",
      at: "/time"),
    BadEvents(
      "a time more than a day ahead", event(#""time":"2013-05-01T12:00:01Z""#), 422,
      "future_event", at: "/time"),
    BadEvents(
      "a negative duration", event(#""data":{"seconds":-1,"cycles":1}"#), 422,
      "negative_quantity", at: "/data/seconds"),
    BadEvents(
      "a negative duration in words", event(#""data":{"seconds":"-3e2","cycles":1}"#), 422,
      "negative_quantity", at: "/data/seconds"),
  ]

  private static let notABatch = [
    BadEvents(
      "one event where a batch was announced", bytes: Array(event().utf8),
      type: TestClient.batchType, 400, "malformed_json"),
    BadEvents(
      "a batch of two bad ones",
      bytes: Array("[\(event(#""id":7"#)),\(event(#""data":{"seconds":-1}"#))]".utf8),
      type: TestClient.batchType, 422, "invalid_value", at: "/0/id", "/1/data/seconds"),
    BadEvents(
      "a batch that breaks off", bytes: Array("[\(event()),{".utf8), type: TestClient.batchType,
      400, "malformed_json", at: "/1"),
    BadEvents(
      "a batch of 10,001",
      bytes: JSON.array((0...10_000).map { SampleEvent(id: "\($0)").json }).bytes,
      type: TestClient.batchType, 422, "limit_exceeded", at: "/10000"),
    BadEvents(
      "text", bytes: Array(event().utf8), type: "text/plain", 415, "unsupported_media_type"),
    BadEvents(
      "binary mode", bytes: Array(event().utf8), type: "application/octet-stream", 415,
      "unsupported_media_type"),
  ]
}
