import Access
import Base
import Testing

/// Money that waits: true-ups, what is held back, what is banked, and credit that was paid before.
/// Month by month, with what the ledger says at the end.
@Suite("The paths of money that waits, month by month")
struct PromisePathsTests {
  private static func contract(
    _ clauses: JSON, from: String = "2013-01-01", until: String? = nil
  ) -> JSON {
    .object([
      "customer": "acme", "currency": "EUR", "zone": "UTC", "from": .string(from),
      "until": until.map(JSON.string), "clauses": clauses,
    ])
  }

  /// A meter of events of its own name.
  private static func meter(_ name: String, _ aggregation: String, unit: String) -> JSON {
    [
      "aggregation": .string(aggregation), "eventTypes": [.string(name)], "unit": .string(unit),
      "value": "/n", "places": 2,
    ]
  }

  private static func note(
    _ service: TestService, _ meter: String, _ value: String, on day: String
  ) async throws {
    try await service.post(
      SampleEvent(
        id: "\(meter) \(day)", type: meter, time: "\(day)T10:00:00Z",
        data: ["n": .number(value)]))
  }

  private static func table(_ service: TestService, _ months: [String]) async throws -> [String] {
    var rows: [String] = []
    for month in months {
      rows += try await service.lines("acme-hours~\(month)").map { "\(month) \($0)" }
    }
    return rows
  }

