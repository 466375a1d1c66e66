import Access
import Base
import NIOHTTP1
import Testing

/// What a device that was taken over, or a careless one, cannot do.
@Suite("A device's token is for its own sources and assets")
struct DeviceTokenTests {
  private static let own = TokenKind.ownSource
  private static let other = "//acme/engine-2"

  private static func bounds(_ sources: [String]?, _ assets: [String]? = nil) throws -> TokenBounds
  {
    TokenBounds(
      sources: try sources?.map { try NamePattern($0) },
      assets: try assets?.map { try NamePattern($0) })
  }

  /// A device with the assets N1 and N2 of the sample around it.
  private static func device(
    _ service: TestService, scopes: [TokenScope] = Role.device.scopes,
    sources: [String]? = [own], assets: [String]? = nil
  ) async throws -> TestClient {
    service.client(
      .bearer(
        try await service.token(
          scopes, subject: "engine-1", bounds: bounds(sources, assets))))
  }

  private static func run(_ body: (TestService) async throws -> Void) async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bolt"])
      try await body(service)
    }
  }

  private static func correction(
    of id: String, by source: String = own, from other: String = own, _ action: JSON.Member
  ) -> SampleEvent {
    SampleEvent(
      id: "c-\(id)", source: source, type: "usance.correction", subject: nil,
      time: "2013-02-01T10:00:00Z",
      data: .object([
        .init("corrects", ["source": .string(other), "id": .string(id)]), action,
      ]))
  }

  @Test("It posts as its own source, whichever way, and as no other")
  func sources() async throws {
    try await Self.run { service in
      let token = try await service.token(
        Role.device.scopes, bounds: Self.bounds([Self.own, "//acme/lab/*"]))
      let device = service.client(.bearer(token))
      // The first is admitted by the gateway, later ones by the shortcut.
      for (number, source) in [Self.own, "//acme/lab/7", "//acme/lab/"].enumerated() {
        let answer = try await device.post(
          event: SampleEvent(id: "\(number)", source: source).json.text)
        #expect(answer["accepted"] == 1, "\(source): \(answer.text)")
      }
      for source in [Self.other, Self.own + "0", "//acme/lab", "engine-1", "//acme/*", "*"] {
        let event = SampleEvent(id: "x", source: source)
        try await device.post(event: event.json.text).expectProblem(
          403, "forbidden", at: ["/source"], "\(source)")
        let lines = try await device.send(
          .POST, "/v1/events", .bytes(event.json.bytes), type: "application/x-ndjson")
        lines.expectProblem(403, "forbidden", at: ["/0/source"], "\(source), as a line")
        let binary = try await device.send(
          .POST, "/v1/events", .bytes(event.data.bytes), type: "application/json",
          headers: [
            ("ce-specversion", "1.0"), ("ce-id", "x"), ("ce-source", source), ("ce-type", "flown"),
          ])
        binary.expectProblem(403, "forbidden", at: ["/source"], "\(source), in headers")
      }
      let mixed = try await device.post(events: [
        SampleEvent(id: "3", source: Self.own), SampleEvent(id: "4", source: Self.other),
        SampleEvent(id: "5", source: Self.own),
      ])
      #expect(mixed["accepted"] == 2)
      #expect(mixed["rejected"] == 1)
      #expect(mixed["notices"]?.elements?.first?["pointer"] == "/1/source")
      #expect(try service.eventCount() == 5)
    }
  }

  @Test("Bound to assets, its events are about these")
  func assets() async throws {
    try await Self.run { service in
      let device = try await Self.device(service, assets: ["N1"])
      let good = SampleEvent(id: "1", source: Self.own, subject: "N1")
      #expect(try await device.post(events: [good])["accepted"] == 1)
      for subject in ["N2", "N10", nil] {
        let event = SampleEvent(id: "2", source: Self.own, subject: subject)
        try await device.post(event: event.json.text).expectProblem(
          403, "forbidden", at: ["/subject"], "\(subject ?? "none")")
      }
      #expect(try service.eventCount() == 1)
    }
  }

  @Test("It corrects nothing; with the scope, what came from its sources")
  func corrections() async throws {
    try await Self.run { service in
      try await service.post(
        SampleEvent(id: "1", source: Self.own), SampleEvent(id: "1", source: Self.other))
      let device = try await Self.device(service)
      let retract = JSON.Member("retract", true)
      let amend = JSON.Member("amend", ["subject": "N2"])
      for event in [
        Self.correction(of: "1", retract), Self.correction(of: "1", from: Self.other, retract),
        Self.correction(of: "1", amend),
      ] {
        try await device.post(event: event.json.text).expectProblem(403, "forbidden")
      }
      let corrector = try await Self.device(service, scopes: [.correctEvents])
      try await corrector.post(
        event: Self.correction(of: "1", from: Self.other, retract).json.text
      ).expectProblem(403, "forbidden", at: ["/data/corrects/source"])
      try await corrector.post(
        event: Self.correction(of: "1", by: Self.other, retract).json.text
      ).expectProblem(403, "forbidden", at: ["/source"])
      try await corrector.post(event: SampleEvent(id: "2", source: Self.own).json.text)
        .expectProblem(403, "forbidden", at: [])
      let narrow = try await Self.device(service, scopes: [.correctEvents], assets: ["N1"])
      try await narrow.post(event: Self.correction(of: "1", amend).json.text)
        .expectProblem(403, "forbidden", at: ["/subject"])
      #expect(
        try await corrector.post(event: Self.correction(of: "1", retract).json.text)["accepted"]
          == 1)
      let events = try await service.client(.operator).get("/v1/events?type=flown")
      #expect(events.items.map { $0["status"] } == ["retracted", "counted"])
    }
  }

  @Test("It claims an outcome and answers none, over the API, as an event, or by a correction")
  func outcomes() async throws {
    try await TestService.run { service in
      try await service.put("customers/acme", ["name": "Acme"])
      try await service.put(
        "meters/won", ["aggregation": "count", "eventTypes": ["won"], "unit": "cases"])
      try await service.put(
        "contracts/deal",
        [
          "customer": "acme", "currency": "EUR", "zone": "UTC", "from": "2013-01-01",
          "clauses": [
            [
              "key": "won", "kind": "confirmedOutcome", "meter": "won", "confirmWithinHours": 1000,
              "reverseWithinHours": 0, "prices": [["confirmed": "5.00", "assumed": "1.00"]],
            ]
          ],
        ])
      func said(_ id: String, _ data: JSON, _ source: String = Self.own) -> SampleEvent {
        SampleEvent(
          id: id, source: source, type: "won", subject: "acme", time: "2013-04-30T10:00:00Z",
          data: data)
      }
      let device = try await Self.device(service)
      let claim = said("1", ["outcome": "k", "transition": "claim"])
      #expect(try await device.post(events: [claim])["accepted"] == 1)
      for word in ["confirm", "reject", "dispute", "resolve", "reverse"] {
        let answer: JSON = ["outcome": "k", "transition": .string(word)]
        try await device.post(event: said("2", answer).json.text).expectProblem(403, "forbidden")
        try await device.post("/v1/outcomes/k/\(word)", [:]).expectProblem(403, "forbidden")
        // However it is spelt.
        let spelt = said("2", answer).json.text.replacing(
          "\"transition\"", with: "\"tr\\u0061nsition\"")
        try await device.post(event: spelt).expectProblem(403, "forbidden")
      }
      // Nor does it post in the name of the answers, or turn an event into one.
      let gateway = try await Self.device(
        service, scopes: [.writeEvents, .correctEvents], sources: nil)
      try await gateway.post(
        event: said("k~confirm", [:], "/v1/outcomes/deal/won").json.text
      ).expectProblem(403, "forbidden")
      let amend = JSON.Member(
        "amend", ["data": ["outcome": "k", "transition": "confirm"]])
      try await gateway.post(event: Self.correction(of: "1", amend).json.text)
        .expectProblem(403, "forbidden", at: ["/data/amend/data"])
      // Whoever answers for some sources answers for what these claim.
      let answerer = try await Self.device(
        service, scopes: [.answerOutcomes], sources: [Self.other])
      try await answerer.post("/v1/outcomes/k/confirm", [:]).expectProblem(404, "not_found")
      let finance = service.client(.finance)
      #expect(try await finance.get("/v1/outcomes").items.map { $0["state"] } == ["pending"])
      let confirmed = try await finance.post("/v1/outcomes/k/confirm", [:])
      #expect(confirmed["state"] == "confirmed", "\(confirmed.text)")
      try await gateway.post(
        event: Self.correction(
          of: "k~confirm", from: "/v1/outcomes/deal/won", .init("retract", true)
        ).json.text
      ).expectProblem(403, "forbidden", at: ["/data/corrects/source"])
    }
  }

  @Test("It reads what became of its own events, and of no others")
  func reading() async throws {
    try await Self.run { service in
      let device = try await Self.device(service)
      #expect(
        try await device.post(events: [SampleEvent(id: "1", source: Self.own)])["accepted"] == 1)
      try await service.post(SampleEvent(id: "1", source: Self.other))
      _ = try await service.bill("2013-01")
      let list = try await device.get("/v1/events?source=\(Self.own)")
      #expect(list.items.map { $0["status"] } == ["counted"])
      #expect(list.items.map { $0["by"] } == ["engine-1"], "\(list.text)")
      let one = try await device.get("/v1/events/1")
      #expect(one.status == 200)
      #expect(one["counted"]?.elements?.count == 3)
      #expect(one["invoiceLines"] == nil, "money is not its business")
      for query in [
        "", "?source=\(Self.other)", "?subject=N1", "?status=unmatched",
        "?invoice=acme-hours~2013-01&line=engines/hours",
      ] {
        try await device.get("/v1/events\(query)").expectProblem(403, "forbidden", "\(query)")
      }
      let another = try await device.get("/v1/events/2")
      let missing = try await device.get("/v1/events/3")
      another.expectProblem(404, "not_found")
      #expect(another["detail"] == missing["detail"])

      let narrow = try await Self.device(service, assets: ["N2"])
      try await narrow.get("/v1/events?source=\(Self.own)").expectProblem(403, "forbidden")
      #expect(
        try await narrow.get("/v1/events?source=\(Self.own)&subject=N2").items.isEmpty)
      #expect(try await narrow.get("/v1/events/1").status == 404)
    }
  }

  @Test("Who posted is kept of every event, corrections, answers and conflicts too")
  func authors() async throws {
    try await Self.run { service in
      let device = try await Self.device(service)
      _ = try await device.post(events: [SampleEvent(id: "1", source: Self.own)])
      let other = service.client(
        .bearer(try await service.token(TokenScope.posting, subject: "ann")))
      // The same again is what it was; another payload has an author of its own.
      #expect(
        try await other.post(events: [SampleEvent(id: "1", source: Self.own)])["duplicate"] == 1)
      _ = try await other.post(events: [
        SampleEvent(id: "1", source: Self.own, data: ["seconds": 1, "cycles": 1])
      ])
      _ = try await other.post(events: [
        Self.correction(of: "1", .init("amend", ["time": "2013-01-06T10:00:00Z"]))
      ])
      let reader = service.client(.operator)
      let kept = try await reader.get("/v1/events")
      #expect(kept.items.map { $0["by"] } == ["engine-1", "ann"], "\(kept.text)")
      let aside = try await reader.get("/v1/events?status=conflicting")
      #expect(aside.items.map { $0["by"] } == ["ann"])
    }
  }
}
