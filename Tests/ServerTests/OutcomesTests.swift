import Access
import Base
import Foundation
import Testing
import YAML

/// The sample contract of a support bot, from its file to its invoices.
@Suite("Outcomes")
struct OutcomesTests {
  private static let sample = OpenAPIDocument.file.deletingLastPathComponent()
    .appending(path: "Documentation/Samples/support-bot.yaml")

  private static func agree(_ service: TestService) async throws {
    let text = try String(contentsOf: sample, encoding: .utf8)
    let answer = try await service.client(.operator)
      .post("/v1/catalog", YAMLDocument(text).json)
    try #require(answer.status == 200, "\(answer.text)")
  }

  private static func event(
    _ transition: String, _ outcome: String, _ time: String, ticket: String? = nil
  ) -> SampleEvent {
    SampleEvent(
      id: "\(outcome)-\(transition)", source: "//bot", type: "case.resolution",
      subject: "web-shop", time: time,
      data: .object([
        "outcome": .string(outcome), "transition": .string(transition),
        "ticket": .string(ticket ?? outcome),
      ]))
  }

  private static func say(
    _ word: String, _ outcome: String, _ body: JSON = .object([]), _ service: TestService
  ) async throws -> Answer {
    try await service.client(.finance).post("/v1/outcomes/\(outcome)/\(word)", body)
  }

  /// `billed 0.99` and the like, of the clause's lines on an invoice.
  private static func lines(_ month: String, _ service: TestService) async throws -> [String] {
    let run = try await service.bill(month)
    try #require(run.first?["outcome"] == "drafted", "\(run)")
    let invoice = try await service.invoice("web-shop-support~\(month)")
    return (invoice["document"]?["lines"]?.elements ?? []).map { line in
      "\(line["key"]?.stringValue ?? "") \(line["amount"]?.stringValue ?? "")"
    }
  }

  @Test("From claims and answers to two invoices, and the list of what became of each")
  func fromClaimToInvoice() async throws {
    try await TestService.run(at: "2026-05-05T12:00:00Z") { service in
      try await Self.agree(service)
      for (outcome, ticket) in [("a", "t1"), ("b", "t2"), ("c", "t3"), ("d", "t4"), ("e", "t1")] {
        try await service.post(
          Self.event("claim", outcome, "2026-05-04T08:00:00Z", ticket: ticket))
      }
      // One is confirmed by an event, one over the API; one is rejected, one disputed.
      try await service.post(Self.event("confirm", "a", "2026-05-04T09:00:00Z"))
      #expect(try await Self.say("confirm", "b", [:], service)["state"] == "confirmed")
      #expect(try await Self.say("reject", "c", [:], service)["state"] == "rejected")
      let disputed = try await Self.say("dispute", "d", [:], service)
      #expect(disputed["state"] == "disputed")
      #expect(disputed["windowEnd"] == nil, "its clock stands still")

      service.clock.set("2026-05-28T12:00:00Z")
      #expect(try await Self.say("resolve", "d", [:], service)["state"] == "pending")
      service.clock.set("2026-06-01T12:00:00Z")
      #expect(
        try await Self.lines("2026-05", service) == ["platform 49.00", "resolutions/billed 1.98"])
      let list = try await service.client(.finance).get("/v1/outcomes?contract=web-shop-support")
      #expect(
        list.items.map { item in
          let amount = item["billed"]?["amount"] ?? item["unbilled"] ?? "-"
          return [item["key"], item["state"], amount]
            .map { $0?.stringValue ?? "" }.joined(separator: " ")
        } == [
          "a confirmed 0.99", "b confirmed 0.99", "c rejected -", "d pending -",
          "e assumed once",
        ])

