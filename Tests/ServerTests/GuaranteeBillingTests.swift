import Access
import Base
import Testing

/// From what devices said of their states to the credit on the invoice, over HTTP.
@Suite("Billing a guarantee")
struct GuaranteeBillingTests {
  private static let states: JSON = [
    "aggregation": "stateTime", "eventTypes": ["state"], "unit": "h", "value": "/is",
    "heartbeatTimeoutSeconds": 2_678_400,
    "states": [
      ["is": "on", "class": "up"], ["is": "off", "class": "down"],
      ["is": "service", "class": "planned"],
    ],
  ]

  private static let clauses: JSON = [
    ["key": "fee", "kind": "flatFee", "amount": "1000.00"],
    [
      "key": "availability", "kind": "availabilityGuarantee", "meter": "state",
      "plannedQuotaSeconds": 3600, "minimumOutageSeconds": 600,
      "bands": [
        ["atLeast": "99", "percent": "0"], ["atLeast": "97", "percent": "10"], ["percent": "20"],
      ],
    ],
    [
      "key": "points", "kind": "bonusMalus", "of": "availability", "target": "99",
      "malus": ["slope": "2"],
    ],
    [
      "key": "scores", "kind": "scorecard", "span": "month",
      "kpis": [
        ["name": "hours", "weight": "1", "meter": "hours", "threshold": "0", "target": "14400"]
      ],
    ],
    ["key": "held", "kind": "holdback", "percent": "5", "scorecard": "scores"],
    ["key": "at-risk", "kind": "atRiskCap", "percent": "8", "capped": ["availability"]],
  ]

  private static func agree(_ service: TestService) async throws {
    try await service.agree()
    try await service.put("meters/state", states)
    try await service.put(
      "contracts/acme-hours",
      [
        "customer": "acme", "currency": "USD", "zone": "UTC", "from": "2013-01-01",
        "clauses": clauses,
      ])
    try await service.put(
      "assets/N2", TestService.asset(("acme-hours", "2012-12-31T00:00:00Z", nil)))
  }

  private static func say(
    _ service: TestService, _ said: [(subject: String, time: String, state: String)]
  ) async throws {
    for (subject, time, state) in said {
      try await service.post(
        SampleEvent(
          id: "\(subject)-\(time)", type: "state", subject: subject, time: "2013-01-\(time):00Z",
          data: ["is": .string(state)]))
    }
  }

