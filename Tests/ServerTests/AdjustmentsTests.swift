import Access
import Base
import Testing

/// Goodwill that was agreed on, and thought better of.
@Suite("Adjustments")
struct AdjustmentsTests {
  private static let january = "acme-hours~2013-01"

  private static func goodwill(_ amount: String, month: String = "2013-01") -> JSON {
    [
      "contract": "acme-hours", "month": .string(month), "kind": "goodwill",
      "amount": .string(amount), "reason": "a late engine",
    ]
  }

  @Test("One is taken back before the invoice is final; the list keeps both acts")
  func takenBack() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      try await service.settled("adjustments", Self.goodwill("-20.00"))
      try await service.settled("adjustments", Self.goodwill("-5.00"))
      _ = try await service.bill("2013-01")
      #expect(
        try await service.lines(Self.january).suffix(2) == [
          "goodwill/1 -20.00", "goodwill/2 -5.00",
        ])
      let back = try await service.settled("adjustments/1/withdrawal", ["reason": "wrong engine"])
      #expect(back["withdrawn"]?["reason"] == "wrong engine")
      try await service.settle("adjustments/1/withdrawal", ["reason": "again"])
        .expectProblem(409, "wrong_invoice_status", at: [])
      try await service.settle("adjustments/9/withdrawal", ["reason": "none"])
        .expectProblem(404, "not_found", at: [])
      try await service.finalise(Self.january).expectProblem(409, "draft_outdated", at: [])
      _ = try await service.bill("2013-01")
      #expect(
        try await service.lines(Self.january) == [
          "engines/hours 100.00", "engines/cycles 10.00", "goodwill/2 -5.00",
        ])
      _ = try await service.finalise(Self.january)
      try await service.settle("adjustments/2/withdrawal", ["reason": "too late"])
        .expectProblem(409, "invoice_final", at: ["/month"])
    }
  }

  @Test("More goodwill than there is holds the draft, and says what it would come to")
  func belowZero() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      try await service.settled("adjustments", Self.goodwill("-110.00"))
      let run = try await service.bill("2013-01")
      #expect(run.first?["held"] != true, "all there is may be given")
      try await service.settled("adjustments", Self.goodwill("-0.01"))
      let held = try #require(try await service.bill("2013-01").first)
      #expect(held["reasons"]?.elements?.map { $0["code"] } == ["goodwill_below_zero"])
      #expect(
        held["reasons"]?.elements?.first?["detail"] == """
          goodwill of 110.01 USD is more than there is to take it off: without it the invoice \
          comes to 110.00 USD before tax, with it to -0.01 USD
          """)
      try await service.finaliseAsItIs(Self.january).expectProblem(409, "invoice_held", at: [])
      try await service.settled("invoices/\(Self.january)/release", ["reason": "it is meant so"])
      #expect(try await service.finalise(Self.january)["number"] == "CN-000001")
    }
  }

  @Test("They are listed by contract and month, and come as a table")
  func listing() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.settled("adjustments", Self.goodwill("-20.00"))
      try await service.settled("adjustments", Self.goodwill("-5.00", month: "2013-02"))
      try await service.settled("adjustments/2/withdrawal", ["reason": "no"])
      let finance = service.client(.finance)
      let list = try await finance.everything(in: "/v1/adjustments?limit=1")
      #expect(list.map { $0["amount"] } == ["-20.00", "-5.00"])
      #expect(list.map { $0["withdrawn"]?["by"] } == [nil, "test"])
      #expect(
        try await finance.get("/v1/adjustments?month=2013-02").items.map { $0["number"] } == [2])
      #expect(try await finance.get("/v1/adjustments?contract=other").items.isEmpty)
      #expect(
        try await finance.get("/v1/adjustments?format=csv&month=2013-02").text == """
          number,contract,month,kind,clause,currency,amount,reason,at,by,withdrawn,withdrawnReason\r
          2,acme-hours,2013-02,goodwill,,USD,-5.00,a late engine,2013-04-30T12:00:00Z,test,\
          2013-04-30T12:00:00Z,no\r

          """)
    }
  }
}
