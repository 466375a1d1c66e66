import Access
import Base
import Testing

/// Usage and prices that make no sum a document can have: the contract says so, and nobody else
/// hears of it.
@Suite("Huge amounts")
struct HugeAmountsTests {
  @Test("What no invoice can come to parks its contract; the lists of all others go on")
  func amountBeyondAll() async throws {
    try await Self.run(places: 0) { service in
      try await service.post(
        Self.event("acme", .string("9000000000000000000")), Self.event("bird", 5))
      let results = try await service.bill("2013-01")
      #expect(results.map { $0["outcome"] } == ["parked", "drafted"])
      let detail = results.first?["reasons"]?.elements?.first?["detail"]?.stringValue
      #expect(detail?.contains("more than an invoice can have") == true, "\(detail ?? "-")")
      let finance = service.client(.finance)
      for path in [
        "invoices", "invoices?month=2013-01", "invoices?format=csv", "accruals?month=2013-01",
        "unbilled-usage?month=2013-01", "ledger",
      ] {
        #expect(try await finance.get("/v1/\(path)").status == 200, "\(path)")
      }
      #expect(try await finance.get("/v1/invoices").items.map { $0["total"] } == ["500000.00"])
    }
  }

  @Test("A value beyond what a meter can hold is told, and is no bare zero")
  func valueBeyondTheMeter() async throws {
    try await Self.run(places: 6) { service in
      try await service.post(Self.event("acme", .string("1000000000000000")))
      _ = try await service.bill("2013-01")
      let invoice = try await service.invoice("acme~2013-01")
      let reasons = invoice["reasons"]?.elements?.map { $0["code"] }
      #expect(reasons?.contains("unreadable_value") == true, "\(invoice.text.prefix(500))")
      #expect(invoice["held"] == true)
    }
  }

  private static func run(
    places: Int, _ body: (TestService) async throws -> Void
  ) async throws {
    try await TestService.run { service in
      try await service.put(
        "meters/use",
        [
          "aggregation": "sum", "eventTypes": ["use"], "unit": "units", "value": "/n",
          "places": .integer(places),
        ])
      for customer in ["acme", "bird"] {
        try await service.put("customers/\(customer)", ["name": .string(customer)])
        try await service.put(
          "contracts/\(customer)",
          [
            "customer": .string(customer), "currency": "EUR", "zone": "UTC", "from": "2013-01-01",
            "clauses": [
              [
                "key": "use", "kind": "usageCharge", "meter": "use",
                "price": ["model": "perUnit", "rate": "100000"],
              ]
            ],
          ])
      }
      try await body(service)
    }
  }

  private static func event(_ customer: String, _ value: JSON) -> SampleEvent {
    SampleEvent(
      id: customer, type: "use", subject: customer, time: "2013-01-10T12:00:00Z",
      data: ["n": value])
  }
}
