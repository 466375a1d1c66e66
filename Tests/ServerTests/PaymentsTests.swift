import Access
import Base
import Testing

/// Money that comes in, and what a bank or a slip takes back.
@Suite("Payments")
struct PaymentsTests {
  private static let january = "acme-hours~2013-01"
  private static let payments = "invoices/\(january)/payments"

  /// An invoice over 110.00, issued on the 30th of April 2013.
  private static func run(_ body: (TestService) async throws -> Void) async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      try await service.post(SampleEvent(id: "1"), SampleEvent(id: "2", subject: "N2"))
      _ = try await service.bill("2013-01")
      for customer in ["acme", "bird"] {
        _ = try await service.finalise("\(customer)-hours~2013-01")
      }
      service.clock.set("2013-05-10T12:00:00Z")
      try await body(service)
    }
  }

  private static func payment(
    _ amount: String, _ date: String, _ reference: String = "bank 1", again: Bool? = nil
  ) -> JSON {
    .object([
      "amount": .string(amount), "date": .string(date), "reference": .string(reference),
      "again": again.map(JSON.bool),
    ])
  }

  @Test("Nothing is paid before it was issued, nor on a day that has not come")
  func dates() async throws {
    try await Self.run { service in
      for day in ["1999-01-01", "2013-04-29"] {
        try await service.settle(Self.payments, Self.payment("10.00", day))
          .expectProblem(422, "date_before_document", at: ["/date"], "\(day)")
      }
      try await service.settle(Self.payments, Self.payment("10.00", "2013-05-11"))
        .expectProblem(422, "invalid_value", at: ["/date"])
      try await service.settled(Self.payments, Self.payment("10.00", "2013-04-30"))
      try await service.settled(Self.payments, Self.payment("20.00", "2013-05-10"))
      #expect(try await service.invoice(Self.january)["paid"] == "30.00")
    }
  }

  @Test("The same payment twice is refused, unless somebody says that it is another one")
  func doubled() async throws {
    try await Self.run { service in
      let payment = Self.payment("10.00", "2013-05-02")
      try await service.settled(Self.payments, payment)
      try await service.settle(Self.payments, payment).expectProblem(409, "looks_doubled", at: [])
      let others = [
        Self.payment("10.01", "2013-05-02"), Self.payment("10.00", "2013-05-03"),
        Self.payment("10.00", "2013-05-02", "bank 2"),
        Self.payment("10.00", "2013-05-02", again: true),
      ]
      for other in others { try await service.settled(Self.payments, other) }
      try await service.settled("invoices/bird-hours~2013-01/payments", payment)
      #expect(try await service.invoice(Self.january)["paid"] == "50.01")
    }
  }

  @Test("A payment is taken back by one of its own; what it paid is open again")
  func takenBack() async throws {
    try await Self.run { service in
      try await service.settled(Self.payments, Self.payment("60.00", "2013-05-02"))
      let second = try await service.settled(
        Self.payments, Self.payment("50.00", "2013-05-03", "bank 2"))
      #expect(second["payment"]?["number"] == 2)
      #expect(second["open"] == "0.00")
      let back = try await service.settled(
        "\(Self.payments)/2/return", ["reason": "the debit bounced", "date": "2013-05-06"])
      #expect(back["open"] == "50.00")
      #expect(back["paid"] == "60.00")
      #expect(back["payment"]?["returned"]?["date"] == "2013-05-06")
      try await service.settle("\(Self.payments)/2/return", ["reason": "again"])
        .expectProblem(409, "wrong_invoice_status", at: [])
      try await service.settle("\(Self.payments)/3/return", ["reason": "none"])
        .expectProblem(404, "not_found", at: [])
      try await service.settle("\(Self.payments)/1/return", ["reason": "x", "date": "2013-05-01"])
        .expectProblem(422, "invalid_value", at: ["/date"])
      // What was taken back is no payment any more, so the same may come again.
      try await service.settled(Self.payments, Self.payment("50.00", "2013-05-03", "bank 2"))
      #expect(
        try await service.statement(Self.january).split(separator: "\n").suffix(4) == [
          "2013-05-10 paid, 60.00, bank 1", "2013-05-10 paid, 50.00, bank 2",
          "2013-05-10 returned, 50.00, bank 2, the debit bounced",
          "2013-05-10 paid, 50.00, bank 2",
        ])
      #expect(
        try await service.ledger().suffix(4) == [
          "paid: cash 60.00, receivable -60.00", "paid: cash 50.00, receivable -50.00",
          "returned: cash -50.00, receivable 50.00", "paid: cash 50.00, receivable -50.00",
        ])
    }
  }

  @Test("The ledger keeps the day of value beside the time of entry")
  func dayOfValue() async throws {
    try await Self.run { service in
      try await service.settled(Self.payments, Self.payment("60.00", "2013-05-02"))
      try await service.settled("\(Self.payments)/1/return", ["reason": "bounced"])
      let entries = try await service.client(.finance)
        .get("/v1/ledger?invoice=\(Self.january)").items
      #expect(
        entries.map { "\($0["kind"]!.text) \($0["day"]!.text) \($0["at"]!.text)" } == [
          #""finalised" "2013-04-30" "2013-04-30T12:00:00Z""#,
          #""paid" "2013-05-02" "2013-05-10T12:00:00Z""#,
          #""returned" "2013-05-10" "2013-05-10T12:00:00Z""#,
        ])
    }
  }

  @Test("Payments are listed, and come as a table")
  func listing() async throws {
    try await Self.run { service in
      try await service.settled(Self.payments, Self.payment("60.00", "2013-05-02", "=bank 1"))
      try await service.settled("\(Self.payments)/1/return", ["reason": "bounced"])
      let finance = service.client(.finance)
      let list = try await finance.get("/v1/\(Self.payments)")
      #expect(list.items.map { $0["amount"] } == ["60.00"])
      #expect(list.items.first?["returned"]?["reason"] == "bounced")
      #expect(
        try await finance.get("/v1/\(Self.payments)?format=csv").text == """
          number,date,amount,currency,reference,at,by,returned,returnedReason\r
          1,2013-05-02,60.00,USD,'=bank 1,2013-05-10T12:00:00Z,test,2013-05-10,bounced\r

          """)
    }
  }
}
