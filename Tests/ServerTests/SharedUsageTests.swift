import Access
import Base
import NIOHTTP1
import Testing

/// What is used is billed by one contract, also where a customer has several.
@Suite("Two contracts of one customer")
struct SharedUsageTests {
  private static func contract(
    _ clause: [JSON.Member] = [], _ more: [JSON.Member] = []
  ) -> JSON {
    let terms: [JSON.Member] = [
      .init("key", "use"), .init("kind", "usageCharge"), .init("meter", "cycles"),
      .init("price", ["model": "perUnit", "rate": "1.00"]),
    ]
    return .object(
      [
        .init("customer", "acme"), .init("currency", "USD"), .init("zone", "UTC"),
        .init("from", "2013-01-01"), .init("clauses", .array([.object(terms + clause)])),
      ] + more)
  }

  private static func asset(_ contract: String) -> JSON {
    ["assignments": [["contract": .string(contract), "from": "2013-01-01T00:00:00Z"]]]
  }

  private static func run(_ body: (TestService) async throws -> Void) async throws {
    try await TestService.run(at: "2013-09-01T12:00:00Z") { service in
      try await service.agreeOnMeters()
      try await service.put("customers/acme", ["name": "Acme"])
      try await service.put("contracts/c", contract())
      try await body(service)
    }
  }

  @Test("Both price the same events: that is refused, with what may be said")
  func refused() async throws {
    try await Self.run { service in
      let answer = try await service.client(.operator).put("/v1/contracts/d", Self.contract())
      answer.expectProblem(422, "invalid_value", at: ["/clauses"])
      #expect(answer["detail"]?.stringValue?.contains("`customerEvents: false`") == true)
    }
  }

  @Test(
    "One that says which part is its own is agreed on",
    arguments: [
      ([], [.init("customerEvents", false)]), ([.init("perAsset", true)], []),
      ([.init("meter", "hours")], []), ([], [.init("from", "2014-01-01")]),
    ] as [([JSON.Member], [JSON.Member])])
  func apart(clause: [JSON.Member], more: [JSON.Member]) async throws {
    try await Self.run { service in
      try await service.put(
        "contracts/c", Self.contract([], [.init("until", "2014-01-01")]))
      guard case .object(var members) = Self.contract([], more) else { return }
      if !clause.isEmpty, case .object(let own) = Self.contract()["clauses"]?.elements?.first {
        let names = Set(clause.map(\.name))
        members.removeAll { $0.name == "clauses" }
        let terms = JSON.object(own.filter { !names.contains($0.name) } + clause)
        members.append(.init("clauses", .array([terms])))
      }
      let names = Set(more.map(\.name))
      let unique = members.filter { !names.contains($0.name) } + more
      try await service.put("contracts/d", .object(unique))
    }
  }

  @Test("Assets keep them apart; what is about the customer itself then parks both")
  func assets() async throws {
    try await Self.run { service in
      let catalog: JSON = [
        "contracts": ["d": Self.contract()],
        "assets": ["e1": Self.asset("c"), "e2": Self.asset("d")],
      ]
      let applied = try await service.client(.operator).post("/v1/catalog", catalog)
      #expect(applied.status == 200, "\(applied.text)")
      try await service.post(
        SampleEvent(id: "1", subject: "e1"), SampleEvent(id: "2", subject: "e2"))
      #expect(try await service.bill("2013-01").map { $0["total"] } == ["1.00", "1.00"])
      try await service.post(SampleEvent(id: "3", subject: "acme"))
      let run = try await service.bill("2013-01")
      #expect(run.map { $0["outcome"] } == ["parked", "parked"])
      #expect(
        run.map { $0["reasons"]?.elements?.first?["code"] } == ["shared_usage", "shared_usage"])
      try await service.put(
        "contracts/d", Self.contract([], [.init("customerEvents", false)]))
      #expect(try await service.bill("2013-01").map { $0["total"] } == ["2.00", "1.00"])
    }
  }
}
