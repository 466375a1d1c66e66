import Access
import Base
import NIOHTTP1
import Server
import TestSupport
import Testing

@Suite("Bodies that come compressed", .serialized)
struct CompressedBodyTests {
  private func send(
    _ body: [UInt8], _ type: String = TestClient.eventType, coding: String = "gzip",
    to service: TestService
  ) async throws -> Answer {
    try await service.client(.device).send(
      .POST, "/v1/events", .bytes(body), type: type, headers: [("Content-Encoding", coding)])
  }

  @Test("Every format may come as gzip, and so may every other body")
  func formats() async throws {
    try await TestService.run { service in
      try await service.agree()
      let event = SampleEvent(id: "1").json.bytes
      let list = Array("[".utf8) + event + Array("]".utf8)
      let lines = event + Array("\n".utf8) + event
      for (type, body) in [
        (TestClient.eventType, event), (TestClient.batchType, list), ("application/json", list),
        (EventStreamTests.type, lines),
      ] {
        for (coding, bytes) in [
          ("gzip", gzipped(body)), ("GZip", gzipped(body)), ("x-gzip", gzipped(body)),
          ("identity", body),
        ] {
          let answer = try await send(bytes, type, coding: coding, to: service)
          #expect(answer.status == 200, "\(type) \(coding): \(answer.text)")
        }
      }
      #expect(try service.eventCount() == 1)
      let data = try await service.client(.device).send(
        .POST, "/v1/events", .bytes(gzipped(Array(EventFormatsTests.data.utf8))),
        type: "application/json",
        headers: EventFormatsTests.attributes + [("Content-Encoding", "gzip")])
      #expect(data["accepted"] == 1, "\(data.text)")
      let customer = try await service.client(.operator).send(
        .PUT, "/v1/customers/zip", .bytes(gzipped(Array(#"{"name":"Zip"}"#.utf8))),
        type: "application/json", headers: [("Content-Encoding", "gzip")])
      #expect(customer.status == 201, "\(customer.text)")
    }
  }

  @Test("A coding nobody here knows is refused with the ones that are known")
  func unknownCodings() async throws {
    try await TestService.run { service in
      for coding in ["br", "deflate", "zstd", "gzip, gzip", "gzip;q=1", "*"] {
        let answer = try await send([0x7B, 0x7D], coding: coding, to: service)
        answer.expectProblem(415, "unsupported_encoding", at: [], "\(coding): \(answer.text)")
        #expect(answer.header("accept-encoding") == "gzip, identity")
      }
    }
  }

  @Test("Gzip that breaks off or is broken is refused, and nothing of it stored")
  func broken() async throws {
    try await TestService.run { service in
      try await service.agree()
      let events = JSON.array((0..<50).map { SampleEvent(id: "\($0)").json })
      let whole = gzipped(events.bytes)
      for length in [1, 5, 10, 11, whole.count / 2, whole.count - 8, whole.count - 1] {
        let answer = try await send(
          Array(whole[..<length]), TestClient.batchType, to: service)
        answer.expectProblem(400, "malformed_document", at: [], "\(length): \(answer.text)")
        #expect(answer["detail"]?.stringValue?.contains("gzip that breaks off") == true)
      }
      for place in [0, 3, whole.count / 2, whole.count - 8, whole.count - 1] {
        var changed = whole
        changed[place] ^= 0xFF
        let answer = try await send(changed, TestClient.batchType, to: service)
        answer.expectProblem(400, "malformed_document", at: [], "\(place): \(answer.text)")
      }
      let plain = try await send(events.bytes, TestClient.batchType, to: service)
      plain.expectProblem(400, "malformed_document", at: [])
      let more = try await send(whole + [0x20], TestClient.batchType, to: service)
      more.expectProblem(400, "malformed_document", at: [])
      #expect(try service.eventCount() == 0)
    }
  }

  @Test("Of lines behind gzip that breaks off, those that were stored stay")
  func brokenStream() async throws {
    try await TestService.run { service in
      try await service.agree()
      let lines =
        EventStreamTests.lines([SampleEvent(id: "1")]) + EventStreamTests.filler
        + EventStreamTests.lines([SampleEvent(id: "2")])
      let whole = gzipped(lines)
      let answer = try await send(whole.dropLast(9), EventStreamTests.type, to: service)
      answer.expectProblem(400, "malformed_document", at: [])
      #expect(answer["detail"]?.stringValue?.contains("are stored: 1,") == true)
      #expect(try service.eventCount() == 1)
      let again = try await send(whole, EventStreamTests.type, to: service)
      #expect(again["accepted"] == 1 && again["duplicate"] == 1)
    }
  }

  @Test("What becomes too large, or far larger than it was, is refused")
  func bombs() async throws {
    try await TestService.run { service in
      try await service.agree()
      let event = SampleEvent(id: "1").json.bytes
      let blank = [UInt8](repeating: UInt8(ascii: " "), count: 4 << 20)
      let bomb = gzipped(blank)
      #expect(bomb.count < 64 << 10)
      for (type, body) in [
        (TestClient.eventType, bomb), (TestClient.batchType, bomb + bomb),
        (EventStreamTests.type, gzipped(event + [10]) + bomb),
      ] {
        let answer = try await send(body, type, to: service)
        answer.expectProblem(413, "payload_too_large", at: [], "\(type): \(answer.text)")
        #expect(answer["detail"]?.stringValue?.contains("times its size") == true)
      }
      var random = SeededRandom(seed: 1)
      let block = (0..<50_000).map { _ in 0x20 + UInt8.random(in: 0..<64, using: &random) }
      let large = gzipped((0..<180).reduce(into: []) { large, _ in large += block })
      #expect(large.count < Limits.bodyBytesMax)
      let answer = try await send(large, to: service)
      answer.expectProblem(413, "payload_too_large", at: [], "\(answer.text)")
      let small = try await send(
        gzipped(event + blank[..<200_000]), to: service)
      #expect(small["accepted"] == 1, "the first bytes are free: \(small.text)")
      #expect(try service.eventCount() == 1)
    }
  }
}
