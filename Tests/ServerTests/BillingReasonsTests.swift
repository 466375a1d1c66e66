import Access
import Base
import Testing

/// What a run says of a period beside what it bills.
@Suite("What a run has to say")
struct BillingReasonsTests {
  /// `acme-hours 2013-03 drafted: 2013-03 still runs, until 2013-04-01` each.
  private static func said(_ run: Answer) -> [String] {
    (run["results"]?.elements ?? []).map { result in
      let words = ["contract", "month", "outcome"].map { result[$0]?.stringValue ?? "-" }
      let reasons = (result["reasons"]?.elements ?? []).map { $0["detail"]?.stringValue ?? "-" }
      return words.joined(separator: " ") + ": " + reasons.joined(separator: "; ")
    }
  }

  private static func run(_ service: TestService, _ document: JSON) async throws -> Answer {
    try await service.settled("billing-runs", document)
  }

  @Test("A period that has not begun, or still runs, says so; in a dry run too")
  func notOver() async throws {
    try await TestService.run(at: "2013-03-15T12:00:00Z") { service in
      try await service.agree()
      for month in ["2013-01", "2013-02"] {
        _ = try await service.bill(month)
        _ = try await service.finalise("acme-hours~\(month)")
      }
      #expect(
        Self.said(try await Self.run(service, ["month": "2013-03"])) == [
          "acme-hours 2013-03 drafted: 2013-03 still runs, until 2013-04-01"
        ])
      for dry in [true, false] {
        let run = try await Self.run(service, ["month": "2013-06", "dryRun": .bool(dry)])
        #expect(
          Self.said(run) == [
            "acme-hours 2013-06 drafted: 2013-06 has not begun: it is from 2013-06-01 until "
              + "2013-07-01"
          ])
      }
      let closing = try await Self.run(service, ["month": "2013-03", "finalise": true])
      #expect(
        Self.said(closing) == [
          "acme-hours 2013-03 unchanged: the period ends at 2013-04-01T00:00:00Z"
        ])
    }
  }

  @Test("A run behind months that nobody billed says so, and so does one without such a period")
  func neverBilled() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.put(
        "contracts/acme-quarter",
        [
          "customer": "acme", "currency": "USD", "zone": "UTC", "from": "2012-10-01",
          "billing": ["every": "quarter"],
          "clauses": [["key": "fee", "kind": "flatFee", "amount": "300.00"]],
        ])
      let run = try await Self.run(service, ["month": "2013-03"])
      #expect(
        Self.said(run) == ["acme-hours 2013-03 drafted: 2013-01 to 2013-02 were never billed"])
      let missing = (run["neverBilled"]?.elements ?? []).map { one in
        ["contract", "first", "last", "detail"].map { one[$0]?.stringValue ?? "-" }
          .joined(separator: " ")
      }
      #expect(
        missing == [
          "acme-hours 2013-01 2013-02 2013-01 to 2013-02 were never billed",
          "acme-quarter 2012-10 2012-10 2012-10 was never billed",
        ])
      _ = try await service.bill("2013-02")
      #expect(
        Self.said(try await Self.run(service, ["month": "2013-03"])) == [
          "acme-hours 2013-03 unchanged: 2013-01 was never billed; 2013-02 is still a draft"
        ])
      _ = try await service.bill("2013-01")
      let both = try await Self.run(service, ["month": "2013-03"])
      #expect(
        Self.said(both) == [
          "acme-hours 2013-03 unchanged: 2013-01 to 2013-02 are still drafts"
        ])
      #expect(
        (both["neverBilled"]?.elements ?? []).map { $0["draft"] } == [true, false])
      for month in ["2013-01", "2013-02"] {
        _ = try await service.finalise("acme-hours~\(month)")
      }
      #expect(
        Self.said(try await Self.run(service, ["month": "2013-03"])) == [
          "acme-hours 2013-03 unchanged: "
        ])
    }
  }

  @Test("A draft that still waits for its events is not called out")
  func inGrace() async throws {
    try await TestService.run(at: "2013-01-16T12:00:00Z") { service in
      try await service.agree()
      try await service.put(
        "contracts/mid-month",
        [
          "customer": "acme", "currency": "USD", "zone": "UTC", "from": "2013-01-01",
          "billing": ["every": "month", "anchorDay": 15],
          "clauses": [["key": "fee", "kind": "flatFee", "amount": "300.00"]],
        ])
      func said(_ month: String) async throws -> String? {
        Self.said(try await Self.run(service, ["month": .string(month)]))
          .first { $0.hasPrefix("mid-month") }
      }
      _ = try await said("2012-12")
      #expect(
        try await said("2013-01")
          == "mid-month 2013-01 drafted: 2013-01 still runs, until 2013-02-15")
      service.clock.set("2013-01-20T12:00:00Z")
      #expect(
        try await said("2013-01") == """
          mid-month 2013-01 unchanged: 2013-01 still runs, until 2013-02-15; \
          2012-12 is still a draft
          """)
    }
  }

  @Test("A month that is void and was not issued again counts as never billed")
  func void() async throws {
    try await TestService.run { service in
      try await service.agree()
      _ = try await service.bill("2013-01")
      _ = try await service.finalise("acme-hours~2013-01")
      #expect(
        Self.said(try await Self.run(service, ["month": "2013-02"])) == [
          "acme-hours 2013-02 drafted: "
        ])
      try await service.settled("invoices/acme-hours~2013-01/void", ["reason": "wrong"])
      #expect(
        Self.said(try await Self.run(service, ["month": "2013-02"])) == [
          "acme-hours 2013-02 unchanged: 2013-01 was never billed"
        ])
    }
  }

  @Test("A run that finalises says the number, the amounts and the day; one that was final too")
  func finalised() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      for outcome in ["finalised", "final"] {
        let run = try await Self.run(service, ["month": "2013-01", "finalise": true])
        let result = try #require(run["results"]?.elements?.first)
        let names = ["outcome", "number", "net", "tax", "total", "due"]
        #expect(
          names.map { result[$0]?.stringValue } == [
            outcome, "INV-000001", "110.00", "0.00", "110.00", "2013-05-30",
          ])
      }
    }
  }
}
