import Access
import Base
import NIOCore
import NIOHTTP1
import SQLite
import Server
import Services
import TestSupport
import Testing
import TimeZones

@Suite("Events a line each, as many as there are", .serialized)
struct EventStreamTests {
  static let type = "application/x-ndjson"

  static func lines(_ events: some Sequence<SampleEvent>) -> [UInt8] {
    events.reduce(into: []) { $0 += $1.json.bytes + [UInt8(ascii: "\n")] }
  }

  /// Blank lines that are enough to end a slice, and are no gift to a compressor.
  static let filler: [UInt8] = {
    var random = SeededRandom(seed: 1)
    let block = (0..<50_000).map { _ in random.pick([0x20, 0x09, 0x0D] as [UInt8]) }
    let line = (0..<18).reduce(into: []) { line, _ in line += block } + [UInt8(ascii: "\n")]
    return line + line + line + line
  }()

  private func send(
    _ body: TestClient.Body, to service: TestService, _ headers: [(String, String)] = []
  ) async throws -> Answer {
    try await service.client(.device).send(
      .POST, "/v1/events", body, type: Self.type, headers: headers)
  }

  @Test("A body beyond the limit of one document is stored slice by slice", .timeLimit(.minutes(2)))
  func long() async throws {
    try await TestService.run { service in
      try await service.agree()
      let groups = (0..<4).map { group in
        Self.lines((0..<25).map { SampleEvent(id: "\(group)-\($0)") })
      }
      let body =
        groups[0] + Self.filler + groups[1] + Self.filler + Array("nope\n".utf8) + groups[2]
        + Self.filler + groups[3]
      #expect(body.count > Limits.bodyBytesMax)
      let chunks = stride(from: 0, to: body.count, by: 100_000).map {
        ByteBuffer(bytes: body[$0..<min($0 + 100_000, body.count)])
      }
      let before = service.services.commit.commitCount
      let answer = try await send(.chunks(chunks), to: service)
      #expect(answer["accepted"] == 100, "\(answer.text.prefix(500))")
      #expect(answer["rejected"] == 1)
      #expect(answer["notices"]?.elements?.map { $0["index"] } == [58])
      #expect(answer["notices"]?.elements?.first?["pointer"] == "/58")
      #expect(answer["noticesOmitted"] == 0)
      #expect(service.services.commit.commitCount - before == 4, "slices are stored as they come")
      let usage = try await service.client(.finance).get(
        "/v1/usage?meter=flights&asset=N1&month=2013-01")
      #expect(usage["value"] == "100")
    }
  }

  @Test("What was stored stays when the connection breaks, and may be sent again")
  func breaking() async throws {
    try await TestService.run { service in
      try await service.agree()
      let token = try await service.token([.writeEvents])
      let body =
        Self.lines([SampleEvent(id: "1")]) + Self.filler + Self.lines([SampleEvent(id: "2")])
      let head = RawConnection.head(token: token, length: body.count)
        .replacing("application/cloudevents+json", with: Self.type)
      let text = String(decoding: body.dropLast(40), as: UTF8.self)
      _ = try await RawConnection.exchange([head + text], with: service, secondsMax: 3)
      for _ in 0..<100 where try service.eventCount() == 0 {
        try await Task.sleep(for: .milliseconds(100))
      }
      #expect(try service.eventCount() == 1)
      let answer = try await send(.bytes(body), to: service)
      #expect(answer["accepted"] == 1)
      #expect(answer["duplicate"] == 1)
    }
  }

  @Test("Of single events it tells so much and no more")
  func notices() async throws {
    try await TestService.run { service in
      try await service.agree()
      let strays = (0..<1200).map { SampleEvent(id: "\($0)", subject: "N404") }
      let answer = try await send(
        .bytes(Self.lines(strays) + Array("{}\n{}\n".utf8)), to: service)
      #expect(answer["accepted"] == 1200)
      #expect(answer["unmatched"] == 1200)
      #expect(answer["rejected"] == 2)
      let outcomes = answer["notices"]?.elements?.map { $0["outcome"] } ?? []
      #expect(outcomes.count { $0 == "unmatched" } == Limits.streamNoticesMax)
      #expect(outcomes.suffix(2) == ["rejected", "rejected"], "the others hide none of these")
      #expect(answer["noticesOmitted"] == 200)
    }
  }