  /// N1 was up all month, N2 down for 22 hours besides a blip and two hours of planned work, one
  /// of them beyond its quota: 1,464 of 1,487 hours that count.
  @Test("Two assets' states become an availability, its credit, a cut and a holdback")
  func meterToInvoice() async throws {
    try await TestService.run { service in
      try await Self.agree(service)
      try await Self.say(
        service,
        [
          ("N1", "01T00:00", "on"), ("N2", "01T00:00", "on"), ("N2", "05T01:00", "off"),
          ("N2", "05T23:00", "on"), ("N2", "07T10:00", "off"), ("N2", "07T10:09", "on"),
          ("N2", "09T10:00", "service"), ("N2", "09T12:00", "on"),
        ])
      try await service.post(
        SampleEvent(id: "use", data: ["seconds": 10_800, "cycles": 1]))
      let run = try #require(try await service.bill("2013-01").first)
      #expect(run["outcome"] == "drafted", "\(run.text)")
      let invoice = try #require(
        try await service.invoice("acme-hours~2013-01")["document"])
      let lines = invoice["lines"]?.elements ?? []
      #expect(
        lines.map { line in
          [line["key"], line["stage"], line["amount"]].map { $0?.stringValue ?? "-" }
            .joined(separator: " ")
        } == [
          "fee usage 1000.00", "availability availability -100.00", "points bonusMalus 0.00",
          "scores holdback 0.00", "held/retained holdback -50.00",
          "held/released holdback 37.50", "at-risk cap 20.00",
        ])
      #expect(lines[1]["quantity"] == "146400/1487")
      #expect(
        lines[1]["derivation"]?["sentence"]?.stringValue == """
          Available for 98.453262 % of 1487 h that count, at least 97 %: the credit on \
          1,000.00 USD is -100.00 USD.
          """)
      #expect(lines[1]["evidence"]?.elements?.first?["events"] == 8)
      #expect(lines[2]["flags"] == ["already_penalised"])
      #expect(invoice["total"] == "907.50")
      let report = try await service.client(.accountManager).get("/v1/customers/acme/value-report")
      #expect(report.status == 200, "\(report.text)")
    }
  }

  @Test("Where nobody spoke of an asset, the credit waits and the invoice says so")
  func unknownWaits() async throws {
    try await TestService.run { service in
      try await Self.agree(service)
      try await Self.say(service, [("N1", "01T00:00", "off")])
      _ = try await service.bill("2013-01")
      var line = try await Self.credit(service)
      #expect(line["amount"] == "0.00")
      #expect(line["flags"] == ["not_determinable"])
      #expect(
        line["derivation"]?["sentence"]?.stringValue == """
          50 % of the period is known, less than the 95 % agreed: the availability cannot be \
          told, and its credit waits until more is known.
          """)
      // What comes late is counted as if it had been there from the start.
      try await Self.say(service, [("N2", "01T00:00", "on")])
      _ = try await service.bill("2013-01")
      line = try await Self.credit(service)
      #expect(line["amount"] == "-200.00")
      #expect(line["flags"] == nil)
    }
  }

  /// 90 of 100 in each month: the credit grows with every month in a row, and the quarter's score
  /// of 50 points releases half of what the three months held back.
  @Test("A month rests on those before it: repeats, and a holdback over a quarter")
  func monthsBefore() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.put("contracts/acme-hours", Self.quarterly)
      for month in 1...3 {
        try await service.post(
          SampleEvent(
            id: "\(month)", time: "2013-0\(month)-10T00:00:00Z",
            data: ["seconds": 90, "cycles": 10]))
      }
      var table: [String] = []
      for month in ["2013-01", "2013-02", "2013-03"] {
        let result = try #require(try await service.bill(month).first)
        try #require(result["outcome"] == "drafted", "\(result.text)")
        let document = try await service.invoice("acme-hours~\(month)")["document"]
        for line in document?["lines"]?.elements ?? [] {
          let cells = [line["key"], line["amount"]].map { $0?.stringValue ?? "-" }
          table.append(([month] + cells).joined(separator: " "))
        }
      }
      #expect(
        table == [
          "2013-01 fee 1000.00", "2013-01 availability -100.00", "2013-01 held/retained -50.00",
          "2013-02 fee 1000.00", "2013-02 availability -150.00", "2013-02 held/retained -50.00",
          "2013-03 fee 1000.00", "2013-03 availability -200.00", "2013-03 scores 0.00",
          "2013-03 held/retained -50.00", "2013-03 held/released 75.00",
        ])
      let report = try await service.client(.accountManager).get("/v1/customers/acme/value-report")
      #expect(report.status == 200, "\(report.text)")
    }
  }

  private static let quarterly: JSON = [
    "customer": "acme", "currency": "USD", "zone": "UTC", "from": "2013-01-01",
    "clauses": [
      ["key": "fee", "kind": "flatFee", "amount": "1000.00"],
      [
        "key": "availability", "kind": "availabilityGuarantee",
        "energy": ["actual": "hours", "lost": "cycles"], "repeats": ["1", "1.5", "2"],
        "bands": [["atLeast": "97", "percent": "0"], ["percent": "10"]],
      ],
      [
        "key": "scores", "kind": "scorecard", "span": "quarter", "penalisesAgain": true,
        "kpis": [
          [
            "name": "available", "weight": "1", "of": "availability", "threshold": "80",
            "target": "100",
          ]
        ],
      ],
      ["key": "held", "kind": "holdback", "percent": "5", "scorecard": "scores"],
    ],
  ]

  private static func credit(_ service: TestService) async throws -> JSON {
    let invoice = try #require(try await service.invoice("acme-hours~2013-01")["document"])
    let lines = invoice["lines"]?.elements ?? []
    return try #require(lines.first { $0["key"] == "availability" })
  }
}
