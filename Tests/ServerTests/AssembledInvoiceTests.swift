import Access
import Base
import TestSupport
import Testing

/// Domain rule G10: one invoice with everything on it, to the cent, through the whole service.
@Suite("An invoice with everything on it")
struct AssembledInvoiceTests {
  @Test("Flights, tickets, tasks, goodwill and a late flight of March come to 124,139.60")
  func theWorkedExample() async throws {
    try await TestService.run(at: "2026-04-06T00:00:00Z") { service in
      try await Self.agree(service)
      try await Self.post(AssembledInvoice.march, service)
      _ = try await service.bill("2026-03")
      try #require(try await service.finalise("pbh~2026-03")["number"] == "INV-000001")

      service.clock.set("2026-05-06T00:00:00Z")
      try await Self.post([AssembledInvoice.lateFlight] + AssembledInvoice.april, service)
      try await service.settled(
        "adjustments",
        [
          "contract": "pbh", "month": "2026-04", "kind": "goodwill", "amount": "-450.00",
          "reason": "a late engine",
        ])
      _ = try await service.bill("2026-04")
      let invoice = try await service.finalise("pbh~2026-04")
      let document = try #require(invoice["document"])
      #expect(try Self.text(document) == Self.expected)
      #expect(
        try Self.stages(document) == """
          usage         135,533.35
          availability  -13,553.34
          holdback      -10,842.67
          coCreation     -7,727.67
          goodwill         -450.00
          correction        490.00
          """)
      let correction = try #require(document["lines"]?.elements?.last)
      #expect(correction["quantity"] == "2.5")
      #expect(
        correction["derivation"]?["steps"]?.elements?.last?["inputs"]?.text
          == #"{"recomputed":"20089.84","billed":"19599.84"}"#)
      #expect(try InvoiceInvariants.complaints(about: document) == [])
    }
  }

  private static let expected = """
    Hours in use, adjusted for severity                                 120,063.35
    Cycles                                                               15,470.00
    Availability guarantee                                              -13,553.34
    Holdback, retained                                                  -10,842.67
    Borescope inspection                                                 -3,800.00
    Failure report                                                       -1,250.00
    Data sharing                                                           -677.67
    Referral                                                             -2,000.00
    Goodwill: a late engine                                                -450.00
    Correction of 2026-03, INV-000001: Hours in use, adjusted for severity  490.00
    net                                                                 103,449.67
    VAT 0.20 on 103,449.67                                               20,689.93
    due                                                                 124,139.60
    """

  private static func agree(_ service: TestService) async throws {
    for fromAprilOn in [false, true] {
      let answer = try await service.client(.operator).post(
        "/v1/catalog", AssembledInvoice.catalog(fromAprilOn: fromAprilOn))
      try #require(answer.status == 200, "\(answer.text)")
    }
  }

  private static func post(_ events: [SampleEvent], _ service: TestService) async throws {
    let answer = try await service.client(.device).post(events: events)
    try #require(answer["accepted"] == .integer(events.count), "\(answer.text)")
  }

  private static func text(_ document: JSON) throws -> String {
    let lines = (document["lines"]?.elements ?? []).map { ($0["description"], $0["amount"]) }
    let taxes = try (document["taxes"]?.elements ?? []).map { tax in
      let base = try Fixed(tax["base"]?.stringValue ?? "").grouped
      let name = "\(tax["name"]?.stringValue ?? "") \(tax["rate"]?.stringValue ?? "") on \(base)"
      return (JSON?.some(.string(name)), tax["amount"])
    }
    return try table(
      lines + [("net", document["net"])] + taxes + [("due", document["total"])])
  }

  /// What each stage of the run comes to.
  private static func stages(_ document: JSON) throws -> String {
    var sums: [(stage: String, sum: Ratio)] = []
    for line in document["lines"]?.elements ?? [] {
      let stage = line["stage"]?.stringValue ?? ""
      let amount = try Fixed(line["amount"]?.stringValue ?? "").ratio
      if sums.last?.stage == stage {
        sums[sums.count - 1].sum = try sums[sums.count - 1].sum + amount
      } else {
        sums.append((stage, amount))
      }
    }
    return try table(
      sums.map { (.string($0.stage), .string(try $0.sum.rounded(to: 2).description)) })
  }

  /// Words to the left, amounts to the right.
  private static func table(_ rows: [(words: JSON?, amount: JSON?)]) throws -> String {
    let cells = try rows.map { row in
      (row.words?.stringValue ?? "-", try Fixed(row.amount?.stringValue ?? "").grouped)
    }
    let width = (cells.map { $0.0.count + $0.1.count }.max() ?? 0) + 2
    return cells.map { words, amount in
      words + String(repeating: " ", count: width - words.count - amount.count) + amount
    }.joined(separator: "\n")
  }
}
