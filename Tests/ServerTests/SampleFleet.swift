import Access
import Base
import Testing

/// One flight of an asset, as a device would report it.
struct SampleEvent: Sendable {
  var id: String
  var source = "/fleet"
  var type = "flown"
  var subject: String? = "N1"
  var time: String? = "2013-01-05T10:00:00Z"
  var data: JSON = ["seconds": 3600, "cycles": 1]

  var json: JSON {
    .object([
      "specversion": "1.0", "id": .string(id), "source": .string(source), "type": .string(type),
      "subject": subject.map(JSON.string), "time": time.map(JSON.string), "data": data,
    ])
  }
}

/// A small catalog with round figures: an hour costs 100.00, a cycle 10.00. What is posted need
/// not be plausible, nor does silence mean anything: HeldDraftsTests has drafts that are held.
extension TestService {
  static let hours: JSON = [
    "aggregation": "sum", "eventTypes": ["flown"], "unit": "s", "value": "/seconds",
    "bounds": ["perAssetHour": "1000000", "equalEvents": "count"],
  ]
  static let cycles: JSON = [
    "aggregation": "sum", "eventTypes": ["flown"], "unit": "cycles", "value": "/cycles",
    "bounds": ["equalEvents": "count"],
  ]
  static let flights: JSON = [
    "aggregation": "count", "eventTypes": ["flown"], "unit": "flights",
    "bounds": ["equalEvents": "count"],
  ]

  static func contract(
    _ customer: String, zone: String = "UTC", rate: String = "100.00", hours: String = "hours"
  ) -> JSON {
    [
      "customer": .string(customer), "currency": "USD", "zone": .string(zone),
      "from": "2013-01-01",
      "clauses": [
        [
          "key": "engines", "kind": "severityHours", "hours": .string(hours), "cycles": "cycles",
          "rate": .string(rate), "cycleRate": "10.00", "missing": "zero",
        ]
      ],
      "review": ["jump": "0"],
      "value": ["used": "flights", "planned": "flights"],
    ]
  }

  static func asset(_ assignments: (contract: String, from: String, until: String?)...) -> JSON {
    [
      "assignments": .array(
        assignments.map { contract, from, until in
          .object([
            "contract": .string(contract), "from": .string(from), "until": until.map(JSON.string),
          ])
        })
    ]
  }

  /// What an office said of a month, on the 25th of the month after it where nothing else is said.
  static func publication(_ month: String, _ value: String, on day: String? = nil) -> JSON {
    let next = (try? BillingMonth(month))?.next
    return [
      "month": .string(month), "published": .string(day ?? "\(next!)-25"), "value": .string(value),
    ]
  }

  func put(_ path: String, _ document: JSON) async throws {
    let answer = try await client(.operator).put("/v1/\(path)", document)
    try #require([200, 201].contains(answer.status), "\(path): \(answer.text)")
  }

  func agreeOnMeters() async throws {
    try await put("meters/hours", Self.hours)
    try await put("meters/cycles", Self.cycles)
    try await put("meters/flights", Self.flights)
  }

  /// Customers `acme` with the asset N1 and, where asked for, more of them with N2, N3...
  func agree(on customers: [String] = ["acme"], zone: String = "UTC") async throws {
    try await agreeOnMeters()
    for (index, customer) in customers.enumerated() {
      try await put("customers/\(customer)", ["name": .string("\(customer) & Sons")])
      try await put("contracts/\(customer)-hours", Self.contract(customer, zone: zone))
      try await put(
        "assets/N\(index + 1)", Self.asset(("\(customer)-hours", "2012-12-31T00:00:00Z", nil)))
    }
  }

  /// Posts as a gateway does, corrections and answers too; all of them must be taken.
  func post(_ events: SampleEvent...) async throws {
    let answer = try await client(.scopes(TokenScope.posting)).post(events: events)
    try #require(answer["accepted"] == .integer(events.count), "\(answer.text)")
  }
}
