import Access
import Base
import SQLite
import Server
import Services
import Testing
import TimeZones

@Suite("What comes late is settled by the next invoice")
struct CorrectedInvoicesTests {
  private static let january = "acme-hours~2013-01"
  private static let february = "acme-hours~2013-02"
  private static let march = "acme-hours~2013-03"

  /// January is final with one flight; then another of January, 2.5 hours, comes in.
  private static func run(_ body: (TestService) async throws -> Void) async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      _ = try await service.bill("2013-01")
      _ = try await service.finalise(january)
      try await service.post(SampleEvent(id: "late", data: ["seconds": 9000, "cycles": 1]))
      try await body(service)
    }
  }

  @Test("One event in a closed month is a linked correction with its derivation")
  func linkedCorrection() async throws {
    try await Self.run { service in
      let closed = try await service.invoice(Self.january)
      #expect(try await service.bill("2013-01").map { $0["difference"] } == ["260.00"])
      _ = try await service.bill("2013-02")
      #expect(
        try await service.lines(Self.february) == [
          "engines/hours 0.00", "engines/cycles 0.00",
          "correction/\(Self.january)/engines/hours 250.00",
          "correction/\(Self.january)/engines/cycles 10.00",
        ])
      let draft = try await service.invoice(Self.february)
      let line = try #require(draft["document"]?["lines"]?.elements?[2])
      #expect(line["stage"] == "correction")
      #expect(line["quantity"] == "2.5")
      #expect(
        line["corrects"]?.text == """
          {"invoice":"\(Self.january)","number":"INV-000001","line":"engines/hours",\
          "stage":"usage","month":"2013-01","billed":"100.00"}
          """)
      let steps = line["derivation"]?["steps"]?.elements ?? []
      #expect(steps.last?["formula"] == "amount = recomputed - billed")
      #expect(steps.last?["inputs"]?.text == #"{"recomputed":"350.00","billed":"100.00"}"#)
      #expect(steps.dropLast().last?["formula"] == "amount = round(hours * R * S)")
      #expect(line["evidence"]?.elements?.first?["events"] == 2)

      _ = try await service.finalise(Self.february)
      #expect(try await service.invoice(Self.january).bytes == closed.bytes)
      #expect(try await service.bill("2013-01").map { $0["difference"] } == [nil])
      _ = try await service.bill("2013-03")
      #expect(try await service.lines(Self.march) == ["engines/hours 0.00", "engines/cycles 0.00"])
      #expect(
        try await service.ledger() == [
          "finalised: receivable 110.00, revenue.usage -110.00",
          "finalised: receivable 260.00, revenue.correction -260.00",
        ])
    }
  }

  @Test("A draft follows what comes in; an event taken back is the exact reverse")
  func liveDraft() async throws {
    try await Self.run { service in
      let hours = "correction/\(Self.january)/engines/hours"
      _ = try await service.bill("2013-02")
      #expect(try await service.lines(Self.february).contains("\(hours) 250.00"))
      try await service.post(SampleEvent(id: "later", data: ["seconds": 360, "cycles": 0]))
      _ = try await service.bill("2013-02")
      #expect(try await service.lines(Self.february).contains("\(hours) 260.00"))
      _ = try await service.finalise(Self.february)
      for id in ["late", "later"] {
        try await service.post(
          SampleEvent(
            id: "take back \(id)", source: "/desk", type: "usance.correction", subject: nil,
            time: "2013-03-10T00:00:00Z",
            data: ["corrects": ["source": "/fleet", "id": .string(id)], "retract": true]))
      }
      _ = try await service.bill("2013-03")
      #expect(
        try await service.lines(Self.march) == [
          "engines/hours 0.00", "engines/cycles 0.00", "\(hours) -260.00",
          "correction/\(Self.january)/engines/cycles -10.00",
        ])
    }
  }

  @Test("A later month that is closed first leaves a correction to the earliest that is open")
  func closedFirst() async throws {
    try await Self.run { service in
      _ = try await service.bill("2013-02")
      _ = try await service.bill("2013-03")
      #expect(try await service.finalise(Self.march)["number"] == "INV-000002")
      #expect(try await service.lines(Self.march) == ["engines/hours 0.00", "engines/cycles 0.00"])
      #expect(try await service.finalise(Self.february)["number"] == "INV-000003")
      #expect(try await service.lines(Self.february).count == 4)
      try await service.settle("invoices/\(Self.january)/void", ["reason": "corrected"])
        .expectProblem(409, "wrong_invoice_status", at: [])
    }
  }

  @Test("A correction goes back to an invoice that is void and comes with its next issue")
  func voidCarrier() async throws {
    try await Self.run { service in
      _ = try await service.bill("2013-02")
      _ = try await service.finalise(Self.february)
      try await service.settled("invoices/\(Self.february)/void", ["reason": "wrong"])
      _ = try await service.bill("2013-03")
      #expect(try await service.lines(Self.march).count == 2)
      _ = try await service.bill("2013-02")
      #expect(try await service.lines("\(Self.february)~2").count == 4)
    }
  }

  @Test("Of several drafts the earliest carries a correction, and no other")
  func once() async throws {
    try await Self.run { service in
      for month in ["2013-03", "2013-02"] { _ = try await service.bill(month) }
      #expect(try await service.lines(Self.february).count == 4)
      #expect(try await service.lines(Self.march).count == 2)
      _ = try await service.finalise(Self.february)
      #expect(try await service.bill("2013-03").map { $0["outcome"] } == ["unchanged"])
    }
  }

  @Test("How far back is settled, the contract says")
  func bound() async throws {
    try await Self.run { service in
      guard case .object(let members) = TestService.contract("acme") else { return }
      let terms: [JSON.Member] = [
        .init("effective", "2013-03-01"), .init("invoicing", ["correctMonths": 1]),
      ]
      try await service.put("contracts/acme-hours", .object(members + terms))
      _ = try await service.bill("2013-02")
      #expect(try await service.lines(Self.february).count == 4, "the version before has no bound")
      _ = try await service.bill("2013-03")
      #expect(try await service.lines(Self.march).count == 2)
    }
  }

  private static func refused(_ service: TestService, _ key: String) async throws {
    try await service.finalise(key).expectProblem(409, "draft_outdated", at: [])
    // A run does not rate again what it has just rated: there the act itself refuses.
    let services = service.services
    let invoice = try InvoiceKey(key)
    let fault = #expect(throws: Fault.self) {
      try services.settlement.act(by: "test", at: service.clock.now) { books in
        try services.billing.finalise(invoice, justRated: true, books)
      }
    }
    #expect(fault?.code == .draftOutdated)
    #expect(try await service.invoice(key)["number"] == nil)
  }

  @Test("A draft is out of date once what it corrects was settled by another invoice")
  func settledElsewhere() async throws {
    try await Self.run { service in
      let hours = "correction/\(Self.january)/engines/hours"
      _ = try await service.bill("2013-02")
      _ = try await service.finalise(Self.february)
      try await service.post(SampleEvent(id: "later", data: ["seconds": 360, "cycles": 0]))
      _ = try await service.bill("2013-03")
      #expect(try await service.lines(Self.march).last == "\(hours) 10.00")
      // February is void: what it corrected is not settled any more, and then by another one.
      try await service.settled("invoices/\(Self.february)/void", ["reason": "wrong address"])
      try await Self.refused(service, Self.march)
      _ = try await service.bill("2013-02")
      #expect(try await service.lines("\(Self.february)~2").contains("\(hours) 260.00"))
      #expect(try await service.finalise("\(Self.february)~2").status == 200)
      try await Self.refused(service, Self.march)
      _ = try await service.bill("2013-03")
      #expect(try await service.lines(Self.march) == ["engines/hours 0.00", "engines/cycles 0.00"])
      #expect(try await service.finalise(Self.march).status == 200)
    }
  }

  @Test("A draft is out of date once what it corrects is void")
  func correctedIsVoid() async throws {
    try await Self.run { service in
      _ = try await service.bill("2013-02")
      #expect(try await service.lines(Self.february).count == 4)
      try await service.settled("invoices/\(Self.january)/void", ["reason": "wrong address"])
      try await Self.refused(service, Self.february)
      _ = try await service.bill("2013-02")
      #expect(
        try await service.lines(Self.february) == ["engines/hours 0.00", "engines/cycles 0.00"])
    }
  }

  @Test("Goodwill is a line of its month, and a draft without it is not closed")
  func goodwill() async throws {
    try await Self.run { service in
      func adjust(_ month: String, _ amount: String) async throws -> Answer {
        try await service.settle(
          "adjustments",
          [
            "contract": "acme-hours", "month": .string(month), "kind": "goodwill",
            "amount": .string(amount), "reason": "a late engine",
          ])
      }
      try await adjust("2013-01", "-5.00").expectProblem(409, "invoice_final", at: ["/month"])
      try await adjust("2012-12", "-5.00")
        .expectProblem(422, "unknown_reference", at: ["/contract"])
      try await adjust("2013-02", "-5.001").expectProblem(422, "invalid_value", at: ["/amount"])
      _ = try await service.bill("2013-02")
      #expect(try await adjust("2013-02", "-45.00")["number"] == 1)
      try await service.finalise(Self.february).expectProblem(409, "draft_outdated", at: [])
      _ = try await service.bill("2013-02")
      #expect(try await service.lines(Self.february)[2] == "goodwill/1 -45.00")
      _ = try await service.finalise(Self.february)
      #expect(
        try await service.ledger().last
          == "finalised: credits 45.00, receivable 215.00, revenue.correction -260.00")
    }
  }
}
