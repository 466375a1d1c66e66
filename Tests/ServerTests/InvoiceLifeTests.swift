import Access
import Base
import Testing

/// From the number to the last cent: what finance does with an invoice once it is closed.
@Suite("The life of an invoice")
struct InvoiceLifeTests {
  private static let january = "acme-hours~2013-01"

  /// An invoice over 110.00, closed on the 30th of April 2013.
  private static func run(
    _ contract: JSON? = nil, _ body: (TestService) async throws -> Void
  ) async throws {
    try await TestService.run { service in
      try await service.agree()
      if let contract { try await service.put("contracts/acme-hours", contract) }
      try await service.post(SampleEvent(id: "1"))
      _ = try await service.bill("2013-01")
      #expect(try await service.finalise(january)["number"] == "INV-000001")
      try await body(service)
    }
  }

  /// `status number total, paid, credited, disputed, open`, and whether it is overdue.
  private static func standing(_ service: TestService) async throws -> String {
    let invoice = try await service.invoice(january)
    let names = ["status", "number", "total", "paid", "credited", "disputed", "open"]
    let words = names.map { invoice[$0]?.stringValue ?? "-" }
    return words.joined(separator: " ") + (invoice["overdue"] == true ? " overdue" : "")
  }

  @Test("Payments bring down what is open, until it is paid; never below")
  func payments() async throws {
    try await Self.run { service in
      let invoice = try await service.invoice(Self.january)
      #expect(invoice["due"] == "2013-05-30", "thirty days where nothing is agreed")
      let path = "invoices/\(Self.january)/payments"
      service.clock.set("2013-05-02T12:00:00Z")
      let first: JSON = ["amount": "60.00", "date": "2013-05-02", "reference": "bank 1"]
      try await service.settled(path, first)
      #expect(
        try await Self.standing(service) == "final INV-000001 110.00 60.00 0.00 0.00 50.00")
      service.clock.set("2013-05-31T00:00:00Z")
      #expect(
        try await Self.standing(service) == "final INV-000001 110.00 60.00 0.00 0.00 50.00 overdue")
      for (amount, code) in [
        ("50.01", "invalid_value"), ("-1.00", "invalid_value"), ("0.00", "invalid_value"),
        ("1.001", "invalid_value"),
      ] {
        try await service.settle(
          path, ["amount": .string(amount), "date": "2013-05-31", "reference": "bank 2"]
        ).expectProblem(422, code, at: ["/amount"], "\(amount)")
      }
      try await service.settled(
        path, ["amount": "50.00", "date": "2013-05-31", "reference": "bank 2"])
      #expect(
        try await Self.standing(service) == "final INV-000001 110.00 110.00 0.00 0.00 0.00")
      #expect(
        try await service.ledger() == [
          "finalised: receivable 110.00, revenue.usage -110.00",
          "paid: cash 60.00, receivable -60.00", "paid: cash 50.00, receivable -50.00",
        ])
    }
  }

  @Test("Who did what, when and why is kept")
  func history() async throws {
    try await Self.run { service in
      try await service.settled(
        "invoices/\(Self.january)/disputes",
        ["line": "engines/cycles", "reason": "we flew once"])
      service.clock.advance(bySeconds: 3600)
      try await service.settled(
        "invoices/\(Self.january)/dispute-resolutions",
        ["line": "engines/cycles", "resolution": "credited", "reason": "so you did"])
      let events = try await service.client(.finance).get("/v1/invoices/\(Self.january)/events")
      let rows = events.items.map { event in
        ["at", "by", "kind", "amount", "line", "reference", "day", "reason"].map {
          event[$0]?.stringValue ?? "-"
        }.joined(separator: " | ")
      }
      #expect(
        rows == [
          "2013-04-30T12:00:00Z | test | drafted | 110.00 | - | - | - | billing run of 2013-01",
          "2013-04-30T12:00:00Z | test | finalised | 110.00 | - | INV-000001 | 2013-05-30 | -",
          "2013-04-30T12:00:00Z | test | disputed | 10.00 | engines/cycles | - | - | we flew once",
          "2013-04-30T13:00:00Z | test | credited | 10.00 | - | CN-000001 | - | so you did",
          "2013-04-30T13:00:00Z | test | resolved | 10.00 | engines/cycles | - | - | so you did",
        ])
    }
  }

  @Test("A line in dispute holds its amount until it is upheld or credited")
  func disputes() async throws {
    try await Self.run { service in
      let (disputes, resolutions) = (
        "invoices/\(Self.january)/disputes", "invoices/\(Self.january)/dispute-resolutions"
      )
      service.clock.set("2013-06-01T00:00:00Z")
      let dispute: JSON = ["line": "engines/hours", "reason": "not ours"]
      let upheld: JSON = ["line": "engines/hours", "resolution": "upheld", "reason": "it is"]
      try await service.settled(disputes, dispute)
      #expect(
        try await Self.standing(service)
          == "final INV-000001 110.00 0.00 0.00 100.00 110.00 overdue", "10.00 is not disputed")
      try await service.settle(disputes, dispute)
        .expectProblem(409, "wrong_invoice_status", at: ["/line"])
      try await service.settled(
        "invoices/\(Self.january)/payments",
        ["amount": "10.00", "date": "2013-06-01", "reference": "cycles"])
      #expect(
        try await Self.standing(service) == "final INV-000001 110.00 10.00 0.00 100.00 100.00")
      try await service.settled(resolutions, upheld)
      #expect(
        try await Self.standing(service)
          == "final INV-000001 110.00 10.00 0.00 0.00 100.00 overdue")
      try await service.settle(resolutions, upheld)
        .expectProblem(409, "wrong_invoice_status", at: ["/line"])
      try await service.settle(disputes, ["line": "engines/wings", "reason": "none"])
        .expectProblem(422, "unknown_reference", at: ["/line"])
    }
  }

  @Test("Credit notes have numbers of their own and take back no more than was billed")
  func creditNotes() async throws {
    try await Self.run { service in
      let path = "invoices/\(Self.january)/credit-notes"
      let part: JSON = [
        "reason": "half an hour", "lines": [["line": "engines/hours", "amount": "50.00"]],
      ]
      let note = try await service.settled(path, part)
      #expect(note["number"] == "CN-000001")
      #expect(note["total"] == "-50.00")
      #expect(
        try await Self.standing(service) == "final INV-000001 110.00 0.00 50.00 0.00 60.00")
      try await service.settle(
        path, ["reason": "more", "lines": [["line": "engines/hours", "amount": "50.01"]]]
      ).expectProblem(422, "invalid_value", at: ["/lines/0/amount"])
      let rest = try await service.settled(path, ["reason": "the rest"])
      #expect(rest["number"] == "CN-000002", "a refusal uses up no number")
      #expect(rest["total"] == "-60.00")
      #expect(
        try await Self.standing(service) == "final INV-000001 110.00 0.00 110.00 0.00 0.00")
      try await service.settle(path, ["reason": "again"])
        .expectProblem(409, "wrong_invoice_status", at: [])
      try await service.settle("invoices/\(Self.january)/void", ["reason": "late"])
        .expectProblem(409, "wrong_invoice_status", at: [])
      let list = try await service.client(.finance)
        .everything(in: "/v1/credit-notes?invoice=\(Self.january)&limit=1")
      #expect(list.map { $0["total"] } == ["-50.00", "-60.00"])
      #expect(
        try await service.ledger() == [
          "finalised: receivable 110.00, revenue.usage -110.00",
          "credited: receivable -50.00, revenue.usage 50.00",
          "credited: receivable -60.00, revenue.usage 60.00",
        ])
    }
  }

  @Test("A void invoice keeps its number; the month is issued again under the next")
  func voidAndReissue() async throws {
    try await Self.run { service in
      let before = try TestService.document(in: await service.invoice(Self.january))
      try await service.settled("invoices/\(Self.january)/void", ["reason": "wrong address"])
      #expect(try await Self.standing(service).hasPrefix("void INV-000001 110.00"))
      let run = try #require(try await service.bill("2013-01").first)
      #expect(run["outcome"] == "drafted")
      #expect(run["invoice"] == "acme-hours~2013-01~2")
      let second = try await service.finalise("acme-hours~2013-01~2")
      #expect(second["number"] == "INV-000002")
      #expect(try TestService.document(in: await service.invoice(Self.january)) == before)
      #expect(try await service.bill("2013-01").map { $0["outcome"] } == ["final"])
      try await service.settle("invoices/\(Self.january)/void", ["reason": "twice"])
        .expectProblem(409, "wrong_invoice_status", at: [])
      try await service.finalise(Self.january).expectProblem(409, "wrong_invoice_status", at: [])
      #expect(
        try await service.ledger() == [
          "finalised: receivable 110.00, revenue.usage -110.00",
          "voided: receivable -110.00, revenue.usage 110.00",
          "finalised: receivable 110.00, revenue.usage -110.00",
        ])
    }
  }

  @Test("The contract says how long events may come in, and when an invoice is due")
  func terms() async throws {
    guard case .object(let members) = TestService.contract("acme") else { return }
    let contract: JSON = .object(
      members + [.init("invoicing", ["finaliseAfter": 90, "paymentDays": 14])])
    try await TestService.run(at: "2013-04-30T12:00:00Z") { service in
      try await service.agree()
      try await service.put("contracts/acme-hours", contract)
      _ = try await service.bill("2013-01")
      try await service.finalise(Self.january).expectProblem(409, "grace_period_open", at: [])
      let run = try await service.client(.finance).post(
        "/v1/billing-runs", ["month": "2013-01", "finalise": true])
      let result = try #require(run["results"]?.elements?.first)
      #expect(result["outcome"] == "unchanged")
      #expect(result["reasons"]?.elements?.first?["code"] == "grace_period_open")
      let early = try await service.settle(
        "invoices/\(Self.january)/finalise", ["early": true, "reason": "the customer asked"])
      #expect(early["status"] == "final")
      #expect(early["due"] == "2013-05-14")
    }
  }

  @Test("What is not final has nothing to pay, to dispute or to take back")
  func drafts() async throws {
    try await TestService.run { service in
      try await service.agree()
      _ = try await service.bill("2013-01")
      let acts: [(String, JSON)] = [
        ("void", ["reason": "x"]), ("credit-notes", ["reason": "x"]),
        ("payments", ["amount": "1.00", "date": "2013-01-01", "reference": "x"]),
        ("disputes", ["line": "engines/hours", "reason": "x"]),
        (
          "dispute-resolutions",
          ["line": "engines/hours", "resolution": "upheld", "reason": "x"]
        ),
      ]
      for (act, document) in acts {
        try await service.settle("invoices/\(Self.january)/\(act)", document)
          .expectProblem(409, "wrong_invoice_status", at: [], "\(act)")
        try await service.settle("invoices/nobody~2013-01/\(act)", document)
          .expectProblem(404, "not_found", at: [], "\(act)")
        try await service.settle("invoices/\(Self.january)/\(act)", ["wrong": 1])
          .expectProblem(422, "missing_field", "\(act)")
      }
      #expect(try await service.ledger() == [])
    }
  }
}
