import Access
import Base
import NIOHTTP1
import TestSupport
import Testing

/// A turbine sold by its availability, from its real telemetry to the invoice, over HTTP: 10,000.00
/// a month under bands of 97, 95 and 90 per cent.
@Suite("Billing a wind farm")
struct WindFarmBillingTests {
  @Test("June 2014 of R80790: conflicts, gaps, 90.3617 % of what is known, and the credit")
  func june() async throws {
    try await TestService.run(at: "2016-01-06T00:00:00Z") { service in
      try await Self.agree(service, WindFarm.meter)
      let answer = try await Self.post(WindFarm.rows().map(\.event), service)
      // The hour that spring has twice: the first figures stand, the others are conflicts.
      #expect(answer["accepted"] == .integer(6624 - 48))
      #expect(answer["conflicting"] == 48)
      let conflicts = try await service.client(.finance)
        .everything(in: "/v1/events?status=conflicting&limit=100")
      #expect(conflicts.count == 48)
      // The hour that autumn lacks: six times ten minutes a turbine and year of which nobody knows.
      var gaps = 0
      for turbine in WindFarm.turbines {
        for day in ["2014-10-26", "2015-10-25"] {
          let states = try await Self.states(
            service, turbine, "start=\(day)T00:00:00Z&end=\(day)T01:00:00Z")
          #expect(states["seconds"] == ["unknown": "3600"])
          gaps += 3600 / 600
        }
      }
      #expect(gaps == 48)

      let states = try await Self.states(service, "R80790", "month=2014-06")
      #expect(states["seconds"] == ["down": "247800", "unknown": "21000", "up": "2323200"])
      #expect(states["known"] == "2571000")
      try await Self.expectInvoice(service)
    }
  }

  private static func expectInvoice(_ service: TestService) async throws {
    _ = try await service.bill("2014-06")
    _ = try await service.finalise("turbine~2014-06")
    #expect(
      try await service.lines("turbine~2014-06") == ["fee 10000.00", "availability -1000.00"])
    let line = try await service.invoice("turbine~2014-06")["document"]?["lines"]?.elements?.last
    #expect(line?["quantity"] == "77440/857", "3872 of 4285 times ten minutes")
    #expect(
      line?["derivation"]?["sentence"]?.stringValue == """
        Available for 90.361727 % of 714.166667 h that count, at least 90 %: the credit on \
        10,000.00 EUR is -1,000.00 EUR.
        """)
    let report = try await service.client(.accountManager)
      .get("/v1/customers/farm/value-report?from=2014-06&to=2014-06")
    #expect(report["months"]?.elements?.map { $0["amount"] } == ["9000.00"])
    #expect(report["months"]?.elements?.map { $0["amountState"] } == ["final"])
  }

  /// The states of two years, said anew every hour. Every month is final: none of them is held.
  @Test("The credits of 24 months, of which none is held")
  func twoYears() async throws {
    try await TestService.run(at: "2016-01-06T00:00:00Z") { service in
      try await Self.agree(service, WindFarm.meter(heartbeatTimeoutSeconds: 3600))
      let events = try Self.hourly()
      for start in stride(from: 0, to: events.count, by: 5000) {
        let batch = Array(events[start..<min(start + 5000, events.count)])
        let answer = try await Self.post(batch, service)
        try #require(answer["accepted"] == .integer(batch.count), "\(answer.text)")
      }
      var credits: [String] = []
      for month in BillingMonth.all(in: try BillingMonth("2014-01")...BillingMonth("2015-12")) {
        _ = try await service.bill("\(month)")
        let reasons = try await service.invoice("turbine~\(month)")["reasons"]
        #expect((reasons?.elements ?? []) == [], "\(month)")
        #expect(try await service.finaliseAsItIs("turbine~\(month)")["status"] == "final")
        let lines = try await service.lines("turbine~\(month)")
        try #require(lines.count == 2)
        if lines[1] != "availability 0.00" { credits.append("\(month) \(lines[1])") }
      }
      #expect(
        credits == [
          "2014-06 availability -1000.00", "2015-02 availability -1000.00",
          "2015-06 availability -500.00",
        ])
    }
  }

  private static func hourly() throws -> [JSON] {
    let changes = try WindFarm.changes()
    let ends = changes.dropFirst().map(\.time) + [Instant("2016-01-01T00:00:00Z")!]
    return zip(changes, ends).flatMap { change, end in
      let hours = stride(from: change.time.hour + 1, through: end.hour, by: 1)
        .map { Instant(clampingSeconds: $0 * 3600) }.filter { $0 < end }
      return ([change.time] + hours).map {
        WindFarm.event("R80790", $0.description, change.state)
      }
    }
  }

  private static func agree(_ service: TestService, _ meter: JSON) async throws {
    try await service.put("customers/farm", ["name": "La Haute Borne"])
    try await service.put("meters/state", meter)
    try await service.put(
      "contracts/turbine",
      [
        "customer": "farm", "currency": "EUR", "zone": "UTC", "from": "2014-01-01",
        "clauses": [
          ["key": "fee", "kind": "flatFee", "amount": "10000.00"],
          [
            "key": "availability", "kind": "availabilityGuarantee", "meter": "state",
            "bands": [
              ["atLeast": 97, "percent": 0], ["atLeast": 95, "percent": 5],
              ["atLeast": 90, "percent": 10], ["percent": 20],
            ],
          ],
        ],
      ])
    for turbine in WindFarm.turbines {
      let serves = turbine == "R80790"
      try await service.put(
        "assets/\(turbine)",
        serves
          ? TestService.asset(("turbine", "2014-01-01T00:00:00Z", nil)) : TestService.asset())
    }
  }

  private static func post(_ events: [JSON], _ service: TestService) async throws -> Answer {
    let answer = try await service.client(.device).send(
      .POST, "/v1/events", .bytes(JSON.array(events).bytes), type: TestClient.batchType)
    try #require([200, 207].contains(answer.status), "\(answer.text)")
    return answer
  }

  private static func states(
    _ service: TestService, _ turbine: String, _ window: String
  ) async throws -> JSON {
    let path = "/v1/usage?meter=state&asset=\(turbine)&\(window)"
    let answer = try await service.client(.finance).get(path)
    try #require(answer.status == 200, "\(answer.text)")
    return try #require(answer["states"])
  }
}
