import Base
import Testing

/// A contract may say that what a document owes to the customer waits for the next one.
@Suite("Documents by which the customer is owed, carried on")
struct CarriedInvoicesTests {
  private static let january = "acme-hours~2013-01"
  private static let february = "acme-hours~2013-02"

  /// 10.00 a start and 20 % of tax, from January to March; 300.00 of goodwill in January.
  private static func run(_ body: (TestService) async throws -> Void) async throws {
    try await TestService.run(at: "2013-02-07T12:00:00Z") { service in
      try await service.agree()
      try await service.put(
        "taxes/vat",
        ["name": "VAT", "category": "S", "rates": [["from": "2010-01-01", "rate": "0.20"]]])
      try await service.put(
        "contracts/acme-hours",
        [
          "customer": "acme", "currency": "USD", "zone": "UTC", "from": "2013-01-01",
          "until": "2013-04-01", "taxes": [["tax": "vat"]], "invoicing": ["carryNegative": true],
          // February's ten starts would hold its draft beside January's one.
          "review": ["jump": "0"],
          "clauses": [
            [
              "key": "starts", "kind": "usageCharge", "meter": "cycles",
              "price": ["model": "perUnit", "rate": "10.00"],
            ]
          ],
        ])
      try await service.post(SampleEvent(id: "1"))
      try await service.settled(
        "adjustments",
        [
          "contract": "acme-hours", "month": "2013-01", "kind": "goodwill", "amount": "-300.00",
          "reason": "a late engine",
        ])
      try await body(service)
    }
  }

  private static func close(_ month: String, _ service: TestService) async throws -> [String] {
    let months = ["2013-01": "2013-02", "2013-02": "2013-03", "2013-03": "2013-04"]
    service.clock.set("\(months[month]!)-07T12:00:00Z")
    let run: JSON = ["customer": "acme", "month": .string(month), "finalise": true]
    try await service.settled("billing-runs", run)
    return try await service.lines("acme-hours~\(month)")
  }

  @Test("Each leaves to the next what it owes; the last one is a credit note")
  func untilTheEnd() async throws {
    try await Self.run { service in
      #expect(
        try await Self.close("2013-01", service) == [
          "starts 10.00", "goodwill/1 -300.00", "document/carried 348.00",
        ])
      let january = try await service.invoice(Self.january)
      let sums = ["net", "tax", "carried", "total"].map {
        january["document"]?[$0]?.stringValue
      }
      #expect(sums == ["-290.00", "-58.00", "348.00", "0.00"])
      try await service.post(
        SampleEvent(id: "2", time: "2013-02-05T10:00:00Z", data: ["seconds": 60, "cycles": 10]))
      #expect(
        try await Self.close("2013-02", service) == [
          "starts 100.00", "correction/\(Self.january)/document/carried -348.00",
          "document/carried 228.00",
        ])
      #expect(
        try await Self.close("2013-03", service) == [
          "starts 0.00", "correction/\(Self.february)/document/carried -228.00",
        ])
      let march = try await service.invoice("acme-hours~2013-03")
      #expect(march["number"] == "CN-000001")
      #expect(march["total"] == "-228.00")
      let ledger = try await service.balances()
      #expect(ledger.contains("carried 0.00"))
      #expect(ledger.contains("receivable -228.00"))
    }
  }

  @Test("What is carried is neither credited nor taken back under the next document")
  func restsOnIt() async throws {
    try await Self.run { service in
      _ = try await Self.close("2013-01", service)
      _ = try await Self.close("2013-02", service)
      let void = try await service.settle("invoices/\(Self.january)/void", ["reason": "wrong"])
      #expect(void["code"] == "wrong_invoice_status")
      let credit = try await service.settle(
        "invoices/\(Self.january)/credit-notes",
        ["reason": "wrong", "lines": [["line": "document/carried", "amount": "348.00"]]])
      #expect(credit.status == 422)
      try await service.settled("invoices/\(Self.february)/void", ["reason": "again"])
      #expect(
        try await Self.close("2013-02", service) == [
          "starts 0.00", "correction/\(Self.january)/document/carried -348.00",
          "document/carried 348.00",
        ])
      let whole = try await service.settle(
        "invoices/\(Self.january)/credit-notes", ["reason": "for nothing"])
      #expect(whole["code"] == "wrong_invoice_status", "the goodwill left nothing of the starts")
    }
  }
}
