import Access
import Base
import GRDB
import NIOHTTP1
import SQLite
import Server
import Services
import Testing
import TimeZones

@Suite("Billing")
struct BillingTests {
  private static let january = "acme-hours~2013-01"

  @Test("A month is drafted, drafted anew while events come in, and closed once it is over")
  func lifeOfAnInvoice() async throws {
    try await TestService.run(at: "2013-01-31T23:00:00Z") { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      let first = try #require(try await service.bill("2013-01").first)
      #expect(first["outcome"] == "drafted")
      #expect(first["invoice"] == .string(Self.january))
      #expect(first["total"] == "110.00")
      #expect(first["currency"] == "USD")
      let draft = try await service.invoice(Self.january)
      #expect(draft["status"] == "draft")
      #expect(draft["number"] == nil)

      #expect(try await service.bill("2013-01").map { $0["outcome"] } == ["unchanged"])
      #expect(try await service.invoice(Self.january).bytes == draft.bytes)

      try await service.post(SampleEvent(id: "2", time: "2013-01-20T10:00:00Z"))
      let anew = try #require(try await service.bill("2013-01").first)
      #expect(anew["outcome"] == "drafted")
      #expect(anew["total"] == "220.00")

      try await service.finalise(Self.january).expectProblem(409, "period_not_over", at: [])
      service.clock.set("2013-02-01T00:00:00Z")
      try await service.finalise(Self.january).expectProblem(409, "grace_period_open", at: [])
      service.clock.set("2013-02-06T00:00:00Z")
      let final = try await service.finalise(Self.january)
      #expect(final.status == 200)
      #expect(final["status"] == "final")
      #expect(final["number"] == "INV-000001")
      #expect(final["finalised"] == "2013-02-06T00:00:00Z")
      service.clock.advance(bySeconds: 86_400)
      #expect(try await service.finalise(Self.january).bytes == final.bytes, "once and for all")
      #expect(try await service.invoice(Self.january).bytes == final.bytes)
    }
  }

  @Test("A final invoice stays as it is; a run says what later events would change")
  func finalNeverChanges() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      _ = try await service.bill("2013-01")
      let final = try await service.finalise(Self.january)
      let document = try TestService.document(in: final)
      #expect(final["sha256"] == .string(Digest(of: document).hex), "the digest is of these bytes")
      #expect(try await service.bill("2013-01").map { $0["outcome"] } == ["final"])
      #expect(try await service.bill("2013-01").map { $0["difference"] } == [nil])

