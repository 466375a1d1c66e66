import Base
import Console

/// What has been agreed before the first event: every asset of the fleet serves a contract, and
/// two meters read every event, so that nothing is unmatched and each event moves two buckets.
enum BenchFleet {
  static func put(with client: APIClient) async throws {
    for (key, document) in meters { _ = try await client.put("/v1/meters/\(key)", document) }
    for (path, document) in agreements + assets { _ = try await client.put(path, document) }
  }

  /// By their keys.
  static let meters: [(String, JSON)] = [
    (
      "engine-time",
      [
        "aggregation": "sum", "eventTypes": [.string(EventGenerator.type)], "unit": "s",
        "value": "/seconds",
        // Engines are drawn at random, and fly many legs at a time.
        "bounds": ["perAssetHour": "1000000000", "equalEvents": "count"],
      ]
    ),
    (
      "engine-runs",
      [
        "aggregation": "count", "eventTypes": [.string(EventGenerator.type)], "unit": "runs",
        "bounds": ["equalEvents": "count"],
      ]
    ),
  ]

  private static var agreements: [(String, JSON)] {
    (0..<EventGenerator.gatewayCount).flatMap { number in
      let key = "operator-\(number)"
      return [
        ("/v1/customers/\(key)", ["name": .string("Operator \(number)")] as JSON),
        ("/v1/contracts/\(key)", contract(of: key)),
      ]
    } + [("/v1/contracts/\(BenchContract.key)", BenchContract.document())]
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
    (0..<EventFleet.thousand.subjectCount).map { number in
      let engine = EventGenerator.subject(number)
      let contract =
        engine == BenchContract.engine
        ? BenchContract.key : "operator-\(number % EventGenerator.gatewayCount)"
      return ("/v1/assets/\(engine)", asset(under: contract))
    }
  }

  static func asset(under contract: String) -> JSON {
    ["assignments": [["contract": .string(contract), "from": "2023-01-01T00:00:00Z"]]]
  }
}
