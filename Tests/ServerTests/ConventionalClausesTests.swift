import Access
import Base
import Testing

/// From events over meters and clauses to the invoice, through the HTTP API.
@Suite("Conventional models over HTTP")
struct ConventionalClausesTests {
  private static let price: JSON = ["model": "perUnit", "rate": "0.10"]

  private static func meter(_ value: String, unit: JSON, _ more: [JSON.Member] = []) -> JSON {
    .object(
      [
        .init("aggregation", "sum"), .init("eventTypes", ["paid"]), .init("unit", unit),
        .init("value", .string(value)), .init("places", 2), .init("allowsNegative", true),
      ] + more)
  }

  private static let clauses: JSON = [
    [
      "key": "cards", "kind": "percentage", "meter": "payments", "rate": "2.99", "fixed": "0",
      "minimumPerEvent": "1.75", "maximumPerEvent": "12",
    ],
    [
      "key": "regions", "kind": "matrix", "meter": "regions",
      "prices": [["group": ["eu"], "price": price]],
      "otherwise": ["model": "perUnit", "rate": "0.20"],
    ],
    [
      "key": "hours", "kind": "timeOfDay", "meter": "counts",
      "bands": [
        ["name": "night", "times": [["from": "00:00", "until": "06:30"]], "price": price]
      ], "otherwise": ["model": "perUnit", "rate": "0.30"],
    ],
    ["key": "fee", "kind": "recurringFee", "amount": "31.00", "every": "month", "day": 1],
    [
      "key": "coupons", "kind": "discount", "clauses": ["fee"],
      "coupons": [["name": "ten", "percent": "10"]],
    ],
    ["key": "least", "kind": "minimumCommitment", "amount": "100.00"],
    ["key": "most", "kind": "maximumSpend", "amount": "90.00"],
    [
      "key": "credit", "kind": "prepaidCredit",
      "grants": [["name": "given", "amount": "100.00", "from": "2013-01"]],
    ],
  ]

  private func agree(_ service: TestService, _ clauses: JSON) async throws {
    try await service.agreeOnMeters()
    try await service.put("meters/payments", Self.meter("/amount", unit: "USD"))
    try await service.put(
      "meters/regions", Self.meter("/count", unit: "calls", [.init("groupBy", ["/region"])]))
    try await service.put("meters/counts", Self.meter("/count", unit: "calls"))
    try await service.put("customers/acme", ["name": "Acme"])
    try await service.put(
      "contracts/acme-hours",
      [
        "customer": "acme", "currency": "USD", "zone": "America/New_York", "from": "2013-01-01",
        "clauses": clauses,
      ])
    try await service.put(
      "assets/N1", TestService.asset(("acme-hours", "2012-12-31T00:00:00Z", nil)))
    try await service.put(
      "assets/N2", TestService.asset(("acme-hours", "2012-12-31T00:00:00Z", nil)))
  }

  private func pay(
    _ service: TestService, _ payments: [(String, JSON)], subject: String = "N1"
  ) async throws {
    for (time, data) in payments {
      try await service.post(
        SampleEvent(id: time, type: "paid", subject: subject, time: time, data: data))
    }
  }

  /// The lines of an invoice as a person would list them.
  private func lines(_ service: TestService, _ key: String) async throws -> [String] {
    let invoice = try await service.invoice(key)
    return invoice["document"]?["lines"]?.elements?.map { line in
      "\(line["key"]?.stringValue ?? "-") \(line["amount"]?.stringValue ?? "-")"
    } ?? []
  }

  @Test("A month of every kind comes to its lines, in the order of their stages")
  func everyKind() async throws {
    try await TestService.run { service in
      try await agree(service, Self.clauses)
      try await pay(
        service,
        [
          // Half past six in New York is half past eleven in UTC.
          ("2013-01-03T11:29:59Z", ["amount": 10, "count": 100, "region": "eu"]),
          ("2013-01-03T11:30:00Z", ["amount": 80, "count": 50, "region": "us"]),
          ("2013-02-01T04:59:59Z", ["amount": 10_000, "count": 1, "region": "eu"]),
        ])
      let bill = try #require(try await service.bill("2013-01").first)
      #expect(bill["outcome"] == "drafted", "\(bill.text)")
      #expect(
        try await lines(service, "acme-hours~2013-01") == [
          "cards 16.14", #"regions/["eu"] 10.10"#, #"regions/["us"] 10.00"#, "hours/night 10.00",
          "hours/otherwise 15.30", "fee/2013-01-01 31.00", "coupons -3.10", "least 7.46",
          "most -6.90", "credit -90.00",
        ])
      #expect(bill["total"] == "0.00")
      // Of what was given ten are left for February, in which nothing is used.
      _ = try await service.bill("2013-02")
      #expect(
        try await lines(service, "acme-hours~2013-02") == [
          "cards 0.00", "regions 0.00", "hours/night 0.00", "hours/otherwise 0.00",
          "fee/2013-02-01 31.00", "coupons -3.10", "least 69.00", "most -6.90", "credit -10.00",
        ])
    }
  }

  @Test("Each asset by itself reaches its own minimum")
  func perAsset() async throws {
    try await TestService.run { service in
      try await agree(
        service,
        [
          [
            "key": "cards", "kind": "percentage", "meter": "payments", "rate": "1",
            "freeEvents": 1, "perAsset": true,
          ],
          [
            "key": "least", "kind": "minimumCommitment", "amount": "5.00", "clauses": ["cards"],
            "perAsset": true,
          ],
        ])
      try await pay(
        service,
        [
          ("2013-01-03T10:00:00Z", ["amount": 900, "count": 1]),
          ("2013-01-04T10:00:00Z", ["amount": 900, "count": 1]),
        ])
      try await pay(
        service, [("2013-01-05T10:00:00Z", ["amount": 200, "count": 1])], subject: "N2")
      _ = try await service.bill("2013-01")
      #expect(
        try await lines(service, "acme-hours~2013-01") == [
          "cards/N1 9.00", "cards/N2 0.00", "least/N1 0.00", "least/N2 5.00",
        ])
    }
  }
}
