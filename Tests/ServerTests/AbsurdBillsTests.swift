import Access
import Base
import Testing

/// Twelve incidents that were published of this trade. Each is held or refused before a number is
/// given; and what is only much is not.
@Suite("No absurd bill")
struct AbsurdBillsTests {
  @Test("An engine runs 266 million hours in a January")
  func impossibleTime() async throws {
    try await Self.run { service in
      try await service.use("run", "2026-01-10", 957_600_000_000, of: "N1")
      let run = try await service.close("2026-01")
      #expect(run == "held rate_beyond_bound")
      let reason = try await service.reasons("c~2026-01").first
      #expect(
        reason?["detail"] == """
          meter `run`: `N1` shows 957,600,000,000 s at 2026-01-10T12:00:00Z, which is more than \
          3,600 s an hour
          """)
      #expect(reason?["events"]?.elements?.map { $0["id"] } == ["run 2026-01-10"])
    }
  }

  @Test("A device goes over from kWh to Wh")
  func thousandfoldUnit() async throws {
    try await Self.run { service in
      try await service.use("use", "2026-01-10", 100)
      #expect(try await service.close("2026-01") == "final")
      try await service.use("use", "2026-02-10", 100_000)
      #expect(try await service.close("2026-02") == "held jump")
      #expect(
        try await service.reasons("c~2026-02").first?["detail"] == """
          usage comes to 100,000.00 EUR in 2026-02; the most in the periods before is 100.00 EUR \
          in 2026-01: more than 10 times as much
          """)
    }
  }

  @Test("A device gives an emission another id each time it sends it")
  func newIDPerEmission() async throws {
    try await Self.run { service in
      for id in 1...4 { try await service.use("use", "2026-01-10", 5, id: "copy \(id)") }
      try await service.use("use", "2026-01-11", 5)
      #expect(try await service.close("2026-01") == "held equal_events")
      let reason = try await service.reasons("c~2026-01").first
      #expect(reason?["count"] == 4)
      #expect(
        reason?["events"]?.elements?.map { $0["id"] } == ["copy 1", "copy 2", "copy 3", "copy 4"])
    }
  }

  @Test("An emission that is sent again is written otherwise, and says the same")
  func writtenOtherwise() async throws {
    try await Self.run { service in
      for (id, data) in [
        ("a", #"{"n":5,"by":{"x":1,"y":[2]}}"#), ("b", #"{ "by":{"y":[2.0], "x":1}, "n":5 }"#),
        ("c", #"{"n":5,"by":{"x":1,"y":[3]}}"#),
      ] {
        try await service.post(
          SampleEvent(
            id: id, source: "//device", type: "use", subject: "acme", time: "2026-01-10T12:00:00Z",
            data: JSON(parsing: Array(data.utf8))))
      }
      #expect(try await service.close("2026-01") == "held equal_events")
      let reason = try await service.reasons("c~2026-01").first
      #expect(reason?["events"]?.elements?.map { $0["id"] } == ["a", "b"])
    }
  }

  @Test("One asset of a fleet falls silent, and the others do not")
  func silentAsset() async throws {
    for (missing, outcome, says) in [
      (nil, "final", true), ("hold", "held silent_meter", true), ("zero", "final", false),
      ("estimateTrailingMean", "final", true),
    ] as [(String?, String, Bool)] {
      try await Self.run { service in
        try await service.put("contracts/c", Self.contract(missing: missing))
        try await service.put("assets/N2", TestService.asset(("c", "2026-01-01T00:00:00Z", nil)))
        let january = "2026-01-31T00:00:00Z"
        try await service.put(
          "assets/N3", TestService.asset(("c", "2026-01-01T00:00:00Z", january)))
        try await service.use("use", "2026-01-10", 1)
        try await service.use("use", "2026-02-10", 1)
        for asset in ["N1", "N2", "N3"] {
          try await service.use("run", "2026-01-1\(asset.last!)", 100, of: asset)
        }
        #expect(try await service.close("2026-01") == "final")
        try await service.use("run", "2026-02-10", 100, of: "N1")
        #expect(try await service.close("2026-02") == outcome)
        let details = try await service.reasons("c~2026-02").map { $0["detail"]?.stringValue }
        let silence = """
          clause `run`: meter `run` has no data of `N2` since 2026-01-12T12:00:00Z; send it, or \
          agree on `missing: zero` for the clause
          """
        #expect(details == (says ? [silence] : []), "\(missing ?? "-")")
      }
    }
  }

  @Test("A migrated source sends its history again, under another name")
  func migratedSource() async throws {
    try await Self.run { service in
      try await service.use("use", "2026-01-10", 60)
      try await service.use("use", "2026-01-20", 40)
      #expect(try await service.close("2026-01") == "final")
      try await service.use("use", "2026-01-10", 60, from: "//new")
      try await service.use("use", "2026-01-20", 40, from: "//new")
      try await service.use("use", "2026-02-10", 90, from: "//new")
      #expect(try await service.close("2026-02") == "held equal_events")
      #expect(try await service.invoice("c~2026-02")["total"] == "190.00")
    }
  }

  @Test("A source falls silent")
  func silentSource() async throws {
    try await Self.run { service in
      try await service.use("use", "2026-01-10", 100)
      #expect(try await service.close("2026-01") == "final")
      #expect(try await service.close("2026-02") == "held silent_meter")
      #expect(
        try await service.reasons("c~2026-02").first?["detail"] == """
          clause `use`: meter `use` has no data since 2026-01-10T12:00:00Z; send it, or agree on \
          `missing` for the clause
          """)
    }
  }

  @Test("A source comes back, and stamps all it gathered with the time of sending")
  func everythingAtOnce() async throws {
    try await Self.run { service in
      for run in 1...20 {
        try await service.use("run", "2026-01-10", 30_000 + run, of: "N1", id: "run \(run)")
      }
      #expect(try await service.close("2026-01") == "held rate_beyond_bound")
      #expect(
        try await service.reasons("c~2026-01").first?["detail"] == """
          meter `run`: `N1` shows 60,011 s at 2026-01-10T12:00:00Z, which is more than 3,600 s an \
          hour
          """)
    }
  }

  @Test("A period that has not begun is run")
  func periodNotBegun() async throws {
    try await Self.run { service in
      try await service.use("use", "2026-01-10", 100)
      let run = try await service.run("2027-01")
      #expect(run?["reasons"]?.elements?.isEmpty == false, "\(run?.text ?? "-")")
      #expect(try await service.numbers() == [])
    }
  }

  @Test("A meter is put anew under a final month")
  func meterChanged() async throws {
    try await Self.run { service in
      try await service.use("use", "2026-01-10", ["n": 100, "m": 200])
      #expect(try await service.close("2026-01") == "final")
      try await service.put("meters/use", Self.sum("use", of: "/m", unit: "kWh"))
      try await service.use("use", "2026-02-10", ["n": 90, "m": 90])
      _ = try await service.run("2026-02")
      #expect(try await service.lines("c~2026-02") == ["use 90.00", "run 0.00"])
    }
  }

  @Test("A clock goes a year ahead")
  func clockAhead() async throws {
    try await Self.run { service in
      let answer = try await service.client(.device).post(
        events: [Self.event("use", "2027-06-10", 100)])
      answer.expectProblem(422, "future_event")
    }
  }

  @Test("A file is imported twice: under its ids it counts once, under new ones it is held")
  func doubledImport() async throws {
    try await Self.run { service in
      let rows = (1...3).map { Self.event("use", "2026-01-1\($0)", 5, id: "row \($0)") }
      for _ in 1...2 {
        let answer = try await service.client(.device).post(events: rows)
        #expect([200, 204].contains(answer.status))
      }
      _ = try await service.run("2026-01", finalise: false)
      #expect(try await service.lines("c~2026-01") == ["use 15.00", "run 0.00"])
      let again = (1...3).map { Self.event("use", "2026-01-1\($0)", 5, id: "row \($0 + 3)") }
      _ = try await service.client(.device).post(events: again)
      #expect(try await service.close("2026-01") == "held equal_events")
      #expect(try await service.reasons("c~2026-01").first?["count"] == 6)
    }
  }

  @Test("A payment is booked twice")
  func paymentTwice() async throws {
    try await Self.run { service in
      try await service.use("use", "2026-01-10", 100)
      #expect(try await service.close("2026-01") == "final")
      let payment: JSON = ["amount": "40.00", "date": "2026-06-30", "reference": "bank 1"]
      try await service.settled("invoices/c~2026-01/payments", payment)
      let again = try await service.settle("invoices/c~2026-01/payments", payment)
      #expect(again.status == 409, "\(again.text)")
      #expect(try await service.invoice("c~2026-01")["paid"] == "40.00")
    }
  }

  @Test("A catalog has one wrong price")
  func wrongPrice() async throws {
    try await Self.run { service in
      try await service.use("use", "2026-01-10", 100)
      #expect(try await service.close("2026-01") == "final")
      try await service.put(
        "contracts/c", Self.contract(rate: "100.00", effective: "2026-02-01"))
      try await service.use("use", "2026-02-10", 100)
      #expect(try await service.close("2026-02") == "held jump")
    }
  }

  @Test("Five times as much is growth; a factor that is agreed holds, and zero compares nothing")
  func growth() async throws {
    for (factor, much, outcome) in [
      (nil, 500, "final"), ("4", 500, "held jump"), ("0", 100_000, "final"),
    ] as [(String?, Int, String)] {
      try await Self.run { service in
        try await service.put("contracts/c", Self.contract(jump: factor))
        try await service.use("use", "2026-01-10", 100)
        #expect(try await service.close("2026-01") == "final")
        try await service.use("use", "2026-02-10", much)
        #expect(try await service.close("2026-02") == outcome)
      }
    }
  }

  private static func run(_ body: (TestService) async throws -> Void) async throws {
    try await TestService.run(at: "2026-06-30T00:00:00Z") { service in
      try await service.put("customers/acme", ["name": "Acme"])
      try await service.put("meters/use", sum("use", of: "/n", unit: "kWh"))
      try await service.put("meters/run", sum("run", of: "/n", unit: "s"))
      try await service.put("contracts/c", contract())
      try await service.put("assets/N1", TestService.asset(("c", "2026-01-01T00:00:00Z", nil)))
      try await body(service)
    }
  }

  private static func sum(_ type: String, of value: String, unit: String) -> JSON {
    [
      "aggregation": "sum", "eventTypes": [.string(type)], "unit": .string(unit),
      "value": .string(value),
    ]
  }

  private static func contract(
    rate: String = "1.00", effective: String? = nil, jump: String? = nil, missing: String? = nil
  ) -> JSON {
    func usage(_ meter: String, _ rate: String, missing: String? = nil) -> JSON {
      .object([
        "key": .string(meter), "kind": "usageCharge", "meter": .string(meter),
        "price": ["model": "perUnit", "rate": .string(rate)],
        "missing": missing.map(JSON.string),
      ])
    }
    return .object([
      "customer": "acme", "currency": "EUR", "zone": "UTC", "from": "2026-01-01",
      "effective": effective.map(JSON.string),
      "clauses": [usage("use", rate), usage("run", "0.01", missing: missing)],
      "review": jump.map { ["jump": .string($0)] },
    ])
  }

  fileprivate static func event(
    _ type: String, _ day: String, _ data: JSON, of subject: String = "acme",
    from source: String = "//device", id: String? = nil
  ) -> SampleEvent {
    SampleEvent(
      id: id ?? "\(type) \(day)", source: source, type: type, subject: subject,
      time: "\(day)T12:00:00Z", data: data)
  }

  fileprivate static func event(
    _ type: String, _ day: String, _ number: Int, of subject: String = "acme",
    from source: String = "//device", id: String? = nil
  ) -> SampleEvent {
    event(type, day, ["n": .integer(number)], of: subject, from: source, id: id)
  }
}

