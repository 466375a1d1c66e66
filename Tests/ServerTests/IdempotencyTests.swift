import Access
import Base
import Testing

@Suite("A request with an idempotency key is carried out once")
struct IdempotencyTests {
  private static let january = "acme-hours~2013-01"
  private static let payments = "invoices/\(january)/payments"
  private static let payment: JSON = [
    "amount": "20.00", "date": "2013-04-30", "reference": "bank 1",
  ]

  private static func run(_ body: (TestService) async throws -> Void) async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      _ = try await service.bill("2013-01")
      _ = try await service.finalise(january)
      try await body(service)
    }
  }

  @Test("Sent again it gets the same answer, byte for byte, and pays once")
  func replay() async throws {
    try await Self.run { service in
      let first = try await service.settle(Self.payments, Self.payment, key: "p-1")
      #expect(first["paid"] == "20.00")
      service.clock.advance(bySeconds: 60 * 86_400)
      let again = try await service.settle(Self.payments, Self.payment, key: "p-1")
      #expect(again.status == 200)
      #expect(again.bytes == first.bytes)
      try await service.settle(Self.payments, Self.payment, key: "p-2")
        .expectProblem(409, "looks_doubled", at: [])
      let payment: JSON = [
        "amount": "20.00", "date": "2013-04-30", "reference": "bank 1", "again": true,
      ]
      let other = try await service.settle(Self.payments, payment, key: "p-2")
      #expect(other["paid"] == "40.00", "another key is another payment, where somebody says so")
    }
  }

  @Test("The same key for another request, or at another address, is refused")
  func reuse() async throws {
    try await Self.run { service in
      _ = try await service.settle(Self.payments, Self.payment, key: "p-1")
      let other: JSON = ["amount": "21.00", "date": "2013-04-30", "reference": "bank 1"]
      try await service.settle(Self.payments, other, key: "p-1")
        .expectProblem(422, "idempotency_key_reused", at: [])
      try await service.settle("adjustments", Self.payment, key: "p-1")
        .expectProblem(422, "idempotency_key_reused", at: [])
      try await service.settle(Self.payments, Self.payment, key: String(repeating: "k", count: 201))
        .expectProblem(422, "invalid_value", at: [])
      #expect(try await service.invoice(Self.january)["paid"] == "20.00")
    }
  }

  @Test("A refusal is not kept: mended, the request goes through")
  func refusal() async throws {
    try await Self.run { service in
      let tooMuch: JSON = ["amount": "110.01", "date": "2013-04-30", "reference": "bank 1"]
      try await service.settle(Self.payments, tooMuch, key: "p-1").expectProblem(
        422, "invalid_value")
      #expect(try await service.settle(Self.payments, Self.payment, key: "p-1").status == 200)
    }
  }

  @Test("Twenty at once pay once; those who come meanwhile are told so, or get the answer")
  func atOnce() async throws {
    try await Self.run { service in
      let answers = try await withThrowingTaskGroup(of: Answer.self) { tasks in
        for _ in 0..<20 {
          tasks.addTask { try await service.settle(Self.payments, Self.payment, key: "p-1") }
        }
        return try await tasks.reduce(into: []) { $0.append($1) }
      }
      let paid = answers.filter { $0.status == 200 }
      #expect(Set(paid.map(\.text)).count == 1)
      for answer in answers where answer.status != 200 {
        answer.expectProblem(409, "request_in_progress", at: [])
      }
      #expect(try await service.invoice(Self.january)["paid"] == "20.00")
    }
  }

  @Test("A run, a finalisation and a credit note are answered again as well")
  func everyMoneyPost() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      let acts: [(String, JSON)] = [
        (
          "adjustments",
          [
            "contract": "acme-hours", "month": "2013-01", "kind": "goodwill", "amount": "-5.00",
            "reason": "sorry",
          ]
        ),
        ("billing-runs", ["month": "2013-01"]), ("invoices/\(Self.january)/finalise", [:]),
        ("invoices/\(Self.january)/credit-notes", ["reason": "all of it"]),
      ]
      for (path, document) in acts {
        let first = try await service.settle(path, document, key: path)
        #expect([200, 201].contains(first.status), "\(path): \(first.text)")
        let again = try await service.settle(path, document, key: path)
        #expect(again.status == first.status)
        #expect(again.bytes == first.bytes, "\(path)")
      }
      #expect(try await service.client(.finance).get("/v1/credit-notes").items.count == 1)
    }
  }
}
