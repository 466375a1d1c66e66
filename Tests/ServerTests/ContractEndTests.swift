import Access
import Base
import NIOHTTP1
import Testing

/// When a contract ends is what its newest version says, for every period of it.
@Suite("The end of a contract")
struct ContractEndTests {
  private static func contract(
    _ clauses: [JSON], until: String? = nil, effective: String? = nil, _ more: [JSON.Member] = []
  ) -> JSON {
    let terms: JSON = .object([
      "customer": "acme", "currency": "USD", "zone": "UTC", "from": "2013-01-01",
      "until": until.map(JSON.string), "effective": effective.map(JSON.string),
      "clauses": .array(clauses),
    ])
    guard case .object(let members) = terms else { return terms }
    let names = Set(more.map(\.name))
    return .object(members.filter { !names.contains($0.name) } + more)
  }

  private static let fee: JSON = ["key": "fee", "kind": "flatFee", "amount": "1000.00"]
  private static let use: JSON = [
    "key": "use", "kind": "usageCharge", "meter": "cycles",
    "price": ["model": "perUnit", "rate": "1.00"],
  ]
  private static let quarterly: JSON = [
    "key": "fee", "kind": "recurringFee", "amount": "900.00", "every": "quarter",
    "due": "advance", "day": 1, "month": 1,
  ]

  private static func run(
    _ contract: JSON, at now: String = "2013-09-01T12:00:00Z",
    _ body: (TestService) async throws -> Void
  ) async throws {
    try await TestService.run(at: now) { service in
      try await service.agreeOnMeters()
      try await service.put("customers/acme", ["name": "Acme"])
      try await service.put("contracts/deal", contract)
      try await body(service)
    }
  }

  private static func cycle(_ id: String, _ day: String, _ count: Int) -> SampleEvent {
    SampleEvent(
      id: id, subject: "acme", time: "2013-\(day)T10:00:00Z",
      data: ["seconds": 3600, "cycles": .integer(count)])
  }

  private static func close(_ months: String..., service: TestService) async throws {
    for month in months {
      _ = try await service.bill("2013-\(month)")
      let answer = try await service.finalise("deal~2013-\(month)")
      try #require(answer.status == 200, "\(answer.text)")
    }
  }

  private static func lines(_ month: String, _ service: TestService) async throws -> [String] {
    _ = try await service.bill("2013-\(month)")
    return try await service.lines("deal~2013-\(month)")
  }