      try await service.post(SampleEvent(id: "late"))
      try await service.put("customers/acme", ["name": "Another name"])
      let run = try #require(try await service.bill("2013-01").first)
      #expect(run["outcome"] == "final")
      #expect(run["total"] == "110.00")
      #expect(run["difference"] == "110.00")
      let after = try await service.invoice(Self.january)
      #expect(try TestService.document(in: after) == document)
      #expect(after.bytes == final.bytes)
      try await Self.expectInvoiceIsKept(service, Self.january)
      #expect(try await service.invoice(Self.january).bytes == final.bytes)
    }
  }

  @Test("Invoices are numbered without a gap in the order in which they are closed")
  func numbers() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird", "crow"])
      let keys = ["2013-01", "2013-02"].flatMap { month in
        ["crow", "acme", "bird"].map { "\($0)-hours~\(month)" }
      }
      for month in ["2013-01", "2013-02"] { _ = try await service.bill(month) }
      try await service.finalise("nobody-hours~2013-01").expectProblem(404, "not_found")
      var numbers: [String] = []
      for key in keys {
        let final = try await service.finalise(key)
        numbers.append(final["number"]?.stringValue ?? "none")
        #expect(try await service.finalise(key)["number"] == final["number"])
      }
      #expect(numbers == (1...6).map { "INV-00000\($0)" })
    }
  }

  @Test("Ten who close the same invoice at once get one number")
  func finaliseAtOnce() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      _ = try await service.bill("2013-01")
      let answers = try await withThrowingTaskGroup(of: Answer.self) { tasks in
        for _ in 0..<10 { tasks.addTask { try await service.finalise(Self.january) } }
        return try await tasks.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(answers.map(\.text)).count == 1)
      #expect(answers.first?["number"] == "INV-000001")
      #expect(try await service.finalise("bird-hours~2013-01")["number"] == "INV-000002")
    }
  }

  private static func vat(from day: String) -> JSON {
    ["name": "VAT", "category": "S", "rates": [["from": .string(day), "rate": "0.20"]]]
  }

  @Test("A contract that cannot be rated is parked and says why; the others go on")
  func parked() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      try await service.post(SampleEvent(id: "1"), SampleEvent(id: "2", subject: "N2"))
      try await service.put("taxes/vat", Self.vat(from: "2014-01-01"))
      guard case .object(let members) = TestService.contract("acme") else { return }
      try await service.put(
        "contracts/acme-hours", .object(members + [.init("taxes", [["tax": "vat"]])]))
      let results = try await service.bill("2013-01")
      #expect(results.map { $0["contract"] } == ["acme-hours", "bird-hours"])
      #expect(results.map { $0["outcome"] } == ["parked", "drafted"])
      let reasons = results[0]["reasons"]?.elements ?? []
      #expect(reasons.count == 1)
      #expect(reasons.first?["code"]?.stringValue?.isEmpty == false)
      #expect(reasons.first?["detail"]?.stringValue?.isEmpty == false)
      #expect(results[0]["invoice"] == nil)
      try await service.invoice(Self.january).expectProblem(404, "not_found")

      try await service.put("taxes/vat", Self.vat(from: "2013-01-01"))
      let mended = try await service.bill("2013-01").map { $0["outcome"] }
      #expect(mended == ["drafted", "unchanged"])
    }
  }

  @Test("A run is for one customer where it is asked to, and refuses what it does not know")
  func scopeOfARun() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      let bird = try await service.bill("2013-01", customer: "bird")
      #expect(bird.map { $0["customer"] } == ["bird"])
      #expect(try await service.bill("2012-12").isEmpty, "before the contracts")
      let finance = service.client(.finance)
      let table: [(JSON, Int, String, [String])] = [
        (["month": "2013-01", "customer": "dodo"], 422, "unknown_reference", ["/customer"]),
        (["month": "2013-13"], 422, "invalid_value", ["/month"]),
        (["customer": "a b", "year": 1], 422, "missing_field", ["/month", "/customer", "/year"]),
        ([], 422, "invalid_value", []),
      ]
      for (body, status, code, pointers) in table {
        try await finance.post("/v1/billing-runs", body)
          .expectProblem(status, code, at: pointers, "\(body.text)")
      }
      try await finance.send(.POST, "/v1/billing-runs", .bytes([]), type: "application/json")
        .expectProblem(400, "malformed_json")
      try await finance.send(.POST, "/v1/billing-runs", .bytes([0x7B, 0x7D]), type: "text/csv")
        .expectProblem(415, "unsupported_media_type")
    }
  }

  @Test("Neither a final invoice nor an event can be altered, not even in SQL")
  func database() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      _ = try await service.bill("2013-01")
      _ = try await service.finalise(Self.january)
      try await Self.expectInvoiceIsKept(service, Self.january)
      let refused = [
        "UPDATE event_page SET body = x'00'", "UPDATE event_page SET received = 0",
        "UPDATE event_page SET checksum = 0", "DELETE FROM event_page",
        "UPDATE catalog_object SET document = '{}'",
      ]
      for statement in refused {
        await #expect(throws: DatabaseError.self, "\(statement)") {
          try await service.store.pool.write { try $0.execute(sql: statement) }
        }
      }
      #expect(try service.eventCount() == 1)
    }
  }

  private static func expectInvoiceIsKept(_ service: TestService, _ key: String) async throws {
    let refused = [
      "UPDATE invoice SET document = '{}' WHERE key = ?",
      "UPDATE invoice SET total = '0.00' WHERE key = ?",
      "UPDATE invoice SET status = 'draft', series = NULL, sequence = NULL, finalised = NULL "
        + "WHERE key = ?",
      "DELETE FROM invoice WHERE key = ?",
    ]
    for statement in refused {
      await #expect(throws: DatabaseError.self, "\(statement)") {
        try await service.store.pool.write {
          try $0.execute(sql: statement, arguments: [key])
        }
      }
    }
  }
}
