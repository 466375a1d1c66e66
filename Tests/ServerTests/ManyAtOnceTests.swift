import Access
import Base
import NIOCore
import NIOHTTP1
import Testing

@testable import Server

@Suite("Many who want much at once", .timeLimit(.minutes(3)))
struct ManyAtOnceTests {
  private static let report = "/v1/customers/acme/value-report"

  @Test("Reports that are being made keep no one else waiting")
  func reportsBesideOthers() async throws {
    try await TestService.run { service in
      try await service.agree()
      let held = HeldWork()
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        defer { held.end() }
        await held.take(.reports, of: service.services.pool, &tasks)
        // The client has eight connections.
        for _ in 0..<5 {
          tasks.addTask {
            let answer = try await service.client(.accountManager).get(Self.report)
            #expect(answer.status == 200, "they get their turn: \(answer.text)")
          }
        }
        while service.services.pool.waitingCount(.reports) < 5 {
          try await Task.sleep(for: .milliseconds(5))
        }
        for path in ["/livez", "/readyz", "/openapi.yaml", "/.well-known/jwks.json"] {
          #expect(try await service.client(.none).get(path).status == 200, "\(path)")
        }
        let metrics = try await service.client(.operator).get("/metrics")
        #expect(metrics.text.contains("\nusance_reports_waiting 5\n"))
        #expect(try await service.client(.finance).get("/v1/invoices").status == 200)
        try await service.post(SampleEvent(id: "1"))
        let catalog = try await service.client(.operator).put(
          "/v1/meters/flights", TestService.flights)
        #expect(catalog.status == 200)
      }
    }
  }

  @Test("Nothing is done for a client that has hung up")
  func leaving() async throws {
    try await TestService.run { service in
      try await service.agree()
      let token = try await service.token([.readValue])
      let held = HeldWork()
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        defer { held.end() }
        await held.take(.reports, of: service.services.pool, &tasks)
        let request =
          "GET \(Self.report) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n\r\n"
        _ = try await RawConnection.exchange([request], with: service, secondsMax: 1)
        let refused = "usance_work_refused_total{kind=\"reports\",reason=\"client\"} 1"
        while true {
          let metrics = try await service.client(.operator).get("/metrics")
          let isNobodyWaiting = service.services.pool.waitingCount(.reports) == 0
          if metrics.text.contains(refused), isNobodyWaiting { break }
          try await Task.sleep(for: .milliseconds(20))
        }
      }
    }
  }

  @Test("Bodies are bounded together, and what a device posts gets through")
  func bodies() async throws {
    try await TestService.run { service in
      try await service.agree()
      let device = service.client(.device)
      let large = Self.batch(ofBytes: Limits.mediumBodyBytesMax + 1)
      func post(_ bytes: [UInt8]) async throws -> Answer {
        try await device.send(.POST, "/v1/events", .bytes(bytes), type: TestClient.batchType)
      }
      try await Self.holding(
        Limits.mediumBodyBytesMax + 1, upTo: Limits.largeBodiesBytesMax, of: service
      ) {
        let answer = try await post(large)
        answer.expectProblem(503, "overloaded", at: [], "\(answer.text)")
        #expect(answer.header("retry-after") == "1")
        let chunks = stride(from: 0, to: large.count, by: 64 << 10).map {
          ByteBuffer(bytes: large[$0...].prefix(64 << 10))
        }
        let unannounced = try await device.send(
          .POST, "/v1/events", .chunks(chunks), type: TestClient.batchType)
        unannounced.expectProblem(503, "overloaded", at: [], "\(unannounced.text)")
        for size in [100, Limits.freeBodyBytesMax, Limits.freeBodyBytesMax + 1, 900 << 10] {
          #expect(try await post(Self.batch(ofBytes: size)).status == 200, "\(size) bytes")
        }
      }
      try await Self.holding(
        Limits.mediumBodyBytesMax, upTo: Limits.mediumBodiesBytesMax, of: service
      ) {
        #expect(try await post(Self.batch(ofBytes: 100 << 10)).status == 503)
        #expect(try await post(large).status == 200)
        try await service.post(SampleEvent(id: "small"))
        #expect(try await post(Self.batch(ofBytes: Limits.freeBodyBytesMax)).status == 200)
      }
      #expect(try await post(Self.batch(ofBytes: 100 << 10)).status == 200)
      #expect(service.services.bodies.bytesHeld == 0, "what is answered is given back")
    }
  }

  /// Bodies of a size, one beside the other, for as long as `body` runs.
  private static func holding(
    _ bytes: Int, upTo bytesMax: Int, of service: TestService, _ body: () async throws -> Void
  ) async throws {
    var leases: [BodyLease] = []
    for _ in 0..<bytesMax / bytes {
      let lease = BodyLease(service.services.bodies)
      try lease.hold(bytes: bytes)
      leases.append(lease)
    }
    #expect(leases.count > 1)
    try await body()
    for lease in leases { lease.release() }
  }

  /// A list without an event, and blanks.
  private static func batch(ofBytes count: Int) -> [UInt8] {
    Array("[\(String(repeating: " ", count: count - 2))]".utf8)
  }

  @Test("What lies too far ahead is refused, with the last there is")
  func tooFarAhead() async throws {
    try await TestService.run(at: "2013-04-30T12:00:00Z") { service in
      try await service.agree()
      let client = service.client(.operator)
      for day in ["2013-05-02", "9999-12-31"] {
        let answer = try await client.post("/v1/billing-runs", ["asOf": .string(day)])
        answer.expectProblem(422, "limit_exceeded", at: ["/asOf"], "\(day): \(answer.text)")
        #expect(answer.text.contains("2013-05-01"))
      }
      #expect(try await client.post("/v1/billing-runs", ["asOf": "2013-05-01"]).status == 200)
      for month in ["2016-05", "9999-12"] {
        let run = try await client.post("/v1/billing-runs", ["month": .string(month)])
        run.expectProblem(422, "limit_exceeded", at: ["/month"], "\(run.text)")
        let question: JSON = ["from": .string(month), "versions": ["acme-hours": 1]]
        let simulation = try await client.post("/v1/simulations", question)
        simulation.expectProblem(422, "limit_exceeded", at: ["/from"], "\(simulation.text)")
        for path in [
          "accruals?month=\(month)", "unbilled-usage?month=\(month)",
          "customers/acme/value-report?from=\(month)&to=\(month)",
        ] {
          let answer = try await client.get("/v1/\(path)")
          answer.expectProblem(422, "limit_exceeded", at: [], "\(path): \(answer.text)")
          #expect(answer.text.contains("2016-04"))
        }
      }
      #expect(try await client.get("/v1/accruals?month=2016-04").status == 200)
    }
  }

  @Test("Groups have a bound too, for devices name them")
  func groups() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.put(
        "meters/by-place",
        [
          "aggregation": "count", "eventTypes": ["landed"], "unit": "landings",
          "groupBy": ["/place"],
        ])
      let events = (0..<11).map { number in
        SampleEvent(
          id: "\(number)", type: "landed", subject: "acme", data: ["place": .string("p\(number)")])
      }
      #expect(try await service.client(.device).post(events: events)["accepted"] == 11)
      let path =
        "/v1/usage?meter=by-place&customer=acme&start=2013-01-01T00:00:00Z"
        + "&end=2014-02-01T00:00:00Z&window=hour"
      let client = service.client(.finance)
      let groups = try await client.get(path + "&by=group")
      groups.expectProblem(422, "limit_exceeded", at: [], "\(groups.text)")
      #expect(groups.text.contains("11 groups"))
      #expect(try await client.get(path).status == 200)
    }
  }
}
