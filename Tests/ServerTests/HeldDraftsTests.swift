import Access
import Base
import Testing

/// What becomes of a draft that waits for somebody, and what is told of events that do not count.
@Suite("Held drafts")
struct HeldDraftsTests {
  private static let draft = "acme-hours~2013-02"

  /// January is final; February is silent, and held.
  private static func run(_ body: (TestService) async throws -> Void) async throws {
    try await TestService.run { service in
      try await Self.agree(service)
      try await service.put("contracts/acme-hours", plain)
      try await service.post(SampleEvent(id: "1"))
      _ = try await service.bill("2013-01")
      #expect(try await service.finalise("acme-hours~2013-01")["number"] == "INV-000001")
      let run = try await service.bill("2013-02")
      #expect(run.map { $0["held"] } == [true])
      #expect(run.first?["reasons"]?.elements?.map { $0["code"] } == ["silent_meter"])
      try await body(service)
    }
  }

  /// The sample fleet, whose meters have no bounds but the usual ones.
  private static func agree(_ service: TestService) async throws {
    func sum(_ value: String, _ unit: String) -> JSON {
      [
        "aggregation": "sum", "eventTypes": ["flown"], "unit": .string(unit),
        "value": .string(value),
      ]
    }
    try await service.put("customers/acme", ["name": "Acme"])
    try await service.put("meters/hours", sum("/seconds", "s"))
    try await service.put("meters/cycles", sum("/cycles", "cycles"))
    try await service.put(
      "meters/flights",
      ["aggregation": "count", "eventTypes": ["flown"], "unit": "flights"])
    try await service.put("contracts/acme-hours", TestService.contract("acme"))
    try await service.put(
      "assets/N1", TestService.asset(("acme-hours", "2012-12-31T00:00:00Z", nil)))
  }

  private static let plain: JSON = [
    "customer": "acme", "currency": "USD", "zone": "UTC", "from": "2013-01-01",
    "clauses": [
      [
        "key": "hours", "kind": "usageCharge", "meter": "hours",
        "price": ["model": "perUnit", "rate": "0.01"],
      ]
    ],
  ]