  @Test("What was paid in advance beyond it comes back, once")
  func paidInAdvance() async throws {
    try await Self.run(Self.contract([Self.quarterly])) { service in
      try await Self.close("04", service: service)
      try await service.put(
        "contracts/deal", Self.contract([Self.quarterly], until: "2013-05-16"))
      // 45 of 91 days stay.
      #expect(
        try await Self.lines("05", service)
          == ["correction/deal~2013-04/fee/2013-04-01 -454.95"])
      try await Self.close("05", service: service)
      #expect(try await service.bill("2013-06") == [], "it is settled")
      // Another end asks for the rest again.
      try await service.put("contracts/deal", Self.contract([Self.quarterly]))
      #expect(
        try await Self.lines("06", service)
          == ["correction/deal~2013-04/fee/2013-04-01 454.95"])
    }
  }

  @Test("An extended contract asks for the rest of what was billed until its old end")
  func extended() async throws {
    try await Self.run(Self.contract([Self.quarterly], until: "2013-02-15")) { service in
      try await Self.close("01", service: service)
      #expect(try await service.lines("deal~2013-01") == ["fee/2013-01-01 450.00"])
      try await service.put("contracts/deal", Self.contract([Self.quarterly]))
      #expect(
        try await Self.lines("02", service)
          == ["correction/deal~2013-01/fee/2013-01-01 450.00"])
    }
  }

  @Test("Put again without its end, it is as if it had never ended")
  func takenBack() async throws {
    let clauses = [Self.fee, Self.use]
    for effective in [nil, "2013-02-15"] {
      try await Self.run(Self.contract(clauses, until: "2013-02-15")) { service in
        try await service.post(
          Self.cycle("1", "01-10", 5), Self.cycle("2", "02-20", 20), Self.cycle("3", "03-05", 7))
        try await Self.close("01", "02", service: service)
        #expect(try await service.lines("deal~2013-02") == ["fee 500.00", "use 0.00"])
        try await service.put(
          "contracts/deal", Self.contract(clauses, effective: effective))
        #expect(
          try await Self.lines("03", service) == [
            "fee 1000.00", "use 7.00", "correction/deal~2013-02/fee 500.00",
            "correction/deal~2013-02/use 20.00",
          ])
        try await Self.close("03", service: service)
        let run = try await service.bill("2013-02")
        #expect(run.map { $0["difference"] } == [nil], "and does not stay a difference")
      }
    }
  }

  @Test("Between an end and a later start there is no time that belongs to nobody")
  func gap() async throws {
    try await Self.run(Self.contract([Self.fee], until: "2013-02-15")) { service in
      let answer = try await service.client(.operator).put(
        "/v1/contracts/deal", Self.contract([Self.fee], effective: "2013-03-10"))
      answer.expectProblem(422, "invalid_value", at: ["/effective"])
      #expect(answer["detail"]?.stringValue?.contains("say 2013-02-15") == true)
    }
  }

  @Test("It may end where a final period ended, and not before")
  func atTheBoundary() async throws {
    for effective in [nil, "2013-01-31", "2013-02-01"] {
      try await Self.run(Self.contract([Self.fee])) { service in
        try await Self.close("01", service: service)
        let early = try await service.client(.operator).put(
          "/v1/contracts/deal", Self.contract([Self.fee], until: "2013-01-31"))
        early.expectProblem(409, "invoice_final", at: ["/until"])
        #expect(early["detail"]?.stringValue?.contains("2013-02-01 or later") == true)
        try await service.put(
          "contracts/deal",
          Self.contract([Self.fee], until: "2013-02-01", effective: effective))
        #expect(try await service.bill("2013-02") == [])
      }
    }
  }

  @Test("An end put twice is one version, also where the terms changed before")
  func twice() async throws {
    try await Self.run(Self.contract([Self.fee])) { service in
      let `operator` = service.client(.operator)
      try await Self.close("01", service: service)
      try await service.put(
        "contracts/deal", Self.contract([Self.fee, Self.use], effective: "2013-02-01"))
      for _ in 1...2 {
        let answer = try await `operator`.put(
          "/v1/contracts/deal", Self.contract([Self.fee, Self.use], until: "2013-06-01"))
        #expect(answer["version"] == 3)
        #expect(answer["effective"] == "2013-02-01")
      }
    }
  }

  @Test("Who may not change the calendar is told of an end that works")
  func advice() async throws {
    try await Self.run(Self.contract([Self.fee])) { service in
      let `operator` = service.client(.operator)
      try await Self.close("01", service: service)
      let quarters = JSON.Member("billing", ["every": "quarter"])
      for effective in [nil, "2013-02-01"] {
        let answer = try await `operator`.put(
          "/v1/contracts/deal", Self.contract([Self.fee], effective: effective, [quarters]))
        answer.expectProblem(422, "invalid_value", at: ["/billing"])
        let detail = answer["detail"]?.stringValue ?? ""
        #expect(detail.contains("`until` 2013-02-01"), "\(detail)")
      }
      try await service.put("contracts/deal", Self.contract([Self.fee], until: "2013-02-01"))
      let next = JSON.Member("from", "2013-02-01")
      try await service.put("contracts/next", Self.contract([Self.fee], [quarters, next]))
    }
  }

  private static let outcomes: JSON = [
    "key": "won", "kind": "confirmedOutcome", "meter": "cases", "confirmWithinHours": 100,
    "reverseWithinHours": 2000, "prices": [["confirmed": "5.00", "assumed": "5.00"]],
  ]

  /// January alone, with an outcome that is claimed on a day of it.
  private static func claimed(
    _ day: String, _ body: (TestService) async throws -> Void
  ) async throws {
    try await Self.run(Self.contract([]), at: "2013-02-06T12:00:00Z") { service in
      try await service.put(
        "meters/cases", ["aggregation": "count", "eventTypes": ["case"], "unit": "cases"])
      try await service.put(
        "contracts/deal", Self.contract([Self.outcomes], until: "2013-02-01"))
      try await service.post(
        SampleEvent(
          id: "claim", type: "case", subject: "acme", time: "2013-01-\(day)T12:00:00Z",
          data: ["outcome": "k", "transition": "claim"]))
      try await body(service)
    }
  }

  private static func outcome(_ service: TestService) async throws -> JSON? {
    try await service.client(.finance).get("/v1/outcomes").items.first
  }

  @Test("A reversal in its window pays back, though the contract has ended")
  func reversedBehind() async throws {
    try await Self.claimed("20") { service in
      #expect(try await Self.outcome(service)?["billable"]?["amount"] == "5")
      try await Self.close("01", service: service)
      #expect(try await Self.outcome(service)?["billed"]?["invoice"] == "deal~2013-01")
      service.clock.set("2013-03-06T12:00:00Z")
      let said = try await service.client(.finance).post(
        "/v1/outcomes/k/reverse", ["time": "2013-02-10T12:00:00Z"])
      #expect(said["state"] == "reversed")
      #expect(
        try await Self.lines("02", service)
          == ["correction/deal~2013-01/won/clawback -5.00"])
      try await Self.close("02", service: service)
      #expect(try await service.bill("2013-03") == [], "it is settled")
    }
  }

  @Test("What is assumed only behind the end is not billed, and nothing says so")
  func assumedBehind() async throws {
    try await Self.claimed("30") { service in
      try await Self.close("01", service: service)
      service.clock.set("2013-03-06T12:00:00Z")
      #expect(try await service.bill("2013-02") == [])
      #expect(try await service.lines("deal~2013-01") == ["won/billed 0.00"])
      let outcome = try await Self.outcome(service)
      #expect(outcome?["unbilled"] == "ended")
      #expect(outcome?["billed"] == nil && outcome?["billable"] == nil)
    }
  }
}