  @Test("No lines are no mistake, and nothing to report is 204 where that is preferred")
  func empty() async throws {
    try await TestService.run { service in
      try await service.agree()
      for body in ["", "\n", " \r\n\n\t"] {
        let answer = try await send(.bytes(Array(body.utf8)), to: service)
        #expect(answer.status == 200 && answer["accepted"] == 0)
      }
      let minimal = [("Prefer", "return=minimal")]
      let event = SampleEvent(id: "1")
      #expect(try await send(.bytes(Self.lines([event])), to: service, minimal).status == 204)
    }
  }

  @Test("A broken line is refused alone, with its place")
  func badLines() async throws {
    try await TestService.run { service in
      try await service.agree()
      for (index, bad) in BadEvents.lines.enumerated() {
        let alone = try await send(.bytes(bad.body), to: service)
        alone.expectProblem(bad.status, bad.code, at: bad.pointers, "\(bad.name): \(alone.text)")
        let good = Self.lines([SampleEvent(id: "good-\(index)")])
        let among = try await send(.bytes(bad.body + [UInt8(ascii: "\n")] + good), to: service)
        #expect(among["accepted"] == 1, "\(bad.name): \(among.text)")
        #expect(among["rejected"] == 1, "\(bad.name): \(among.text)")
        let pointers = among["notices"]?.elements?.compactMap { $0["pointer"]?.stringValue }
        #expect(pointers == bad.pointers, "\(bad.name)")
      }
      #expect(try service.eventCount() == BadEvents.lines.count)
    }
  }

  @Test("A line cut off at some byte is refused alone")
  func truncation() async throws {
    try await TestService.run { service in
      try await service.agree()
      let device = TestClient.Credential.bearer(try await service.token([.writeEvents]))
      let good = Self.lines([SampleEvent(id: "good")])
      let whole = Array(
        #"{"specversion":"1.0","id":"\u00e9ü","source":"/s","type":"t","data":[{},1e-2]}"#.utf8)
      for length in stride(from: 1, to: whole.count, by: 3) {
        let answer = try await service.client(device).send(
          .POST, "/v1/events", .bytes(good + whole[..<length]), type: Self.type)
        #expect(answer["rejected"] == 1, "the first \(length) bytes: \(answer.text)")
        let notice = answer["notices"]?.elements?.first
        #expect(notice?["index"] == 1 && notice?["code"] == "malformed_json")
      }
      #expect(try service.eventCount() == 1)
    }
  }
}

extension BadEvents {
  /// Single lines that are no events.
  static let lines = [
    BadEvents("no JSON", "nope", 400, "malformed_json", at: "/0"),
    BadEvents("two events", event() + event(), 400, "malformed_json", at: "/0"),
    BadEvents("a list", "[\(event())]", 422, "invalid_value", at: "/0"),
    BadEvents("no id", "{}", 422, "missing_field", at: "/0/id"),
    BadEvents("a name twice", event(#""id":"x","id":"y""#), 400, "malformed_json", at: "/0/id"),
    BadEvents("NaN", event(#""data":{"a":NaN}"#), 400, "malformed_json", at: "/0/data/a"),
    BadEvents("a lone surrogate", event(#""id":"\ud800""#), 400, "malformed_json", at: "/0/id"),
    BadEvents(
      "bytes that are not UTF-8", bytes: Array(#"{"id":"a"#.utf8) + [0xC3, 0x28, 0x22, 0x7D], 400,
      "malformed_json", at: "/0/id"),
    BadEvents(
      "an exponent of 999", event(#""data":{"seconds":1e999}"#), 422, "limit_exceeded",
      at: "/0/data/seconds"),
    BadEvents(
      "lists ten thousand deep", event(#""data":"# + String(repeating: "[", count: 10_000)), 422,
      "limit_exceeded", at: "/0/data" + String(repeating: "/0", count: 62)),
    BadEvents(
      "a negative duration", event(#""data":{"seconds":-1,"cycles":1}"#), 422,
      "negative_quantity", at: "/0/data/seconds"),
    BadEvents(
      "a time more than a day ahead", event(#""time":"2013-05-01T12:00:01Z""#), 422,
      "future_event", at: "/0/time"),
    BadEvents(
      "a line of more than a mebibyte", event() + String(repeating: " ", count: 1 << 20), 422,
      "limit_exceeded", at: "/0"),
  ]
}
