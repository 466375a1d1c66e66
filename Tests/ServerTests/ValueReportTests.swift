import Access
import Base
import Testing

@Suite("Value reports")
struct ValueReportTests {
  @Test("A report tells use, money and score, and what nobody could observe")
  func report() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(
        SampleEvent(id: "1"), SampleEvent(id: "2", time: "2013-02-10T00:00:00Z"),
        SampleEvent(id: "3", time: "2013-03-10T00:00:00Z"))
      for month in ["2013-01", "2013-02"] { _ = try await service.bill(month) }
      _ = try await service.finalise("acme-hours~2013-01")
      let manager = service.client(.accountManager)
      let report = try await manager.get("/v1/customers/acme/value-report")
      #expect(report.status == 200)
      #expect(report["customer"] == "acme")
      let months = report["months"]?.elements ?? []
      #expect(months.map { $0["month"] } == ["2013-01", "2013-02", "2013-03"])
      #expect(months.map { $0["amount"] } == ["110.00", "110.00", "110.00"])
      #expect(months.map { $0["amountState"] } == ["final", "draft", "running"])
      #expect(
        months.first?["usage"] == [
          ["meter": "cycles", "value": "1", "unit": "cycles"],
          ["meter": "hours", "value": "3600", "unit": "s"],
        ])
      let score = try #require(report["valueScore"])
      #expect(score["state"] == "insufficient-evidence")
      #expect(score["score"] == nil, "missing data is never zero")
      let dimensions = score["dimensions"]?.elements ?? []
      #expect(dimensions.count == 10)
      let observed = dimensions.filter { $0["observed"] == true }
      #expect(observed.map { $0["id"] } == ["C3"])
      #expect(dimensions.allSatisfy { ($0["points"] == nil) == ($0["observed"] == false) })
    }
  }

  @Test("A contract that cannot be priced is named, with the reason, and its amount is no zero")
  func unpriced() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      guard case .object(let members) = TestService.contract("acme") else { return }
      try await service.put(
        "taxes/vat",
        ["name": "VAT", "category": "S", "rates": [["from": "2014-01-01", "rate": "0.20"]]])
      try await service.put(
        "contracts/acme-hours", .object(members + [.init("taxes", [["tax": "vat"]])]))
      let report = try await service.client(.accountManager)
        .get("/v1/customers/acme/value-report?from=2013-01&to=2013-01")
      let month = try #require(report["months"]?.elements?.first)
      #expect(month["amount"] == nil)
      let unpriced = month["unpriced"]?.elements ?? []
      #expect(unpriced.map { $0["contract"] } == ["acme-hours"])
      #expect(unpriced.first?["code"] == "unknown_reference")
      #expect(unpriced.first?["detail"] == "no rate of the tax `vat` holds on 2013-01-31")
    }
  }

  @Test("A report may be asked for some months")
  func months() async throws {
    try await TestService.run { service in
      try await service.agree()
      let manager = service.client(.accountManager)
      let empty = try await manager.get("/v1/customers/acme/value-report")
      #expect(empty["months"] == [], "nothing was used yet")
      try await service.post(SampleEvent(id: "1"))
      let path = "/v1/customers/acme/value-report"
      let wanted = try await manager.get("\(path)?from=2012-12&to=2013-02")
      #expect(
        wanted["months"]?.elements?.map { $0["month"] } == ["2012-12", "2013-01", "2013-02"])
      let before = wanted["months"]?.elements?.first
      #expect(before?["amount"] == nil, "the contract was not in force yet")
      let table = [
        ("from=2013-01", "invalid_value"), ("to=2013-01", "invalid_value"),
        ("from=2013-02&to=2013-01", "invalid_value"),
        ("from=2010-01&to=2013-01", "invalid_value"), ("from=x&to=2013-01", "invalid_value"),
        ("month=2013-01", "unknown_field"),
      ]
      for (query, code) in table {
        try await manager.get("\(path)?\(query)").expectProblem(422, code, on: path, "\(query)")
      }
      for key in ["dodo", "a%20b", "acme-hours"] {
        try await manager.get("/v1/customers/\(key)/value-report").expectProblem(404, "not_found")
      }
    }
  }
}