  @Test("A release is audited, holds while nothing changes, and not for other reasons")
  func release() async throws {
    try await Self.run { service in
      let path = "invoices/\(Self.draft)/release"
      try await service.settle(path, .object([]))
        .expectProblem(422, "missing_field", at: ["/reason"])
      let released = try await service.settled(path, ["reason": "the machine stood still"])
      #expect(released["held"] == false)
      #expect(released["reasons"]?.elements?.count == 1)
      let events = try await service.client(.finance).get("/v1/invoices/\(Self.draft)/events")
      #expect(events.items.map { $0["kind"] } == ["drafted", "released"])
      #expect(events.items.last?["reason"] == "the machine stood still")
      #expect(events.items.last?["by"] == "test")
      #expect(
        events.items.last?["reasons"]?.elements?.map { $0["code"] } == ["silent_meter"])

      #expect(try await service.bill("2013-02").map { $0["held"] } == [nil], "rated anew, the same")
      try await service.settle(path, ["reason": "again"])
        .expectProblem(409, "wrong_invoice_status")
      // One flight ends after another has begun: this is something else.
      for id in ["a", "b"] {
        try await service.post(
          SampleEvent(
            id: id, time: "2013-02-05T10:00:00Z", data: ["seconds": 7200, "cycles": 1]))
      }
      _ = try await service.bill("2013-02")
      try await service.finaliseAsItIs(Self.draft).expectProblem(409, "invoice_held")
      #expect(
        try await service.invoice(Self.draft)["reasons"]?.elements?.map { $0["code"] } == [
          "rate_beyond_bound", "equal_events",
        ])
      try await service.settled(path, ["reason": "two engines"])
      #expect(try await service.finalise(Self.draft)["number"] == "INV-000002")
    }
  }

  @Test("Held drafts are listed, counted and shown in dry runs; no device releases one")
  func shown() async throws {
    try await Self.run { service in
      let finance = service.client(.finance)
      for (query, keys) in [
        ("held=true", [Self.draft]), ("held=false", ["acme-hours~2013-01"]),
      ] {
        let list = try await finance.get("/v1/invoices?\(query)")
        #expect(list.items.map { $0["key"]?.stringValue } == keys)
      }
      let metrics = try await service.client(.monitor).get("/metrics").text
      #expect(metrics.contains("\nusance_invoices_held 1\n"))
      let dry = try await finance.post(
        "/v1/billing-runs", ["month": "2013-03", "dryRun": true])
      #expect(dry["results"]?.elements?.map { $0["held"] } == [true])
      let answer = try await service.client(.device).post(
        "/v1/invoices/\(Self.draft)/release", ["reason": "beep"])
      answer.expectProblem(403, "forbidden")
    }
  }

  @Test("Silence is nothing used where the contract says so, or the source spoke of other things")
  func silenceThatIsZero() async throws {
    try await TestService.run { service in
      try await Self.agree(service)
      func clause(_ missing: String?) -> JSON {
        .object([
          "key": "hours", "kind": "usageCharge", "meter": "hours",
          "price": ["model": "perUnit", "rate": "0.01"], "missing": missing.map(JSON.string),
        ])
      }
      func contract(_ missing: String?, from effective: String? = nil) -> JSON {
        .object([
          "customer": "acme", "currency": "USD", "zone": "UTC", "from": "2013-01-01",
          "effective": effective.map(JSON.string), "clauses": [clause(missing)],
        ])
      }
      try await service.put("contracts/acme-hours", contract(nil))
      _ = try await service.bill("2013-01")
      let never = try await service.invoice("acme-hours~2013-01")
      #expect(never["held"] == false, "the meter has never shown anything")
      #expect(
        never["document"]?["lines"]?.elements?.first?["flags"]?.text == #"["no_usage_seen"]"#)

      try await service.post(SampleEvent(id: "1"))
      _ = try await service.bill("2013-01")
      _ = try await service.finalise("acme-hours~2013-01")
      #expect(try await service.bill("2013-02").map { $0["held"] } == [true])
      try await service.put("contracts/acme-hours", contract("zero", from: "2013-02-01"))
      #expect(try await service.bill("2013-02").map { $0["held"] } == [nil])
      #expect(try await service.finalise("acme-hours~2013-02")["total"] == "0.00")

      try await service.put("contracts/acme-hours", contract(nil, from: "2013-03-01"))
      try await service.post(
        SampleEvent(
          id: "2", time: "2013-03-05T10:00:00Z", data: ["seconds": 0, "cycles": 0]))
      #expect(try await service.bill("2013-03").map { $0["held"] } == [nil])
      #expect(try await service.lines("acme-hours~2013-03") == ["hours 0.00"])
    }
  }

  @Test("What a meter could not read is told in the receipt, of the event, and by the run")
  func notCounted() async throws {
    try await TestService.run { service in
      try await Self.agree(service)
      let answer = try await service.client(.device).post(events: [
        SampleEvent(id: "1", data: ["seconds": .number("5.5"), "cycles": 1]),
        SampleEvent(id: "2", time: "2013-01-06T10:00:00Z", data: ["seconds": 60]),
      ])
      let notices = answer["notices"]?.elements?.map { $0["detail"]?.stringValue ?? "-" }
      #expect(
        notices == [
          "kept; not counted: `/data/seconds` is 5.5; meter `hours` takes 0 places",
          "kept; not counted: `/data/cycles` is missing; meter `cycles` takes a number",
        ])
      let event = try await service.client(.finance).get("/v1/events/1")
      #expect(event["counted"]?.elements?.map { $0["meter"] } == ["cycles", "flights"])
      #expect(event["notCounted"]?.elements?.map { $0["meter"] } == ["hours"])
      let run = try await service.bill("2013-01").first
      #expect(run?["held"] == true)
      #expect(
        run?["reasons"]?.elements?.map { $0["detail"]?.stringValue } == [
          "meter `hours`: 1 event not counted: `/data/seconds` is 5.5; meter `hours` takes 0 "
            + "places",
          "meter `cycles`: 1 event not counted: `/data/cycles` is missing; meter `cycles` takes a "
            + "number",
        ])
      #expect(run?["reasons"]?.elements?.map { $0["holds"] } == [true, false])
    }
  }

  @Test("Usage that nobody is billed for is listed by meter, subject and month")
  func unbilledUsage() async throws {
    try await TestService.run { service in
      try await Self.agree(service)
      try await service.put("contracts/acme-hours", Self.plain)
      try await service.put(
        "assets/N1", TestService.asset(("acme-hours", "2013-01-05T00:00:00Z", nil)))
      try await service.post(
        SampleEvent(id: "1"), SampleEvent(id: "2", time: "2013-01-04T10:00:00Z"),
        SampleEvent(id: "3", subject: "nobody"))
      let list = try await service.client(.finance).get("/v1/unbilled-usage?month=2013-01")
      let rows = list.items.map { row in
        ["meter", "subject", "value", "unit", "reason", "customer"].map {
          row[$0]?.stringValue ?? "-"
        }.joined(separator: " ")
      }
      #expect(
        rows == [
          "cycles N1 1 cycles no_contract -", "cycles N1 1 cycles no_clause acme",
          "cycles nobody 1 cycles unknown_subject -", "flights N1 1 flights no_contract -",
          "flights N1 1 flights no_clause acme", "flights nobody 1 flights unknown_subject -",
          "hours N1 3600 s no_contract -", "hours nobody 3600 s unknown_subject -",
        ])
    }
  }
}
