import Access
import Base
import Testing

@Suite("Events that were wrong, and the log that shows what became of each")
struct CorrectionTests {
  private static let january = "acme-hours~2013-01"

  private func correction(_ id: String, of target: String, amend: JSON? = nil) -> SampleEvent {
    var event = SampleEvent(
      id: id, source: "/desk", type: "usance.correction", subject: nil,
      time: "2013-04-01T00:00:00Z")
    event.data = .object([
      "corrects": ["source": "/fleet", "id": .string(target)],
      "retract": amend == nil ? true : nil, "amend": amend,
    ])
    return event
  }

  private func usage(_ service: TestService, _ asset: String = "N1") async throws -> String? {
    let answer = try await service.client(.finance).get(
      "/v1/usage?meter=hours&asset=\(asset)&month=2013-01")
    return answer["value"]?.stringValue
  }

  private func list(_ service: TestService, _ query: String) async throws -> [String] {
    let answer = try await service.client(.operator).get("/v1/events?\(query)")
    try #require(answer.status == 200, "\(answer.text)")
    return answer.items.map { "\($0["id"]?.stringValue ?? "") \($0["status"]?.stringValue ?? "")" }
  }

  @Test("A mistake is taken back or amended, and usage follows at once")
  func usageFollows() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      try await service.post(
        SampleEvent(id: "1"), SampleEvent(id: "2"), SampleEvent(id: "3"),
        correction("c0", of: "4", amend: ["subject": "N2"]))
      #expect(try await usage(service) == "10800")
      try await service.post(correction("c1", of: "1"))
      #expect(try await usage(service) == "7200")
      try await service.post(
        correction("c2", of: "2", amend: ["data": ["seconds": "1800.0", "cycles": 1]]))
      #expect(try await usage(service) == "5400")
      try await service.post(SampleEvent(id: "4"))
      #expect(try await usage(service) == "5400")
      #expect(try await usage(service, "N2") == "3600")

