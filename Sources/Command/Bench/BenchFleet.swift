import Base

/// What has been agreed before the first event: every asset of the fleet serves a contract, and
/// two meters read every event, so that nothing is unmatched and each event moves two buckets.
enum BenchFleet {
  static func put(with client: APIClient) async throws {
    for (path, document) in meters + agreements + assets {
      _ = try await client.put(path, document)
    }
  }

  private static let meters: [(String, JSON)] = [
    (
      "/v1/meters/engine-time",
      [
        "aggregation": "sum", "eventTypes": [.string(EventStream.type)], "unit": "s",
        "value": "/seconds",
      ]
    ),
    (
      "/v1/meters/engine-runs",
      ["aggregation": "count", "eventTypes": [.string(EventStream.type)], "unit": "runs"]
    ),
  ]

  private static var agreements: [(String, JSON)] {
    (0..<EventStream.gatewayCount).flatMap { number in
      let key = "operator-\(number)"
      return [
        ("/v1/customers/\(key)", ["name": .string("Operator \(number)")] as JSON),
        ("/v1/contracts/\(key)", contract(of: key)),
      ]
    }
  }

  private static func contract(of customer: String) -> JSON {
    [
      "customer": .string(customer), "currency": "EUR", "zone": "Europe/Berlin",
      "from": "2023-01-01",
      "clauses": [
        [
          "key": "engines", "kind": "severityHours", "hours": "engine-time",
          "cycles": "engine-runs", "rate": "100.00", "cycleRate": "10.00",
        ]
      ],
    ]
  }

  private static var assets: [(String, JSON)] {
    (0..<EventStream.subjectCount).map { number in
      let digits = String(EventStream.subjectCount + number).dropFirst()
      return ("/v1/assets/engine-\(digits)", asset(number))
    }
  }

  private static func asset(_ number: Int) -> JSON {
    let contract = "operator-\(number % EventStream.gatewayCount)"
    return [
      "assignments": [["contract": .string(contract), "from": "2023-01-01T00:00:00Z"]]
    ]
  }
}