  /// Domain rule G2: an engine that came in March, 96 hours excused, 2,301.40 hours flown of 3,000
  /// a year; 12.5 hours are heard of once the year is closed.
  @Test("The year's minimum, trued up, and lowered by a flight that is heard of late")
  func yearEnd() async throws {
    try await TestService.run(at: "2014-01-07T12:00:00Z") { service in
      try await service.agree()
      try await service.put("meters/excused", Self.meter("excused", "sum", unit: "h"))
      try await service.put(
        "contracts/acme-hours",
        Self.contract([
          [
            "key": "minimum", "kind": "minimumUtilisation", "hours": "hours", "minimum": 3000,
            "rate": "180.00", "index": ["factor": "1.04"], "excused": "excused",
            "perAsset": true,
          ]
        ]))
      try await service.put(
        "assets/N1", TestService.asset(("acme-hours", "2013-03-01T00:00:00Z", nil)))
      try await service.post(
        SampleEvent(
          id: "flown", time: "2013-05-17T10:00:00Z", data: ["seconds": 8_285_040, "cycles": 1]))
      try await Self.note(service, "excused", "96", on: "2013-08-01")
      let issued = try await service.close(asOf: "2014-01-01")
      #expect(issued.count == 12)
      #expect(issued.suffix(2) == ["INV-000011 2013-11 0.00", "INV-000012 2013-12 33844.22"])
      try await service.post(
        SampleEvent(
          id: "late", time: "2013-12-30T10:00:00Z", data: ["seconds": 45_000, "cycles": 1]))
      service.clock.set("2014-02-07T12:00:00Z")
      #expect(try await service.close(asOf: "2014-02-01") == ["CN-000001 2014-01 -2340.00"])
      #expect(
        try await service.lines("acme-hours~2014-01") == [
          "correction/acme-hours~2013-12/minimum/N1 -2340.00"
        ])
      #expect(
        try await service.balances() == [
          "receivable 31504.22", "revenue.correction 2340.00", "revenue.minimum -33844.22",
        ])
    }
  }

  /// Domain rule G8: 8 % of each month is held back; 73.8929 points release 22,802.05 of it, and
  /// the rest is lost.
  @Test("Held back for a quarter, released by its score, and the rest written off")
  func holdback() async throws {
    try await TestService.run(at: "2013-07-07T12:00:00Z") { service in
      try await Self.agreeOnHoldback(service)
      for (day, use) in [
        ("2013-04-10", "135533.35"), ("2013-05-10", "125000.00"), ("2013-06-10", "125194.63"),
      ] { try await Self.note(service, "use", use, on: day) }
      for (meter, value) in [("dispatch", "99.52"), ("turnaround", "58"), ("reports", "90")] {
        try await Self.note(service, meter, value, on: "2013-06-11")
      }
      try await service.close(asOf: "2013-06-01")
      let accruals = try await service.client(.finance).get("/v1/accruals?month=2013-05")
      #expect(accruals.items.map { $0["heldBack"] } == ["20842.67"])
      try await service.close(asOf: "2013-07-01")
      #expect(
        try await Self.table(service, ["2013-04", "2013-05", "2013-06"]) == [
          "2013-04 engines 135533.35", "2013-04 held/retained -10842.67",
          "2013-05 engines 125000.00", "2013-05 held/retained -10000.00",
          "2013-06 engines 125194.63", "2013-06 scores 0.00", "2013-06 held/retained -10015.57",
          "2013-06 held/released 22802.05",
        ])
      #expect(
        try await service.balances() == [
          "contractAsset 0.00", "receivable 377671.79", "revenue.holdback 8056.19",
          "revenue.usage -385727.98",
        ])
      // A survey of full marks that comes late raises the score to 79.1143: more is released.
      try await Self.note(service, "surveys", "100", on: "2013-06-12")
      service.clock.set("2013-08-07T12:00:00Z")
      try await service.close(asOf: "2013-08-01")
      let july = try await Self.table(service, ["2013-07"])
      #expect(july.last == "2013-07 correction/acme-hours~2013-06/held/released 1611.23")
      #expect(
        try await service.balances() == [
          "contractAsset 0.00", "receivable 379283.02", "revenue.holdback 6444.96",
          "revenue.usage -385727.98",
        ])
    }
  }

  private static func agreeOnHoldback(_ service: TestService, until: String? = nil) async throws {
    try await service.agree()
    try await service.put("meters/use", meter("use", "sum", unit: "EUR"))
    for name in ["dispatch", "turnaround", "surveys", "reports"] {
      try await service.put("meters/\(name)", meter(name, "mean", unit: "points"))
    }
    func kpi(_ name: String, _ weight: String, _ threshold: String, _ target: String) -> JSON {
      [
        "name": .string(name), "weight": .string(weight), "meter": .string(name),
        "threshold": .string(threshold), "target": .string(target),
      ]
    }
    let clauses: JSON = [
      [
        "key": "engines", "kind": "usageCharge", "meter": "use",
        "price": ["model": "perUnit", "rate": "1"],
      ],
      [
        "key": "scores", "kind": "scorecard", "span": "quarter",
        "kpis": [
          kpi("dispatch", "0.4", "99.0", "99.7"), kpi("turnaround", "0.3", "75", "50"),
          kpi("surveys", "0.2", "0", "100"), kpi("reports", "0.1", "0", "100"),
        ],
      ],
      [
        "key": "held", "kind": "holdback", "percent": "8", "scorecard": "scores",
        "floorScore": "60",
      ],
    ]
    try await service.put(
      "contracts/acme-hours", contract(clauses, from: "2013-04-01", until: until))
  }

  /// A contract that ends before anybody scored it waits for the score, and is settled behind its
  /// end.
  @Test("A holdback without a score waits behind the end of its contract")
  func holdbackBehindTheEnd() async throws {
    try await TestService.run(at: "2013-06-07T12:00:00Z") { service in
      try await Self.agreeOnHoldback(service, until: "2013-06-01")
      try await Self.note(service, "use", "100000", on: "2013-05-10")
      try await service.close(asOf: "2013-06-01")
      #expect(
        try await Self.table(service, ["2013-05"]) == [
          "2013-05 engines 100000.00", "2013-05 scores 0.00", "2013-05 held/retained -8000.00",
          "2013-05 held/released 0.00",
        ])
      func heldBack(_ month: String) async throws -> [JSON?] {
        try await service.client(.finance).get("/v1/accruals?month=\(month)").items
          .map { $0["heldBack"] }
      }
      #expect(try await heldBack("2013-07") == ["8000.00"], "it is still waited for")
      for meter in ["dispatch", "reports"] {
        try await Self.note(service, meter, "99.7", on: "2013-05-12")
      }
      try await Self.note(service, "turnaround", "50", on: "2013-05-12")
      service.clock.set("2013-08-07T12:00:00Z")
      #expect(try await service.close(asOf: "2013-08-01") == ["INV-000003 2013-07 7997.00"])
      #expect(
        try await service.lines("acme-hours~2013-07") == [
          "correction/acme-hours~2013-05/held/released 7997.00"
        ])
      #expect(
        try await service.balances() == [
          "contractAsset 0.00", "receivable 99997.00", "revenue.holdback 3.00",
          "revenue.usage -100000.00",
        ])
      #expect(try await heldBack("2013-07") == [])
    }
  }

  /// A cap of 10 % of 1,000.00: January's surplus of 50.00 is paid out in February.
  @Test("The customer's work beyond a cap is banked, and paid out where there is room")
  func bank() async throws {
    try await TestService.run(at: "2013-03-07T12:00:00Z") { service in
      try await service.agree()
      // No asset has a thousand hours in a month: a draft of them would be held.
      for (name, unit) in [("use", "kWh"), ("work", "h")] {
        try await service.put("meters/\(name)", Self.meter(name, "sum", unit: unit))
      }
      try await service.put(
        "contracts/acme-hours",
        Self.contract([
          [
            "key": "power", "kind": "usageCharge", "meter": "use",
            "price": ["model": "perUnit", "rate": "1"],
          ],
          [
            "key": "own", "kind": "coCreationCredit", "capPercent": "10", "bankMonths": 12,
            "activities": [
              ["key": "work", "name": "Work", "perUnit": ["meter": "work", "rate": "1"]]
            ],
          ],
        ]))
      for (month, work) in [("01", "150"), ("02", "30")] {
        try await Self.note(service, "use", "1000", on: "2013-\(month)-10")
        try await Self.note(service, "work", work, on: "2013-\(month)-11")
      }
      try await service.close(asOf: "2013-03-01")
      #expect(
        try await Self.table(service, ["2013-01", "2013-02"]) == [
          "2013-01 power 1000.00", "2013-01 own/work -150.00", "2013-01 own/banked 50.00",
          "2013-02 power 1000.00", "2013-02 own/work -30.00", "2013-02 own/paid -50.00",
        ])
      #expect(
        try await service.balances() == [
          "credits 180.00", "receivable 1820.00", "revenue.usage -2000.00",
        ])
    }
  }

  /// 30.00 were given for January and 50.00 are bought in February; each month uses 20.00.
  @Test("Prepaid credit: given, bought, drawn by priority, expired, and corrected")
  func prepaidCredit() async throws {
    try await TestService.run(at: "2013-02-07T12:00:00Z") { service in
      try await service.agree()
      try await service.put("meters/use", Self.meter("use", "sum", unit: "calls"))
      try await service.put(
        "contracts/acme-hours",
        Self.contract([
          [
            "key": "calls", "kind": "usageCharge", "meter": "use",
            "price": ["model": "perUnit", "rate": "1"],
          ],
          [
            "key": "credit", "kind": "prepaidCredit",
            "grants": [
              [
                "name": "pack", "amount": "50.00", "priority": 1, "from": "2013-02",
                "bought": "2013-02",
              ],
              ["name": "welcome", "amount": "30.00", "from": "2013-01", "until": "2013-02"],
            ],
          ],
        ]))
      for month in 1...2 {
        try await Self.note(service, "use", "20", on: "2013-0\(month)-01")
      }
      try await service.close(asOf: "2013-02-01")
      #expect(
        try await service.balances() == [
          "credits 30.00", "revenue.prepaid -10.00", "revenue.usage -20.00",
        ], "thirty were given, twenty drawn, and ten expired")
      try await Self.note(service, "use", "5", on: "2013-01-31")
      service.clock.set("2013-05-07T12:00:00Z")
      for month in 3...4 {
        try await Self.note(service, "use", "20", on: "2013-0\(month)-01")
      }
      try await service.close(asOf: "2013-03-01")
      #expect(
        try await Self.table(service, ["2013-01", "2013-02"]) == [
          "2013-01 calls 20.00", "2013-01 credit -20.00", "2013-02 calls 20.00",
          "2013-02 credit/bought/pack 50.00", "2013-02 credit -20.00",
          "2013-02 correction/acme-hours~2013-01/calls 5.00",
          "2013-02 correction/acme-hours~2013-01/credit -5.00",
        ])
      #expect(
        try await service.balances() == [
          "credits 30.00", "prepaid -30.00", "receivable 50.00", "revenue.correction -5.00",
          "revenue.prepaid -5.00", "revenue.usage -40.00",
        ], "thirty of the pack are left, and five of what was given expired after all")
      try await service.close(asOf: "2013-05-01")
      #expect(
        try await Self.table(service, ["2013-03", "2013-04"]) == [
          "2013-03 calls 20.00", "2013-03 credit -20.00", "2013-04 calls 20.00",
          "2013-04 credit -10.00",
        ])
      #expect(
        try await service.balances() == [
          "credits 30.00", "prepaid 0.00", "receivable 60.00", "revenue.correction -5.00",
          "revenue.prepaid -5.00", "revenue.usage -80.00",
        ])
    }
  }
}
