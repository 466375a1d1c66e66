import Access
import Base
import NIOHTTP1
import Testing

/// A contract that has ended has no next invoice. What comes late is settled all the same.
@Suite("Behind the end of a contract")
struct EndedContractsTests {
  private static let january = "acme-hours~2013-01"
  private static let february = "acme-hours~2013-02"

  /// A contract of January alone, over one flight: 110.00, closed on the 7th of February.
  private static func run(
    _ billing: JSON.Member? = nil, _ body: (TestService) async throws -> Void
  ) async throws {
    guard case .object(let members) = TestService.contract("acme") else { return }
    try await TestService.run(at: "2013-02-07T12:00:00Z") { service in
      try await service.agree()
      try await service.put(
        "contracts/acme-hours",
        .object(members + [.init("until", "2013-02-01")] + (billing.map { [$0] } ?? [])))
      try await service.post(SampleEvent(id: "1"))
      #expect(try await service.close(asOf: "2013-02-01") == ["INV-000001 2013-01 110.00"])
      service.clock.set("2013-03-07T12:00:00Z")
      try await body(service)
    }
  }

  private static let late = SampleEvent(id: "late", data: ["seconds": 9000, "cycles": 1])

  private static func takeBack(_ id: String) -> SampleEvent {
    SampleEvent(
      id: "take back \(id)", source: "/desk", type: "usance.correction", subject: nil,
      time: "2013-03-01T00:00:00Z",
      data: ["corrects": ["source": "/fleet", "id": .string(id)], "retract": true])
  }

  @Test("Where nothing came late there is no document")
  func nothing() async throws {
    try await Self.run { service in
      let accruals = try await service.client(.finance).get("/v1/accruals?month=2013-02")
      #expect(accruals.items == [])
      #expect(try await service.bill("2013-02") == [])
      #expect(try await service.close(asOf: "2013-03-01") == [])
    }
  }

  @Test("A late flight is a document of the month behind the end; the last invoice stays")
  func lateFlight() async throws {
    try await Self.run { service in
      let closed = try await service.invoice(Self.january)
      try await service.post(Self.late)
      let accruals = try await service.client(.finance).get("/v1/accruals?month=2013-02")
      #expect(accruals.items.map { $0["unbilled"] } == ["260.00"])
      #expect(try await service.close(asOf: "2013-03-01") == ["INV-000002 2013-02 260.00"])
      #expect(
        try await service.statement(Self.february) == """
          INV-000002, final, due 2013-04-06, paid 0.00, credited 0.00, in dispute 0.00, \
          open 260.00
            correction/acme-hours~2013-01/engines/hours   250.00
            correction/acme-hours~2013-01/engines/cycles   10.00
            total                                         260.00
          2013-03-07 drafted, 260.00, billing run as of 2013-03-01
          2013-03-07 finalised, 260.00, INV-000002
          """)
      #expect(try await service.invoice(Self.january).bytes == closed.bytes)
      #expect(try await service.close(asOf: "2013-03-01") == [], "it is settled")
      #expect(try await service.bill("2013-02").map { $0["outcome"] } == ["final"])
      // More of it comes in: the next month carries it.
      try await service.post(SampleEvent(id: "later"))
      service.clock.set("2013-04-07T12:00:00Z")
      #expect(try await service.close(asOf: "2013-04-01") == ["INV-000003 2013-03 110.00"])
    }
  }

  @Test("A flight that is taken back is paid back, by a credit note")
  func paidBack() async throws {
    try await Self.run { service in
      try await service.post(Self.takeBack("1"))
      #expect(try await service.close(asOf: "2013-03-01") == ["CN-000001 2013-02 -110.00"])
      try await service.settled(
        "invoices/\(Self.february)/payments",
        ["amount": "-110.00", "date": "2013-03-07", "reference": "paid back"])
      #expect(
        try await service.balances() == [
          "cash -110.00", "receivable 110.00", "revenue.correction 110.00",
          "revenue.usage -110.00",
        ])
    }
  }

  @Test("A draft that has nothing left to settle is withdrawn")
  func withdrawn() async throws {
    try await Self.run { service in
      try await service.post(Self.late)
      #expect(try await service.bill("2013-02").map { $0["outcome"] } == ["drafted"])
      try await service.post(Self.takeBack("late"))
      let run = try await service.bill("2013-02")
      #expect(run.map { $0["outcome"] } == ["withdrawn"])
      #expect(run.map { $0["invoice"] } == [.string(Self.february)])
      try await service.invoice(Self.february).expectProblem(404, "not_found")
      #expect(try await service.bill("2013-02") == [])
    }
  }

  @Test("Goodwill may be agreed on behind the end as well")
  func goodwill() async throws {
    try await Self.run { service in
      try await service.settled(
        "adjustments",
        [
          "contract": "acme-hours", "month": "2013-02", "kind": "goodwill", "amount": "-25.00",
          "reason": "farewell",
        ])
      #expect(try await service.close(asOf: "2013-03-01") == ["draft 2013-02 -25.00"])
      #expect(try await service.lines(Self.february) == ["goodwill/1 -25.00"])
      try await service.settled("invoices/\(Self.february)/release", ["reason": "it is meant so"])
      #expect(try await service.close(asOf: "2013-03-01") == ["CN-000001 2013-02 -25.00"])
    }
  }

  @Test("Behind the end one document settles what there is: the draft that is there")
  func oneAtATime() async throws {
    try await Self.run { service in
      try await service.post(Self.late)
      service.clock.set("2013-04-07T12:00:00Z")
      _ = try await service.bill("2013-02")
      _ = try await service.bill("2013-03")
      let run = try await service.settled(
        "billing-runs", ["asOf": "2013-04-01", "finalise": true])
      let results = run["results"]?.elements ?? []
      #expect(
        results.map { "\($0["month"]!.stringValue!) \($0["outcome"]!.stringValue!)" }
          == ["2013-02 finalised"])
      #expect(try await service.invoice(Self.february)["number"] == "INV-000002")
      try await service.invoice("acme-hours~2013-03").expectProblem(404, "not_found")
    }
  }

  @Test("A yearly contract that ends within its year is settled in the month behind its end")
  func yearly() async throws {
    try await Self.run(.init("billing", ["every": "year"])) { service in
      try await service.post(Self.late)
      #expect(try await service.close(asOf: "2013-03-01") == ["INV-000002 2013-02 260.00"])
    }
  }
}
