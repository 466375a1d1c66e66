import Access
import Base
import NIOCore
import NIOHTTP1
import Testing

@Suite("Bad events are told apart, and nothing good is lost")
struct BadEventsTests {
  @Test("Each mistake has its status, its code and its place")
  func mistakes() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "before"))
      for bad in BadEvents.all {
        let answer = try await service.client(.device).send(
          .POST, "/v1/events", .bytes(bad.body), type: bad.type)
        answer.expectProblem(
          bad.status, bad.code, at: bad.pointers, on: "/v1/events", "\(bad.name): \(answer.text)")
        #expect(try service.eventCount() == 1, "\(bad.name) left something behind")
      }
      try await expectOnlyFirst(in: service)
    }
  }

  @Test("An event cut off at any byte is refused")
  func truncation() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "before"))
      let device = TestClient.Credential.bearer(try await service.token([.writeEvents]))
      let whole = Array(
        #"{"specversion":"1.0","id":"\u00e9ü","source":"/s","data":[{},1e-2]}"#.utf8)
      for length in 0..<whole.count {
        let answer = try await service.client(device).send(
          .POST, "/v1/events", .bytes(Array(whole[..<length])), type: TestClient.eventType)
        answer.expectProblem(400, "malformed_json", "the first \(length) bytes")
      }
      try await expectOnlyFirst(in: service)
    }
  }

  @Test("A body that says it is too large is refused before any of it is sent")
  func announcedOversize() async throws {
    try await TestService.run { service in
      let token = try await service.token([.writeEvents])
      for length in [8 << 20 + 1, Int.max] {
        let reply = try await RawConnection.exchange(
          [RawConnection.head(token: token, length: length)], with: service, secondsMax: 10,
          until: { $0.contains("payload_too_large") })
        #expect(reply.status == 413, "\(reply)")
        #expect(reply.text.contains("payload_too_large"))
        #expect(reply.text.contains("Connection: close"), "what follows is not read")
        #expect(reply.duration < .seconds(5), "it did not wait for the body")
      }
      #expect(try service.eventCount() == 0)
    }
  }

  @Test("A body that turns out too large is refused as well")
  func streamedOversize() async throws {
    try await TestService.run { service in
      let chunk = ByteBuffer(repeating: UInt8(ascii: " "), count: 1 << 20)
      let answer = try await service.client(.device).send(
        .POST, "/v1/events", .chunks(Array(repeating: chunk, count: 9)),
        type: TestClient.eventType)
      answer.expectProblem(413, "payload_too_large", at: [])
      let document = try await service.client(.operator).send(
        .PUT, "/v1/customers/acme", .chunks([chunk, ByteBuffer(string: "{}")]),
        type: "application/json")
      document.expectProblem(413, "payload_too_large", at: [])
      #expect(try service.eventCount() == 0)
    }
  }

  @Test("A body that breaks the rules of HTTP is the sender's mistake, and is answered once")
  func brokenFraming() async throws {
    try await TestService.run { service in
      let token = try await service.token([.writeEvents])
      let head = RawConnection.head(token: token, length: 0)
        .replacing("Content-Length: 0", with: "Transfer-Encoding: chunked")
      let reply = try await RawConnection.exchange(
        [head, "2\r\n{}\r\nno length\r\n"], pause: .milliseconds(100), with: service,
        secondsMax: 10)
      #expect(reply.status == 400, "\(reply)")
      #expect(reply.isClosed)
      #expect(reply.text.ranges(of: "HTTP/1.1 ").count == 1, "\(reply)")
      let metrics = try await service.client(.operator).get("/metrics")
      #expect(!metrics.text.contains("status=\"500\""), "\(metrics.text)")
    }
  }

  @Test("A body of just the limit is read")
  func largestBody() async throws {
    try await TestService.run { service in
      try await service.agree()
      let event = SampleEvent(id: "1").json.bytes
      let padding = [UInt8](repeating: UInt8(ascii: " "), count: 8 << 20 - event.count)
      let answer = try await service.client(.device).send(
        .POST, "/v1/events", .bytes(event + padding), type: TestClient.eventType)
      #expect(answer["accepted"] == 1)
    }
  }

  /// What was there before is still there, and counts as it did.
  private func expectOnlyFirst(in service: TestService) async throws {
    let finance = service.client(.finance)
    #expect(try await finance.get("/v1/events").items.map { $0["id"] } == ["before"])
    #expect(try await finance.get("/v1/events?status=conflicting").items == [])
    let usage = try await finance.get("/v1/usage?meter=hours&customer=acme&month=2013-01")
    #expect(usage["value"] == "3600")
  }
}
