import Access
import Base
import NIOHTTP1
import Server
import Testing

@Suite("Slow clients")
struct SlowClientTests {
  /// What comes of each kind of dawdling, and for how long it is suffered.
  private static func dawdlers(
    _ token: String, _ service: TestService
  ) -> [(name: String, pieces: [String])] {
    let head = RawConnection.head(token: token, length: 1000)
    let stranger = RawConnection.head(token: "none", length: 1000)
    let stream = head.replacing(TestClient.eventType, with: EventStreamTests.type)
    let huge = RawConnection.head(token: token, length: 1 << 40)
    let drops = Array(repeating: " ", count: 40)
    return [
      ("nothing at all", []),
      ("half a head", ["GET /livez HTTP/1.1\r\nHost:"]),
      ("a head drop by drop", ["GET /livez HTTP/1.1\r\n"] + drops.map { _ in "X-Drop: 1\r\n" }),
      ("half a body", [head + "{\"id\":"]),
      ("a body drop by drop", [head] + drops),
      ("lines drop by drop", [stream] + drops.map { _ in "\n" }),
      ("half a line", [stream + "{\"id\":"]),
      ("a body drop by drop, behind a 401", [stranger] + drops),
      ("a body drop by drop, behind a 413", [huge] + drops),
      ("a connection kept for nothing", ["GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"]),
    ]
  }

  @Test("Whoever sends half a request is hung up on, and others do not notice")
  func slowness() async throws {
    try await TestService.run { service in
      let token = try await service.token([.writeEvents])
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for (name, pieces) in Self.dawdlers(token, service) {
          tasks.addTask {
            let reply = try await RawConnection.exchange(
              pieces, pause: .seconds(1), with: service, secondsMax: 20)
            #expect(reply.isClosed, "\(name) was suffered for \(reply.duration)")
          }
        }
        tasks.addTask {
          for _ in 0..<12 {
            let start = ContinuousClock.now
            #expect(try await service.client(.finance).get("/v1/events").status == 200)
            let duration = start.duration(to: .now)
            #expect(duration < .seconds(10), "a usual request took \(duration)")
            try await Task.sleep(for: .seconds(1))
          }
        }
        try await tasks.waitForAll()
      }
      #expect(try service.eventCount() == 0)
      let metrics = try await service.client(.operator).get("/metrics")
      #expect(metrics.text.contains("operation=\"postEvents\",status=\"408\""))
      #expect(!metrics.text.contains("status=\"500\""), "whose fault it is shows in the counts")
    }
  }

  @Test("Lines may take longer than one body, as long as enough of them keep coming")
  func steadiness() async throws {
    try await TestService.run { service in
      try await service.agree()
      let token = try await service.token([.writeEvents])
      let blank = String(repeating: " ", count: Limits.streamBytesPerDeadlineMin / 8) + "\n"
      let pieces = (0..<18).map { SampleEvent(id: "\($0)").json.text + blank }
      let head = RawConnection.head(token: token, length: pieces.reduce(0) { $0 + $1.utf8.count })
        .replacing(TestClient.eventType, with: EventStreamTests.type)
      let reply = try await RawConnection.exchange(
        [head] + pieces, pause: .seconds(1), with: service, secondsMax: 40,
        until: { $0.contains("noticesOmitted") })
      #expect(reply.status == 200, "\(reply)")
      #expect(reply.duration > .seconds(Limits.bodySecondsMax))
      #expect(try service.eventCount() == 18)
    }
  }

  @Test("Beyond so many streams at the same time, others are told to come later")
  func manyStreams() async throws {
    try await TestService.run { service in
      try await service.agree()
      let token = try await service.token([.writeEvents])
      let head = RawConnection.head(token: token, length: 1000)
        .replacing(TestClient.eventType, with: EventStreamTests.type)
      let device = service.client(.device)
      func post() async throws -> Answer {
        try await device.send(
          .POST, "/v1/events", .bytes(SampleEvent(id: "1").json.bytes),
          type: EventStreamTests.type)
      }
      try await withThrowingTaskGroup(of: Void.self) { streams in
        for _ in 0..<Limits.streamsMax {
          streams.addTask {
            // Our own may be in the way of some, which come again then.
            while try await Self.isRefused(head, service) {
              try await Task.sleep(for: .milliseconds(20))
            }
          }
        }
        var answer = try await post()
        for _ in 0..<60 where answer.status == 200 {
          try await Task.sleep(for: .milliseconds(100))
          answer = try await post()
        }
        answer.expectProblem(503, "overloaded", at: [])
        #expect(answer.header("retry-after") == "1")
        let document = try await device.post(event: SampleEvent(id: "2").json.text)
        #expect(document.status == 200, "single documents find their place")
        try await streams.waitForAll()
      }
      var answer = try await post()
      for _ in 0..<60 where answer.status == 503 {
        try await Task.sleep(for: .milliseconds(100))
        answer = try await post()
      }
      #expect(answer.status == 200, "who hangs up leaves the place to others")
    }
  }

  /// Sends a head and no body for as long as it is suffered, unless it is told to come later.
  private static func isRefused(_ head: String, _ service: TestService) async throws -> Bool {
    try await RawConnection.exchange(
      [head], with: service, secondsMax: 8, until: { $0.contains("overloaded") }
    ).status == 503
  }
}
