import Access
import Base
import Testing

@Suite("Versions of a contract in time, and assets in its slots")
struct ContractVersionsTests {
  private static let path = "/v1/contracts/acme-hours"

  /// The sample contract with more members, or others in their place.
  private static func contract(rate: String, _ more: [(String, JSON)]) -> JSON {
    guard case .object(let members) = TestService.contract("acme", rate: rate) else { return .null }
    let names = Set(more.map(\.0))
    return .object(
      members.filter { !names.contains($0.name) } + more.map { JSON.Member($0.0, $0.1) })
  }

  @Test("A version holds from its day on; the time before keeps the one before")
  func effective() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(
        SampleEvent(id: "1"), SampleEvent(id: "2", time: "2013-02-05T10:00:00Z"),
        SampleEvent(id: "3", time: "2013-03-05T10:00:00Z"))
      try await service.put(
        "contracts/acme-hours", Self.contract(rate: "200.00", [("effective", "2013-02-01")]))
      for (month, total, version) in [
        ("2013-01", "110.00", 1), ("2013-02", "210.00", 2), ("2013-03", "210.00", 2),
      ] {
        #expect(try await service.bill(month).map { $0["total"] } == [.string(total)], "\(month)")
        let document = try await service.invoice("acme-hours~\(month)")["document"]
        #expect(document?["contract"]?["version"] == .integer(version))
      }
      // A third one from March on, and a fourth that corrects February and all behind it.
      try await service.put(
        "contracts/acme-hours", Self.contract(rate: "300.00", [("effective", "2013-03-01")]))
      #expect(try await service.bill("2013-02").map { $0["outcome"] } == ["unchanged"])
      #expect(try await service.bill("2013-03").map { $0["total"] } == ["310.00"])
      try await service.put(
        "contracts/acme-hours", Self.contract(rate: "400.00", [("effective", "2013-02-01")]))
      let totals = [
        try await service.bill("2013-01"), try await service.bill("2013-02"),
        try await service.bill("2013-03"),
      ].map { $0.first?["total"] }
      #expect(totals == ["110.00", "410.00", "410.00"])
    }
  }

  @Test("What was billed for good keeps its version: another is refused, and names the invoice")
  func final() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      for month in ["2013-01", "2013-02"] {
        _ = try await service.bill(month)
        #expect(try await service.finalise("acme-hours~\(month)").status == 200)
      }
      let `operator` = service.client(.operator)
      for more in [[], [("effective", JSON.string("2013-02-01"))]] {
        let answer = try await `operator`.put(Self.path, Self.contract(rate: "900.00", more))
        answer.expectProblem(409, "invoice_final", at: ["/effective"])
        #expect(answer["detail"]?.stringValue?.contains("INV-000002") == true)
        #expect(answer["detail"]?.stringValue?.contains("2013-03-01 or later") == true)
      }
      let catalog: JSON = ["contracts": ["acme-hours": Self.contract(rate: "900.00", [])]]
      try await `operator`.post("/v1/catalog", catalog).expectProblem(
        409, "invoice_final", at: ["/contracts/acme-hours/effective"])
      #expect(try await `operator`.get(Self.path)["version"] == 1)
      let later = try await `operator`.put(
        Self.path, Self.contract(rate: "900.00", [("effective", "2013-03-01")]))
      #expect(later["version"] == 2)
      let run = try #require(try await service.bill("2013-01").first)
      #expect(run["outcome"] == "final")
      #expect(run["difference"] == nil, "the version of its time still rates it")
    }
  }

  @Test("A version that takes over within a month splits what it changes, and nothing else")
  func withinAMonth() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(
        SampleEvent(id: "1"), SampleEvent(id: "2", time: "2013-01-15T23:59:59Z"),
        SampleEvent(id: "3", time: "2013-01-20T10:00:00Z"))
      let clauses = TestService.contract("acme")["clauses"]?.elements ?? []
      let fee: JSON = ["key": "fee", "kind": "flatFee", "amount": "310.00"]
      func agree(_ rate: String, _ from: String?, _ more: [JSON]) async throws {
        let priced = Self.contract(rate: rate, [])["clauses"]?.elements ?? []
        var changes: [(String, JSON)] = [("clauses", .array(priced + more))]
        if let from { changes.append(("effective", .string(from))) }
        try await service.put("contracts/acme-hours", Self.contract(rate: rate, changes))
      }
      #expect(clauses.count == 1)
      try await agree("100.00", nil, [fee])
      try await agree("200.00", "2013-01-16", [fee])
      #expect(try await service.bill("2013-01").map { $0["outcome"] } == ["drafted"])
      let document = try await service.invoice("acme-hours~2013-01")["document"]
      let lines = (document?["lines"]?.elements ?? []).map { line in
        "\(line["key"]?.stringValue ?? "") \(line["amount"]?.stringValue ?? "")"
      }
      #expect(
        lines == [
          "engines/hours 200.00", "engines/cycles 20.00", "engines@2013-01-16/hours 200.00",
          "engines@2013-01-16/cycles 10.00", "fee 310.00",
        ])
      #expect(
        document?["contract"]?.text
          == #"{"key":"acme-hours","version":2,"changes":[{"from":"2013-01-16","version":3}]}"#)
      // A month later nothing is split.
      _ = try await service.bill("2013-02")
      let next = try await service.invoice("acme-hours~2013-02")["document"]
      #expect(next?["contract"]?.text == #"{"key":"acme-hours","version":3}"#)
      #expect(next?["lines"]?.elements?.count == 3)
    }
  }

  @Test("A quarter from the middle of a month is one invoice, named by the month it begins in")
  func quarters() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.put(
        "contracts/acme-hours",
        Self.contract(
          rate: "100.00",
          [("billing", ["every": "quarter", "anchorDay": 10])]))
      try await service.post(
        SampleEvent(id: "1", time: "2013-01-09T23:59:59Z"),
        SampleEvent(id: "2", time: "2013-01-10T00:00:00Z"),
        SampleEvent(id: "3", time: "2013-02-05T10:00:00Z"))
      #expect(try await service.bill("2013-02").isEmpty, "no period begins in February")
      #expect(try await service.bill("2013-01").map { $0["total"] } == ["220.00"])
      // The contract began within this one.
      #expect(try await service.bill("2012-10").map { $0["total"] } == ["110.00"])
      let period = try await service.invoice("acme-hours~2013-01")["document"]?["period"]
      #expect(period?["start"] == "2013-01-10T00:00:00Z")
      #expect(period?["end"] == "2013-04-10T00:00:00Z")
    }
  }

  @Test("A version takes effect within the contract, and keeps customer and calendar")
  func refusals() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      let `operator` = service.client(.operator)
      let table: [([(String, JSON)], [String])] = [
        ([("effective", "2012-12-01")], ["/effective"]),
        ([("effective", "2013-02-01"), ("customer", "bird")], ["/customer"]),
        (
          [("effective", "2013-02-01"), ("zone", "Asia/Tokyo"), ("currency", "EUR")],
          ["/currency", "/zone"]
        ),
      ]
      for (more, pointers) in table {
        try await `operator`.put(Self.path, Self.contract(rate: "1.00", more))
          .expectProblem(422, "invalid_value", at: pointers)
      }
      // One that replaces everything may.
      #expect(
        try await `operator`.put(Self.path, Self.contract(rate: "1.00", [("zone", "Asia/Tokyo")]))
          .status == 200)
    }
  }

  @Test("Before its first version takes effect a contract is parked, not billed for nothing")
  func notYet() async throws {
    try await TestService.run { service in
      try await service.agreeOnMeters()
      try await service.put("customers/acme", ["name": "Acme"])
      try await service.put(
        "contracts/acme-hours", Self.contract(rate: "1.00", [("effective", "2013-03-01")]))
      #expect(try await service.bill("2012-12").isEmpty)
      #expect(try await service.bill("2013-02").map { $0["outcome"] } == ["parked"])
      #expect(try await service.bill("2013-03").map { $0["outcome"] } == ["drafted"])
    }
  }

  private static func asset(_ slot: String, _ from: String, _ until: String?) -> JSON {
    [
      "assignments": [
        .object([
          "contract": "acme-hours", "slot": .string(slot), "from": .string(from),
          "until": until.map(JSON.string),
        ])
      ]
    ]
  }

  @Test("A slot is filled by one asset at a time, which may be swapped for another")
  func slots() async throws {
    try await TestService.run { service in
      try await service.agree()
      let `operator` = service.client(.operator)
      try await service.put(
        "contracts/acme-hours", Self.contract(rate: "100.00", [("slots", ["engine 1"])]))
      try await service.put("assets/N1", Self.asset("engine 1", "2013-01-01T00:00:00Z", nil))
      let swap = "2013-01-16T00:00:00Z"
      let second = Self.asset("engine 1", swap, nil)
      let refused = try await `operator`.put("/v1/assets/N2", second)
      refused.expectProblem(422, "invalid_value", at: ["/assignments/0/slot"])
      #expect(refused["detail"]?.stringValue?.contains("`N1`") == true)
      try await `operator`.put(
        "/v1/assets/N2", Self.asset("engine 2", "2013-01-01T00:00:00Z", nil)
      ).expectProblem(422, "unknown_reference", at: ["/assignments/0/slot"])
      try await `operator`.put(Self.path, TestService.contract("acme"))
        .expectProblem(422, "unknown_reference", at: ["/slots"])

      // Both at once: the order within does not matter.
      let first = Self.asset("engine 1", "2013-01-01T00:00:00Z", swap)
      let made = try await `operator`.post("/v1/catalog", ["assets": ["N2": second, "N1": first]])
      #expect(made.status == 200, "\(made.text)")

      // Each bills what it did while it was in the slot.
      try await service.post(
        SampleEvent(id: "1"), SampleEvent(id: "2", time: "2013-01-20T10:00:00Z"),
        SampleEvent(id: "3", subject: "N2", time: "2013-01-20T10:00:00Z"),
        SampleEvent(id: "4", subject: "N2"))
      #expect(try await service.bill("2013-01").map { $0["total"] } == ["220.00"])

      // It is said late that the swap was a week later: what was used goes with it.
      let week = "2013-01-23T00:00:00Z"
      let late = try await `operator`.post(
        "/v1/catalog",
        [
          "assets": [
            "N1": Self.asset("engine 1", "2013-01-01T00:00:00Z", week),
            "N2": Self.asset("engine 1", week, nil),
          ]
        ])
      #expect(late.status == 200)
      #expect(try await service.bill("2013-01").map { $0["total"] } == ["220.00"])
      let usage = try await `operator`.get("/v1/events?status=unmatched")
      #expect(usage.items.compactMap { $0["id"]?.stringValue }.sorted() == ["3", "4"])
    }
  }

  @Test("An asset that is said late to serve another customer takes its usage along")
  func reattribution() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      try await service.post(
        SampleEvent(id: "1"), SampleEvent(id: "2", time: "2013-01-20T10:00:00Z"))
      #expect(try await service.bill("2013-01").map { $0["total"] } == ["220.00", "0.00"])
      try await service.put(
        "assets/N1",
        TestService.asset(
          ("acme-hours", "2012-12-31T00:00:00Z", "2013-01-10T00:00:00Z"),
          ("bird-hours", "2013-01-10T00:00:00Z", nil)))
      #expect(try await service.bill("2013-01").map { $0["total"] } == ["110.00", "110.00"])
    }
  }
}