extension TestService {
  fileprivate func use(
    _ type: String, _ day: String, _ number: Int, of subject: String = "acme",
    from source: String = "//device", id: String? = nil
  ) async throws {
    try await post(AbsurdBillsTests.event(type, day, number, of: subject, from: source, id: id))
  }

  fileprivate func use(_ type: String, _ day: String, _ data: JSON) async throws {
    try await post(AbsurdBillsTests.event(type, day, data))
  }

  /// What a run says of the contract.
  fileprivate func run(_ month: String, finalise: Bool = true) async throws -> JSON? {
    let answer = try await client(.finance).post(
      "/v1/billing-runs", ["month": .string(month), "finalise": .bool(finalise)])
    try #require(answer.status == 200, "\(answer.text)")
    return answer["results"]?.elements?.first
  }

  /// Runs a month and finalises it: `final`, or `held` with the codes of its reasons. What is held
  /// has no number, nor gets one when that is asked for.
  fileprivate func close(_ month: String) async throws -> String {
    _ = try await run(month)
    let invoice = try await invoice("c~\(month)")
    guard invoice["held"] == true else { return invoice["status"]?.stringValue ?? "-" }
    #expect(invoice["number"] == nil)
    try await finaliseAsItIs("c~\(month)").expectProblem(409, "invoice_held")
    #expect(try await self.invoice("c~\(month)")["number"] == nil)
    let codes = try await reasons("c~\(month)").compactMap { $0["code"]?.stringValue }
    return (["held"] + codes).joined(separator: " ")
  }

  fileprivate func reasons(_ key: String) async throws -> [JSON] {
    try await invoice(key)["reasons"]?.elements ?? []
  }

  fileprivate func numbers() async throws -> [String] {
    try await client(.finance).get("/v1/invoices").items.compactMap { $0["number"]?.stringValue }
  }
}
