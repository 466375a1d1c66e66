import Access
import Base
import Testing

/// What a period's usage rests on: readings and levels from before it, holidays, other clocks; and
/// the events that say so.
@Suite("What usage rests on, over HTTP")
struct UsageGroundsTests {
  private static let now = "2026-11-01T12:00:00Z"

  private static func perUnit(_ rate: String) -> JSON {
    ["model": "perUnit", "rate": .string(rate)]
  }

  private static func agree(
    _ service: TestService, _ meter: JSON, _ clause: JSON, zone: String = "UTC"
  ) async throws {
    try await service.put("customers/acme", ["name": "Acme"])
    try await service.put("meters/m", meter)
    try await service.put(
      "contracts/c",
      [
        "customer": "acme", "currency": "EUR", "zone": .string(zone), "from": "2025-01-01",
        "clauses": [clause],
      ])
  }

  private static func say(
    _ service: TestService, _ said: [(id: String, time: String, data: JSON)]
  ) async throws {
    for (id, time, data) in said {
      try await service.post(
        SampleEvent(id: id, type: "said", subject: "acme", time: time, data: data))
    }
  }

  /// Each line: its key, its amount, how many events it rests on, the first and the last of them.
  private static func lines(_ service: TestService, _ month: String) async throws -> [String] {
    _ = try await service.bill(month)
    let invoice = try await service.invoice("c~\(month)")
    return (invoice["document"]?["lines"]?.elements ?? []).map { line in
      let evidence = line["evidence"]?.elements?.first
      return [
        line["key"]?.stringValue, line["amount"]?.stringValue, evidence?["events"]?.text,
        evidence?["first"]?["id"]?.stringValue, evidence?["last"]?["id"]?.stringValue,
      ].map { $0 ?? "-" }.joined(separator: " ")
    }
  }

  @Test(
    "A register is read before the period; a blip is no evidence, and a late reading moves one rise"
  )
  func register() async throws {
    let meter: JSON = [
      "aggregation": "register", "eventTypes": ["said"], "unit": "h", "value": "/r", "places": 1,
    ]
    try await TestService.run(at: Self.now) { service in
      try await Self.agree(
        service, meter,
        ["key": "h", "kind": "usageCharge", "meter": "m", "price": Self.perUnit("1.00")])
      try await Self.say(
        service,
        [
          ("b", "2026-01-10T12:00:00Z", ["r": "1040.0"]),
          ("c", "2026-01-31T23:00:00Z", ["r": "1100.0"]),
          ("x", "2026-01-20T12:00:00Z", ["r": "0.0"]),
          ("a", "2025-12-31T00:00:00Z", ["r": "1000.0"]),
        ])
      #expect(try await Self.lines(service, "2026-01") == ["h 100.00 3 a c"])
      let january = try await service.invoice("c~2026-01")["document"]?["lines"]?.elements
      #expect(january?.first?["flags"] == ["readings_ignored"])
      #expect(try await Self.lines(service, "2025-12") == ["h 0.00 1 a a"])
      let usage = try await service.client(.operator).get(
        "/v1/usage?meter=m&customer=acme&month=2026-01")
      #expect(usage.json?["register"] == ["ignored": 1, "estimated": 0])
      try await Self.say(service, [("d", "2025-12-31T23:00:00Z", ["r": "1001.5"])])
      #expect(try await Self.lines(service, "2026-01") == ["h 98.50 3 d c"])
      #expect(try await Self.lines(service, "2025-12") == ["h 1.50 2 a d"])
    }
  }

  @Test("A level holds for more than a month, and its event is the evidence of every month")
  func level() async throws {
    let meter: JSON = [
      "aggregation": "timeWeightedSum", "eventTypes": ["said"], "unit": "seat-h", "value": "/n",
      "per": "h", "holdSeconds": 31_622_400,
    ]
    try await TestService.run(at: Self.now) { service in
      try await Self.agree(
        service, meter,
        ["key": "s", "kind": "usageCharge", "meter": "m", "price": Self.perUnit("0.01")])
      try await Self.say(
        service,
        [("a", "2025-01-01T00:00:00Z", ["n": 5]), ("b", "2025-11-16T00:00:00Z", ["n": 7])])
      #expect(try await Self.lines(service, "2025-10") == ["s 37.20 1 a a"])
      #expect(try await Self.lines(service, "2025-11") == ["s 43.20 2 a b"])
      #expect(try await Self.lines(service, "2026-03") == ["s 52.08 1 b b"])
    }
  }

  @Test("A state that was said before the period is in its evidence, and what was over is not")
  func state() async throws {
    let meter: JSON = [
      "aggregation": "stateTime", "eventTypes": ["said"], "unit": "h", "value": "/is",
      "heartbeatTimeoutSeconds": 2_678_400,
      "states": [["is": "up", "class": "up"], ["is": "down", "class": "down"]],
    ]
    try await TestService.run(at: Self.now) { service in
      try await Self.agree(
        service, meter,
        ["key": "up", "kind": "usageCharge", "meter": "m", "price": Self.perUnit("1.00")])
      try await Self.say(
        service,
        [
          ("a", "2026-03-29T12:00:00Z", ["is": "down"]),
          ("b", "2026-03-30T12:00:00Z", ["is": "up"]),
        ])
      #expect(try await Self.lines(service, "2026-04") == ["up 708.00 1 b b"])
      #expect(try await Self.lines(service, "2026-03") == ["up 36.00 2 a b"])
    }
  }