      #expect(
        try await list(service, "status=correction")
          == ["c0 correction", "c1 correction", "c2 correction"])
      #expect(try await list(service, "status=retracted") == ["1 retracted"])
      #expect(try await list(service, "subject=N2&status=amended") == ["4 amended"])
      #expect(try await list(service, "status=counted&type=flown") == ["3 counted"])
      #expect(try await list(service, "source=/fleet&id=2") == ["2 amended"])
      #expect(try await list(service, "source=/fleet&id=none") == [])
      #expect(
        try await list(service, "start=2013-01-06T00:00:00Z&end=2013-05-01T00:00:00Z").count == 3)
      #expect(try await list(service, "status=unmatched") == [])

      let two = try await service.client(.operator).get("/v1/events?status=amended&limit=1")
      #expect(two["next"] != nil)
      #expect(two.items.first?["data"] == ["seconds": 3600, "cycles": 1], "as it was sent")
      let standing = try #require(two.items.first?["current"])
      #expect(standing["data"] == ["seconds": "1800.0", "cycles": 1])
      #expect(standing["subject"] == "N1")
      #expect(standing["time"] == "2013-01-05T10:00:00Z")
    }
  }

  @Test("A correction that names nothing yet waits in sight; one that is unsound is refused")
  func waitingAndRefused() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(
        correction("early", of: "1"), correction("of a correction", of: "x"))
      let waiting = try await service.client(.operator).get("/v1/events?status=unmatched")
      #expect(waiting.items.map { $0["reason"] } == ["unknown_event", "unknown_event"])
      try await service.post(SampleEvent(id: "1"))
      #expect(try await usage(service) == "0")

      var wrong = correction("wrong", of: "1", amend: ["kind": "other"])
      try await service.client(.device).post(events: [wrong]).expectProblem(
        422, "unknown_field", at: ["/0/data/amend/kind"])
      wrong.data = ["corrects": ["source": "/fleet"], "retract": true]
      try await service.client(.device).post(event: wrong.json.text).expectProblem(
        422, "missing_field", at: ["/data/corrects/id"])
      try await service.client(.operator).put(
        "/v1/meters/m",
        ["aggregation": "count", "eventTypes": ["usance.correction"], "unit": "times"]
      ).expectProblem(422, "invalid_value", at: ["/eventTypes"])
    }
  }

  @Test("One event says what it counted for, and which lines rest on it")
  func detail() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(
        SampleEvent(id: "1"), SampleEvent(id: "2", type: "rested"),
        correction("c", of: "1", amend: ["time": "2013-01-20T10:30:00Z"]))
      _ = try await service.client(.device).post(
        events: [SampleEvent(id: "1", time: "2013-01-05T10:00:01Z")])
      _ = try await service.bill("2013-01")
      let reader = service.client(.operator)
      let found = try await reader.get("/v1/events?source=/fleet&id=1")
      let number = try #require(found.items.first?["sequence"]?.text)
      let event = try await reader.get("/v1/events/\(number)")
      #expect(event.status == 200, "\(event.text)")
      #expect(event["status"] == "amended")
      #expect(event["conflicts"] == 1)
      let counted = event["counted"]?.elements ?? []
      #expect(
        counted.map { "\($0["meter"]!.text) \($0["value"]!.text) \($0["unit"]!.text)" } == [
          #""cycles" "1" "cycles""#, #""flights" "1" "flights""#, #""hours" "3600" "s""#,
        ])
      #expect(counted.allSatisfy { $0["hour"] == "2013-01-20T10:00:00Z" })
      #expect(
        event["invoiceLines"] == [
          ["invoice": .string(Self.january), "line": "engines/hours"],
          ["invoice": .string(Self.january), "line": "engines/cycles"],
        ])
      let aside = try await reader.get("/v1/events?source=/fleet&id=1&status=conflicting")
      #expect(aside.items.map { $0["time"] } == ["2013-01-05T10:00:01Z"])

      let other = try await reader.get("/v1/events?source=/fleet&id=2")
      let rested = try await reader.get("/v1/events/\(other.items[0]["sequence"]!.text)")
      #expect(rested["status"] == "unmatched")
      #expect(rested["counted"] == [])
      #expect(rested["invoiceLines"] == [])
      for stranger in ["4", "0", "-1", "x", "9223372036854775808", "9223372036854775807"] {
        try await reader.get("/v1/events/\(stranger)").expectProblem(404, "not_found")
      }
      try await service.client(.device).get("/v1/events/1").expectProblem(403, "forbidden")
    }
  }

  @Test("A correction in a closed month is a difference in the next run; the invoice stays")
  func closedMonth() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"), SampleEvent(id: "2"))
      _ = try await service.bill("2013-01")
      let final = try await service.finalise(Self.january)
      #expect(final.status == 200)
      try await service.post(
        correction("c", of: "2", amend: ["data": ["seconds": 5400, "cycles": 1]]))
      let run = try #require(try await service.bill("2013-01").first)
      #expect(run["outcome"] == "final")
      #expect(run["total"] == "220.00")
      #expect(run["difference"] == "50.00")
      try await service.post(correction("d", of: "1"))
      #expect(try await service.bill("2013-01").first?["difference"] == "-60.00")
      #expect(try await service.invoice(Self.january).bytes == final.bytes)
      // The closed invoice still rests on what was taken back since.
      let reader = service.client(.operator)
      let found = try await reader.get("/v1/events?source=/fleet&id=1")
      let event = try await reader.get("/v1/events/\(found.items[0]["sequence"]!.text)")
      #expect(event["status"] == "retracted")
      #expect(event["counted"] == [])
      #expect(event["invoiceLines"]?.elements?.count == 2)
    }
  }

  @Test("A filter that means nothing is refused")
  func filters() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      let reader = service.client(.operator)
      let table = [
        ("id=1", "missing_field"), ("status=lost", "invalid_value"),
        ("start=today", "invalid_value"), ("kind=flown", "unknown_field"),
        ("start=2013-01-02T00:00:00Z&end=2013-01-01T00:00:00Z", "invalid_value"),
        ("subject=N1&start=2013-01-01T00:00:00Z&end=2013-01-01T00:00:00Z", "invalid_value"),
        ("type=flown&type=rested", "invalid_value"), ("cursor=eA", "invalid_value"),
      ]
      for (query, code) in table {
        try await reader.get("/v1/events?\(query)").expectProblem(422, code, "\(query)")
      }
      #expect(try await list(service, "source=&id=") == [])
      #expect(try await list(service, "end=0001-01-01T00:00:01Z&subject=N1") == [])
      #expect(try await list(service, "start=9999-12-31T23:59:59Z&subject=N1") == [])
    }
  }
}