      // In June the one that was disputed is assumed, and one of May is taken back.
      #expect(try await Self.say("reverse", "b", [:], service)["state"] == "reversed")
      service.clock.set("2026-07-01T12:00:00Z")
      #expect(
        try await Self.lines("2026-06", service) == [
          "platform 49.00", "resolutions/billed 0.79", "resolutions/clawback -0.99",
        ])
    }
  }

  /// Two outcomes of May are billed; the body is told how to say that one is taken back, and how
  /// to credit an amount of the line that billed them.
  private static func credited(
    _ body: (
      TestService, _ reverse: () async throws -> Void, _ credit: (String) async throws -> Int
    ) async throws -> Void
  ) async throws {
    try await TestService.run(at: "2026-05-05T12:00:00Z") { service in
      try await agree(service)
      service.clock.set("2026-05-11T12:00:00Z")
      for outcome in ["a", "b"] {
        try await service.post(event("claim", outcome, "2026-05-04T08:00:00Z"))
        try await service.post(event("confirm", outcome, "2026-05-10T09:00:00Z"))
      }
      service.clock.set("2026-06-07T12:00:00Z")
      try await service.close(asOf: "2026-06-01")
      let may = "web-shop-support~2026-05"
      #expect(
        try await service.lines(may) == ["platform 49.00", "resolutions/billed 1.98"])
      try await body(
        service,
        {
          let answer = try await say(
            "reverse", "b", ["time": "2026-06-02T12:00:00Z"], service)
          #expect(answer.status == 200, "\(answer.text)")
        },
        { amount in
          try await service.settle(
            "invoices/\(may)/credit-notes",
            [
              "reason": "not solved",
              "lines": [["line": "resolutions/billed", "amount": .string(amount)]],
            ]
          ).status
        })
    }
  }

  @Test("A credit note, then a reversal: nothing goes back twice")
  func creditedThenReversed() async throws {
    try await Self.credited { service, reverse, credit in
      #expect(try await credit("1.50") == 201)
      try await reverse()
      service.clock.set("2026-07-07T12:00:00Z")
      try await service.close(asOf: "2026-07-01")
      #expect(
        try await service.lines("web-shop-support~2026-06") == [
          "platform 49.00", "resolutions/billed 0.00", "resolutions/clawback -0.48",
        ])
      #expect(try await credit("0.01") == 422)
    }
  }

  @Test("A reversal, then a credit note: nothing goes back twice")
  func reversedThenCredited() async throws {
    try await Self.credited { service, reverse, credit in
      try await reverse()
      service.clock.set("2026-07-07T12:00:00Z")
      try await service.close(asOf: "2026-07-01")
      #expect(
        try await service.lines("web-shop-support~2026-06").last == "resolutions/clawback -0.99")
      #expect(try await credit("1.00") == 422)
      #expect(try await credit("0.99") == 201)
      service.clock.set("2026-08-07T12:00:00Z")
      try await service.close(asOf: "2026-08-01")
      #expect(
        try await service.lines("web-shop-support~2026-07") == [
          "platform 49.00", "resolutions/billed 0.00",
        ])
    }
  }

  @Test("What is said over the API is an event like others, and counts once")
  func anEventLikeOthers() async throws {
    try await TestService.run(at: "2026-05-05T12:00:00Z") { service in
      try await Self.agree(service)
      try await service.post(Self.event("claim", "a", "2026-05-04T08:00:00Z"))
      let first = try await Self.say("confirm", "a", [:], service)
      service.clock.advance(bySeconds: 60)
      #expect(try await Self.say("confirm", "a", [:], service).bytes == first.bytes)
      #expect(try service.eventCount() == 2)
      let log = try await service.client(.finance)
        .get("/v1/events?source=/v1/outcomes/web-shop-support/resolutions&id=a~confirm")
      #expect(log.items.map { $0["status"] } == ["counted"])
      #expect(log.items.first?["time"] == "2026-05-05T12:00:00Z")
      #expect(
        log.items.first?["data"]?.text
          == #"{"outcome":"a","transition":"confirm","ticket":"a"}"#)

      // The same id with another time is another payload; the first stands.
      try await Self.say("confirm", "a", ["time": "2026-05-05T12:00:30Z"], service)
        .expectProblem(409, "conflicting_event")
      try await Self.say("reject", "a", [:], service).expectProblem(409, "outcome_settled")
      try await Self.say("confirm", "b", [:], service).expectProblem(404, "not_found")
      try await Self.say("reverse", "a", ["time": "2026-05-07T12:00:00Z"], service)
        .expectProblem(422, "future_event", at: ["/time"])
      try await Self.say("reverse", "a", ["when": "now"], service)
        .expectProblem(422, "unknown_field", at: ["/when"])
      try await service.client(.device).post("/v1/outcomes/a/reverse", [:])
        .expectProblem(403, "forbidden")
      #expect(try service.eventCount() == 2)
    }
  }

  @Test("The list has pages and filters")
  func pagesAndFilters() async throws {
    try await TestService.run(at: "2026-05-05T12:00:00Z") { service in
      try await Self.agree(service)
      for number in 1...5 {
        try await service.post(Self.event("claim", "o\(number)", "2026-05-04T08:00:00Z"))
      }
      _ = try await Self.say("confirm", "o2", [:], service)
      let finance = service.client(.finance)
      var keys: [String] = []
      var path: String? = "/v1/outcomes?limit=2"
      while let page = path {
        let answer = try await finance.get(page)
        keys += answer.items.compactMap { $0["key"]?.stringValue }
        path = answer["next"]?.stringValue.map { "/v1/outcomes?limit=2&cursor=\($0)" }
      }
      #expect(keys == ["o1", "o2", "o3", "o4", "o5"])
      for (filter, count) in [
        ("state=confirmed", 1), ("state=pending", 4), ("customer=web-shop&clause=resolutions", 5),
        ("clause=platform", 0), ("contract=nobody", 0), ("asset=bot", 0),
      ] {
        let answer = try await finance.get("/v1/outcomes?\(filter)")
        #expect(answer.items.count == count, "\(filter)")
      }
      try await finance.get("/v1/outcomes?state=done").expectProblem(422, "invalid_value")
      try await finance.get("/v1/outcomes?cursor=eA").expectProblem(422, "invalid_value")
    }
  }

  @Test("An event nobody can understand stops the run of its contract until it is corrected")
  func unreadable() async throws {
    try await TestService.run(at: "2026-05-05T12:00:00Z") { service in
      try await Self.agree(service)
      try await service.post(Self.event("done", "a", "2026-05-04T08:00:00Z"))
      let run = try #require(try await service.bill("2026-05").first)
      #expect(run["outcome"] == "parked")
      let reason = run["reasons"]?.elements?.first
      #expect(reason?["code"] == "unreadable_value")
      #expect(reason?["detail"]?.stringValue?.hasPrefix("the event `a-done` of `//bot`") == true)
      try await service.post(
        SampleEvent(
          id: "mend", source: "//desk", type: "usance.correction", subject: nil,
          time: "2026-05-05T08:00:00Z",
          data: ["corrects": ["source": "//bot", "id": "a-done"], "retract": true]))
      #expect(
        try await Self.lines("2026-05", service) == ["platform 49.00", "resolutions/billed 0.00"])
    }
  }
}