  private static let counts: JSON = [
    "aggregation": "sum", "eventTypes": ["said"], "unit": "kWh", "value": "/n", "groupBy": ["/at"],
  ]

  private static func tariff(_ more: [JSON.Member], days: JSON? = nil) -> JSON {
    let time: JSON = .object(["days": days, "from": "07:00", "until": "20:00"])
    return .object(
      [
        .init("key", "e"), .init("kind", "timeOfDay"), .init("meter", "m"),
        .init("bands", [["name": "day", "times": [time], "price": perUnit("0.30")]]),
        .init("otherwise", perUnit("0.10")),
      ] + more)
  }

  private static let noons: [(id: String, time: String, data: JSON)] = [
    ("a", "2026-01-01T12:00:00Z", ["n": 10]), ("b", "2026-01-02T12:00:00Z", ["n": 10]),
    ("c", "2026-01-02T22:00:00Z", ["n": 10]),
  ]

  @Test("Holidays are no days of the week; a line of a band rests on its own events")
  func holidays() async throws {
    try await TestService.run(at: Self.now) { service in
      try await service.put("calendars/at", ["holidays": ["2026-01-06", "2026-01-01"]])
      try await Self.agree(service, Self.counts, Self.tariff([.init("holidays", "at")]))
      try await Self.say(service, Self.noons)
      #expect(
        try await Self.lines(service, "2026-01") == ["e/day 3.00 1 b b", "e/otherwise 2.00 2 a c"])
      let document = try await service.invoice("c~2026-01")["document"]
      #expect(document?["calendars"] == [["key": "at", "version": 1]])
      // The same days, with a band of holidays.
      let days: JSON = ["friday", "holiday"]
      try await Self.agree(service, Self.counts, Self.tariff([.init("holidays", "at")], days: days))
      #expect(
        try await Self.lines(service, "2026-01") == ["e/day 6.00 2 a b", "e/otherwise 1.00 1 c c"])
    }
  }

  @Test("A tariff may keep other clocks than the contract")
  func zone() async throws {
    try await TestService.run(at: Self.now) { service in
      try await Self.agree(
        service, Self.counts, Self.tariff([.init("zone", "Etc/GMT-1")]), zone: "Europe/Berlin")
      // 06:30 of the tariff, 07:30 in Berlin; and 07:00 of the tariff.
      try await Self.say(
        service,
        [
          ("a", "2026-07-01T05:30:00Z", ["n": 10]), ("b", "2026-07-01T06:00:00Z", ["n": 10]),
        ])
      #expect(
        try await Self.lines(service, "2026-07") == ["e/day 3.00 1 b b", "e/otherwise 1.00 1 a a"])
    }
  }

  @Test("What a clause names is there when it is agreed")
  func refusals() async throws {
    try await TestService.run(at: Self.now) { service in
      try await Self.agree(service, Self.counts, Self.tariff([]))
      for (clause, pointer) in [
        (Self.tariff([.init("zone", "Mars/Olympus")]), "/clauses/0/zone"),
        (Self.tariff([.init("holidays", "nowhere")]), "/clauses/0/holidays"),
        (Self.tariff([], days: ["holiday"]), "/clauses/0/bands"),
      ] {
        let answer = try await service.client(.operator).put(
          "/v1/contracts/c",
          [
            "customer": "acme", "currency": "EUR", "zone": "UTC", "from": "2025-01-01",
            "clauses": [clause],
          ])
        #expect(answer.status == 422)
        #expect(answer.json?["errors"]?.elements?.map { $0["pointer"] } == [.string(pointer)])
      }
    }
  }

  @Test("A line of a group rests on the events of the group")
  func groups() async throws {
    try await TestService.run(at: Self.now) { service in
      try await Self.agree(
        service, Self.counts,
        ["key": "g", "kind": "matrix", "meter": "m", "prices": [], "otherwise": Self.perUnit("1")])
      try await Self.say(
        service,
        [
          ("a", "2026-01-01T12:00:00Z", ["n": 1, "at": "x"]),
          ("b", "2026-01-02T12:00:00Z", ["n": 2, "at": "y"]),
          ("c", "2026-01-03T12:00:00Z", ["n": 4, "at": "x"]),
        ])
      #expect(
        try await Self.lines(service, "2026-01") == [
          #"g/["x"] 5.00 2 a c"#, #"g/["y"] 2.00 1 b b"#,
        ])
    }
  }

  @Test("A line of the days of one version rests on the events of these days")
  func versions() async throws {
    let meter: JSON = [
      "aggregation": "sum", "eventTypes": ["said"], "unit": "kWh", "value": "/n",
    ]
    func contract(_ rate: String, _ effective: String) -> JSON {
      [
        "customer": "acme", "currency": "EUR", "zone": "UTC", "from": "2025-01-01",
        "effective": .string(effective),
        "clauses": [
          ["key": "h", "kind": "usageCharge", "meter": "m", "price": Self.perUnit(rate)]
        ],
      ]
    }
    try await TestService.run(at: Self.now) { service in
      try await service.put("customers/acme", ["name": "Acme"])
      try await service.put("meters/m", meter)
      try await service.put("contracts/c", contract("1.00", "2025-01-01"))
      try await service.put("contracts/c", contract("2.00", "2026-01-16"))
      try await Self.say(
        service,
        [("a", "2026-01-10T12:00:00Z", ["n": 5]), ("b", "2026-01-16T00:00:00Z", ["n": 7])])
      #expect(
        try await Self.lines(service, "2026-01") == ["h 5.00 1 a a", "h@2026-01-16 14.00 1 b b"])
    }
  }
}
