import Access
import Base
import Testing

/// Every path of an invoice through its life, as finance reads it: the document, what happened to
/// it, and the ledger.
@Suite("The paths of an invoice, word for word")
struct SettlementPathsTests {
  private static let january = "acme-hours~2013-01"
  private static let february = "acme-hours~2013-02"

  /// January is over, with one flight of an hour: 110.00.
  private static func run(
    at now: String = "2013-02-07T12:00:00Z", _ body: (TestService) async throws -> Void
  ) async throws {
    try await TestService.run(at: now) { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      try await body(service)
    }
  }

  @Test("Draft, grace window, final, overdue, paid in parts")
  func fromDraftToPaid() async throws {
    try await Self.run(at: "2013-01-20T12:00:00Z") { service in
      _ = try await service.bill("2013-01")
      service.clock.set("2013-01-25T12:00:00Z")
      try await service.post(SampleEvent(id: "2", time: "2013-01-24T10:00:00Z"))
      _ = try await service.bill("2013-01")
      #expect(
        try await service.statement(Self.january) == """
          -, draft
            engines/hours   200.00
            engines/cycles   20.00
            total           220.00
          2013-01-20 drafted, 110.00, billing run of 2013-01
          2013-01-25 drafted, 220.00, billing run of 2013-01
          """)
      service.clock.set("2013-02-05T12:00:00Z")
      #expect(try await service.close(asOf: "2013-02-01") == ["draft 2013-01 220.00"])
      service.clock.set("2013-02-06T12:00:00Z")
      #expect(try await service.close(asOf: "2013-02-01") == ["INV-000001 2013-01 220.00"])
      let payments = "invoices/\(Self.january)/payments"
      service.clock.set("2013-02-20T12:00:00Z")
      try await service.settled(
        payments, ["amount": "100.00", "date": "2013-02-20", "reference": "bank 1"])
      service.clock.set("2013-03-10T12:00:00Z")
      #expect(
        try await service.statement(Self.january).split(separator: "\n").first == """
          INV-000001, final, due 2013-03-08, paid 100.00, credited 0.00, in dispute 0.00, \
          open 120.00, overdue
          """)
      try await service.settled(
        payments, ["amount": "120.00", "date": "2013-03-10", "reference": "bank 2"])
      #expect(
        try await service.statement(Self.january) == """
          INV-000001, final, due 2013-03-08, paid 220.00, credited 0.00, in dispute 0.00, \
          open 0.00
            engines/hours   200.00
            engines/cycles   20.00
            total           220.00
          2013-01-20 drafted, 110.00, billing run of 2013-01
          2013-01-25 drafted, 220.00, billing run of 2013-01
          2013-02-06 finalised, 220.00, INV-000001
          2013-02-20 paid, 100.00, bank 1
          2013-03-10 paid, 120.00, bank 2
          """)
      #expect(
        try await service.balances() == ["cash 220.00", "receivable 0.00", "revenue.usage -220.00"])
    }
  }

  @Test("Void, and issued again under the next number")
  func voidAndReissue() async throws {
    try await Self.run { service in
      try await service.close(asOf: "2013-02-01")
      try await service.settled("invoices/\(Self.january)/void", ["reason": "wrong address"])
      try await service.put("customers/acme", ["name": "Acme, 2 New Street"])
      #expect(try await service.close(asOf: "2013-02-01") == ["INV-000002 2013-01 110.00"])
      #expect(
        try await service.statement(Self.january).split(separator: "\n").suffix(3).joined(
          separator: "\n") == """
            2013-02-07 drafted, 110.00, billing run as of 2013-02-01
            2013-02-07 finalised, 110.00, INV-000001
            2013-02-07 voided, 110.00, INV-000001, wrong address
            """)
      #expect(
        try await service.statement("\(Self.january)~2") == """
          INV-000002, final, due 2013-03-09, paid 0.00, credited 0.00, in dispute 0.00, \
          open 110.00
            engines/hours   100.00
            engines/cycles   10.00
            total           110.00
          2013-02-07 drafted, 110.00, billing run as of 2013-02-01
          2013-02-07 finalised, 110.00, INV-000002
          """)
      #expect(
        try await service.ledger() == [
          "finalised: receivable 110.00, revenue.usage -110.00",
          "voided: receivable -110.00, revenue.usage 110.00",
          "finalised: receivable 110.00, revenue.usage -110.00",
        ])
    }
  }

  @Test("Credited in part, then whole")
  func creditNotes() async throws {
    try await Self.run { service in
      try await service.close(asOf: "2013-02-01")
      let path = "invoices/\(Self.january)/credit-notes"
      try await service.settled(
        path,
        ["reason": "half an hour", "lines": [["line": "engines/hours", "amount": "50.00"]]])
      try await service.settled(path, ["reason": "the rest"])
      #expect(
        try await service.statement(Self.january) == """
          INV-000001, final, due 2013-03-09, paid 0.00, credited 110.00, in dispute 0.00, \
          open 0.00
            engines/hours   100.00
            engines/cycles   10.00
            total           110.00
          2013-02-07 drafted, 110.00, billing run as of 2013-02-01
          2013-02-07 finalised, 110.00, INV-000001
          2013-02-07 credited, 50.00, CN-000001, half an hour
          2013-02-07 credited, 60.00, CN-000002, the rest
          """)
      #expect(try await service.balances() == ["receivable 0.00", "revenue.usage 0.00"])
    }
  }

  @Test("One line disputed and upheld, another disputed and credited")
  func disputes() async throws {
    try await Self.run { service in
      try await service.close(asOf: "2013-02-01")
      let (disputes, resolutions) = (
        "invoices/\(Self.january)/disputes", "invoices/\(Self.january)/dispute-resolutions"
      )
      for line in ["engines/hours", "engines/cycles"] {
        try await service.settled(disputes, ["line": .string(line), "reason": "not ours"])
      }
      service.clock.set("2013-04-01T12:00:00Z")
      #expect(
        try await service.statement(Self.january).split(separator: "\n").first == """
          INV-000001, final, due 2013-03-09, paid 0.00, credited 0.00, in dispute 110.00, \
          open 110.00
          """, "what is in dispute is not overdue")
      try await service.settled(
        resolutions, ["line": "engines/hours", "resolution": "upheld", "reason": "it flew"])
      try await service.settled(
        resolutions,
        ["line": "engines/cycles", "resolution": "credited", "reason": "you are right"])
      #expect(
        try await service.statement(Self.january) == """
          INV-000001, final, due 2013-03-09, paid 0.00, credited 10.00, in dispute 0.00, \
          open 100.00, overdue
            engines/hours   100.00
            engines/cycles   10.00
            total           110.00
          2013-02-07 drafted, 110.00, billing run as of 2013-02-01
          2013-02-07 finalised, 110.00, INV-000001
          2013-02-07 disputed, 100.00, engines/hours, not ours
          2013-02-07 disputed, 10.00, engines/cycles, not ours
          2013-04-01 resolved, 100.00, engines/hours, upheld, it flew
          2013-04-01 credited, 10.00, CN-000001, you are right
          2013-04-01 resolved, 10.00, engines/cycles, credited, you are right
          """)
      #expect(try await service.balances() == ["receivable 100.00", "revenue.usage -100.00"])
    }
  }

  @Test("What comes late is on the next invoice; goodwill beside it; a credit is a credit note")
  func correctionAndGoodwill() async throws {
    try await Self.run { service in
      try await service.close(asOf: "2013-02-01")
      try await service.post(SampleEvent(id: "late", data: ["seconds": 9000, "cycles": 1]))
      let goodwill: JSON = [
        "contract": "acme-hours", "month": "2013-02", "kind": "goodwill", "amount": "-300.00",
        "reason": "a late engine",
      ]
      try await service.settled("adjustments", goodwill)
      service.clock.set("2013-03-07T12:00:00Z")
      #expect(try await service.close(asOf: "2013-03-01") == ["draft 2013-02 -40.00"])
      try await service.settled("invoices/\(Self.february)/release", ["reason": "it is meant so"])
      #expect(try await service.close(asOf: "2013-03-01") == ["CN-000001 2013-02 -40.00"])
      #expect(
        try await service.statement(Self.february) == """
          CN-000001, final, due 2013-04-06, paid 0.00, credited 0.00, in dispute 0.00, \
          open -40.00
            engines/hours                                    0.00
            engines/cycles                                   0.00
            goodwill/1                                    -300.00
            correction/acme-hours~2013-01/engines/hours    250.00
            correction/acme-hours~2013-01/engines/cycles    10.00
            total                                          -40.00
          2013-03-07 drafted, -40.00, billing run as of 2013-03-01
          2013-03-07 released, -40.00, it is meant so
          2013-03-07 finalised, -40.00, CN-000001
          """)
      try await service.settled(
        "invoices/\(Self.february)/payments",
        ["amount": "-40.00", "date": "2013-03-07", "reference": "paid out"])
      #expect(
        try await service.balances() == [
          "cash -40.00", "credits 300.00", "receivable 110.00", "revenue.correction -260.00",
          "revenue.usage -110.00",
        ])
    }
  }

  @Test("A fee in advance stands where its quarter starts, one in arrears where it ends")
  func inAdvance() async throws {
    try await Self.run(at: "2013-05-07T12:00:00Z") { service in
      let fee: [JSON.Member] = [
        .init("kind", "recurringFee"), .init("every", "quarter"), .init("day", 1),
        .init("month", 1),
      ]
      try await service.put(
        "contracts/acme-hours",
        [
          "customer": "acme", "currency": "USD", "zone": "UTC", "from": "2013-01-01",
          "clauses": [
            .object(
              [.init("key", "ahead"), .init("amount", "300.00"), .init("due", "advance")] + fee),
            .object(
              [.init("key", "behind"), .init("amount", "90.00"), .init("due", "arrears")] + fee),
            [
              "key": "use", "kind": "usageCharge", "meter": "cycles",
              "price": ["model": "perUnit", "rate": "10.00"],
            ],
          ],
        ])
      try await service.close(asOf: "2013-05-01")
      var table: [String] = []
      for month in 1...4 {
        table += try await service.lines("acme-hours~2013-0\(month)").map { "2013-0\(month) \($0)" }
      }
      #expect(
        table == [
          "2013-01 ahead/2013-01-01 300.00", "2013-01 use 10.00", "2013-02 use 0.00",
          "2013-03 behind/2013-01-01 90.00", "2013-03 use 0.00",
          "2013-04 ahead/2013-04-01 300.00", "2013-04 use 0.00",
        ])
    }
  }

  @Test("The least and the most of a document, each its own line, in its own month for ever")
  func boundsOfTheDocument() async throws {
    guard case .object(let members) = TestService.contract("acme") else { return }
    let bounds: JSON = ["minimum": "500.00", "maximum": "1000.00"]
    try await Self.run { service in
      try await service.put(
        "contracts/acme-hours", .object(members + [.init("invoicing", bounds)]))
      #expect(try await service.close(asOf: "2013-02-01") == ["INV-000001 2013-01 500.00"])
      #expect(
        try await service.lines(Self.january) == [
          "engines/hours 100.00", "engines/cycles 10.00", "document/minimum 390.00",
          "document/maximum 0.00",
        ])
      // Twenty hours in February; and one more in January, which its minimum had paid for.
      try await service.post(
        SampleEvent(
          id: "2", time: "2013-02-05T10:00:00Z", data: ["seconds": 72_000, "cycles": 20]),
        SampleEvent(id: "late"))
      try await service.settled(
        "adjustments",
        [
          "contract": "acme-hours", "month": "2013-02", "kind": "goodwill", "amount": "-50.00",
          "reason": "thanks",
        ])
      service.clock.set("2013-03-07T12:00:00Z")
      #expect(try await service.close(asOf: "2013-03-01") == ["INV-000002 2013-02 950.00"])
      #expect(
        try await service.lines(Self.february) == [
          "engines/hours 2000.00", "engines/cycles 200.00", "document/minimum 0.00",
          "document/maximum -1200.00", "goodwill/1 -50.00",
          "correction/\(Self.january)/engines/hours 100.00",
          "correction/\(Self.january)/engines/cycles 10.00",
          "correction/\(Self.january)/document/minimum -110.00",
        ])
    }
  }
}
