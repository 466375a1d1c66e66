import Access
import Base
import NIOHTTP1
import Testing

/// The ways in which events may be written: one meaning, whichever is used.
@Suite("The formats of events")
struct EventFormatsTests {
  static let attributes: [(String, String)] = [
    ("ce-specversion", "1.0"), ("ce-id", "f-1"), ("ce-source", "/fleet"), ("ce-type", "flown"),
    ("ce-subject", "N1"), ("ce-time", "2013-01-05T10:00:00Z"), ("ce-note", "Euro%20%E2%82%AC"),
  ]
  static let data = #"{"seconds":3600,"cycles":1}"#
  static let structured = #"""
    {"specversion":"1.0","id":"f-1","source":"/fleet","type":"flown","subject":"N1",
    "time":"2013-01-05T10:00:00Z","note":"Euro €","data":{"seconds":3600,"cycles":1}}
    """#

  private func send(
    _ text: String, _ type: String?, _ headers: [(String, String)] = [], to service: TestService,
    path: String = "/v1/events"
  ) async throws -> Answer {
    try await service.client(.device).send(
      .POST, path, .bytes(Array(text.utf8)), type: type, headers: headers)
  }

  @Test("Whichever way an event is sent, it is the same event")
  func oneMeaning() async throws {
    try await TestService.run { service in
      try await service.agree()
      let binary = try await send(Self.data, "application/json", Self.attributes, to: service)
      #expect(binary["accepted"] == 1, "\(binary.text)")
      let line = Self.structured.replacing("\n", with: " ") + "\n"
      let types = [
        ("application/cloudevents+json", Self.structured),
        ("APPLICATION/CloudEvents+JSON; charset=UTF-8", Self.structured),
        ("application/cloudevents-batch+json", "[\(Self.structured)]"),
        ("application/cloudevents-batch+json;charset=utf-8", "[\(Self.structured)]"),
        ("application/json", Self.structured),
        ("Application/JSON ; charset=utf-8", "[\(Self.structured)]"),
        ("application/x-ndjson", line), ("application/ndjson", line + line),
        ("application/cloudevents+ndjson; charset=utf-8", "\n" + line), ("application/jsonl", line),
        ("APPLICATION/X-JSONLINES", line),
      ]
      for (type, body) in types {
        let answer = try await send(body, type, to: service)
        #expect(answer.status == 200, "\(type): \(answer.text)")
        #expect(answer["accepted"] == 0, "\(type): \(answer.text)")
        #expect(answer["duplicate"] != 0, "\(type): \(answer.text)")
        #expect(answer["notices"] == [], "\(type): \(answer.text)")
      }
      for type in ["application/json; charset=utf-8", "APPLICATION/JSON", nil] {
        let answer = try await send(Self.data, type, Self.attributes, to: service)
        #expect(answer["duplicate"] == 1, "\(type ?? "-"): \(answer.text)")
      }
      let log = try await service.client(.finance).get("/v1/events").items
      #expect(log.map { $0["attributes"]?["note"] } == ["Euro €"])
      #expect(log.map { $0["data"] } == [["seconds": 3600, "cycles": 1]])
    }
  }

  @Test("In binary mode the data is JSON, or nothing")
  func binaryData() async throws {
    try await TestService.run { service in
      try await service.agree()
      for type in ["text/plain", "application/octet-stream", "application/x-ndjson", "*/*"] {
        let answer = try await send("hello", type, Self.attributes, to: service)
        answer.expectProblem(415, "unsupported_media_type", at: [])
        #expect(answer["detail"]?.stringValue?.contains("application/json") == true)
      }
      for (index, type) in ["text/plain", "application/json", nil].enumerated() {
        var headers = Self.attributes.filter { $0.0 != "ce-id" }
        headers.append(("CE-ID", "empty-\(index)"))
        let answer = try await send("", type, headers, to: service)
        #expect(answer["accepted"] == 1, "\(type ?? "-"): \(answer.text)")
      }
      let vendor = try await send(
        Self.data, "application/vnd.acme+json", Self.attributes, to: service)
      #expect(vendor["accepted"] == 1)
      let last = try await service.client(.finance).get("/v1/events").items.last
      #expect(last?["attributes"]?["datacontenttype"] == "application/vnd.acme+json")
    }
  }

  @Test("A bad event in binary mode is refused with the place of its mistake")
  func badBinaryEvents() async throws {
    try await TestService.run { service in
      try await service.agree()
      let table: [(header: (String, String)?, data: String, Int, String, pointer: String)] = [
        (("ce-time", "noon"), Self.data, 422, "invalid_value", "/time"),
        (("ce-subject", "100%"), Self.data, 422, "invalid_value", "/subject"),
        (("ce-subject", "%C3%28"), Self.data, 422, "invalid_value", "/subject"),
        (("ce-specversion", "0.3"), Self.data, 422, "invalid_value", "/specversion"),
        (("ce-data", "1"), Self.data, 422, "invalid_value", "/data"),
        (("ce-time", "2013-05-01T12:00:01Z"), Self.data, 422, "future_event", "/time"),
        (nil, #"{"seconds":-1,"cycles":1}"#, 422, "negative_quantity", "/data/seconds"),
        (nil, #"{"seconds":1e999}"#, 422, "limit_exceeded", "/data/seconds"),
        (nil, #"{"a":1,"a":2}"#, 400, "malformed_json", "/data/a"),
        (nil, #"{"a":"\udc00"}"#, 400, "malformed_json", "/data/a"),
        (nil, #"{"a":NaN}"#, 400, "malformed_json", "/data/a"),
        (nil, #"{"a":1"#, 400, "malformed_json", "/data"),
        (nil, #"1},"id":"x","y":{"a":1"#, 400, "malformed_json", "/data"),
        (
          nil, String(repeating: "[", count: 10_000), 422, "limit_exceeded",
          "/data" + String(repeating: "/0", count: 63)
        ),
      ]
      for (header, data, status, code, pointer) in table {
        let headers = Self.attributes.filter { $0.0 != header?.0 } + (header.map { [$0] } ?? [])
        let answer = try await send(data, "application/json", headers, to: service)
        answer.expectProblem(
          status, code, at: [pointer], "\(header?.0 ?? "-") \(data.prefix(40)): \(answer.text)")
      }
      let twice = try await send(
        Self.data, "application/json", Self.attributes + [("ce-id", "f-2")], to: service)
      #expect((400..<500).contains(twice.status), "an id said twice is none: \(twice.text)")
      #expect(twice.pointers == ["/id"])
      #expect(try service.eventCount() == 0)
    }
  }

  @Test("An answer is as long as the sender prefers")
  func preferences() async throws {
    try await TestService.run { service in
      try await service.agree()
      let (here, there) = ("/v1/events", "/api/v1/events")
      let table: [(String, [String], Int, String?)] = [
        (here, [], 200, nil), (there, [], 204, nil),
        (here, ["return=minimal"], 204, "return=minimal"),
        (here, ["RETURN=Minimal"], 204, "return=minimal"),
        (here, ["respond-async, wait=10,return = minimal; x=1"], 204, "return=minimal"),
        (here, ["handling=lenient", #"return="minimal""#], 204, "return=minimal"),
        (here, ["return=minimal, return=representation"], 204, "return=minimal"),
        (here, ["return=representation"], 200, "return=representation"),
        (here, ["return=everything"], 200, nil), (here, ["returns=minimal"], 200, nil),
        (there, ["return=representation"], 200, "return=representation"),
        (there, ["return=minimal"], 204, "return=minimal"), (there, ["wait=10"], 204, nil),
      ]
      for (path, wishes, status, applied) in table {
        let answer = try await send(
          Self.structured, "application/cloudevents+json", wishes.map { ("Prefer", $0) },
          to: service, path: path)
        #expect(answer.status == status, "\(path) \(wishes)")
        #expect(answer.header("preference-applied") == applied, "\(path) \(wishes)")
        #expect(answer.bytes.isEmpty == (status == 204))
      }
      let stray = SampleEvent(id: "stray", subject: "N404").json.text
      let told = try await send(stray, "application/cloudevents+json", to: service, path: there)
      #expect(told.status == 204, "it is stored, and its client takes a receipt for a failure")
      let wished = try await send(
        stray, "application/cloudevents+json", [("Prefer", "return=minimal")], to: service)
      #expect(wished.status == 204, "a duplicate is nothing to tell")
    }
  }

  @Test("Numbers count exactly, written as numbers or as strings")
  func exactNumbers() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.put(
        "meters/energy",
        [
          "aggregation": "sum", "eventTypes": ["metered"], "unit": "kWh", "value": "/kWh",
          "places": 9,
        ])
      // In binary floating point these would add up to something else.
      let values: [JSON] = [
        .number("0.1"), "0.2", .number("1e-9"), "3.0e-9", .number("9007199.254740993"),
      ]
      for (index, value) in values.enumerated() {
        try await service.post(
          SampleEvent(id: "\(index)", type: "metered", data: ["kWh": value]))
      }
      let usage = try await service.client(.finance).get(
        "/v1/usage?meter=energy&asset=N1&month=2013-01")
      #expect(usage["value"] == "9007199.554740997", "\(usage.text)")
    }
  }

  @Test("Time is kept to the microsecond, and what lies beyond is cut")
  func exactTimes() async throws {
    try await TestService.run { service in
      try await service.agree()
      let times = ["2013-01-31T23:59:59.123456Z", "2013-01-31T23:59:59.999999999Z"]
      for (index, time) in times.enumerated() {
        try await service.post(SampleEvent(id: "\(index)", time: time))
      }
      let log = try await service.client(.finance).get("/v1/events").items
      #expect(
        log.map { $0["time"] } == ["2013-01-31T23:59:59.123456Z", "2013-01-31T23:59:59.999999Z"])
    }
  }
}
