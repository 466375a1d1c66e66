import Access
import Base
import Testing

/// What billing would park is refused when it is agreed on.
@Suite("Clauses and the meters they read")
struct MeterFitTests {
  private static let meters: [(key: String, document: JSON)] = [
    ("time", ["aggregation": "sum", "eventTypes": ["f"], "unit": "s", "value": "/n"]),
    ("money", ["aggregation": "sum", "eventTypes": ["f"], "unit": "EUR", "value": "/n"]),
    ("peak", ["aggregation": "max", "eventTypes": ["f"], "unit": "EUR", "value": "/n"]),
    ("count", ["aggregation": "count", "eventTypes": ["f"], "unit": "cycles"]),
    (
      "regions",
      [
        "aggregation": "sum", "eventTypes": ["f"], "unit": "GB", "value": "/n",
        "groupBy": ["/region", "/class"],
      ]
    ),
  ]

  private static let price: JSON = ["model": "perUnit", "rate": "1.00"]

  /// A clause, where the fault is, and how its sentence ends; nil where there is none.
  private static let clauses: [(clause: JSON, pointer: String?, detail: String)] = [
    (
      [
        "kind": "severityHours", "hours": "count", "cycles": "count", "rate": "1", "cycleRate": "1",
      ], "/hours", "meter `count` counts `cycles`, not s, min or h"
    ),
    (
      [
        "kind": "severityHours", "hours": "time", "cycles": "count", "rate": "1", "cycleRate": "1",
        "environment": [["meter": "time", "factor": "1.1"], ["meter": "money", "factor": "1.2"]],
      ], "/environment/1/meter", "meter `money` counts `EUR`, not s, min or h"
    ),
    (
      [
        "kind": "severityHours", "hours": "time", "cycles": "count", "rate": "1", "cycleRate": "1",
      ], nil, ""
    ),
    (
      ["kind": "minimumUtilisation", "hours": "money", "minimum": "10", "rate": "1"], "/hours",
      "meter `money` counts `EUR`, not s, min or h"
    ),
    (
      [
        "kind": "minimumUtilisation", "hours": "time", "minimum": "10", "rate": "1",
        "excused": "count",
      ], "/excused", "meter `count` counts `cycles`, not s, min or h"
    ),
    (
      ["kind": "usageCharge", "meter": "money", "price": price, "averaged": true], "/meter",
      "meter `money` counts `EUR`; only time, or a level times time, has an average"
    ),
    (
      [
        "kind": "matrix", "meter": "money",
        "prices": [["group": ["eu"], "price": price]],
      ], "/meter", "meter `money` has no groups to price one by one"
    ),
    (
      [
        "kind": "matrix", "meter": "regions",
        "prices": [["group": ["eu"], "price": price]],
      ], "/meter", "meter `regions` tells groups apart by 2 values, not by 1"
    ),
    (
      ["kind": "percentage", "meter": "peak", "rate": "1", "fixed": "0.10"], "/meter",
      "meter `peak` does not sum up what its events carry"
    ),
    (["kind": "percentage", "meter": "money", "rate": "1", "fixed": "0.10"], nil, ""),
    (
      [
        "kind": "availabilityGuarantee", "meter": "time",
        "bands": [["atLeast": "99", "percent": "0"], ["percent": "10"]],
      ], "/meter", "meter `time` watches no states"
    ),
  ]

  private static func contract(_ clause: JSON) -> JSON {
    guard case .object(let members) = clause else { return clause }
    return [
      "customer": "acme", "currency": "EUR", "zone": "UTC", "from": "2013-01-01",
      "clauses": [.object([.init("key", "c")] + members)],
    ]
  }

  @Test("A clause whose meter cannot serve it is refused, with the place and the reason")
  func clauses() async throws {
    try await TestService.run { service in
      try await service.put("customers/acme", ["name": "Acme"])
      for meter in Self.meters { try await service.put("meters/\(meter.key)", meter.document) }
      let `operator` = service.client(.operator)
      for (place, (clause, pointer, detail)) in Self.clauses.enumerated() {
        let answer = try await `operator`.put("/v1/contracts/c\(place)", Self.contract(clause))
        guard let pointer else {
          #expect(answer.status == 201, "\(answer.text)")
          continue
        }
        answer.expectProblem(422, "invalid_value", at: ["/clauses/0\(pointer)"], "\(answer.text)")
        #expect(answer["detail"]?.stringValue == detail)
      }
    }
  }

  @Test("A meter and a clause that are proposed together are held against each other")
  func together() async throws {
    try await TestService.run { service in
      let clause: JSON = [
        "kind": "minimumUtilisation", "hours": "time", "minimum": "10", "rate": "1",
      ]
      func catalog(_ unit: String) -> JSON {
        [
          "customers": ["acme": ["name": "Acme"]],
          "meters": [
            "time": [
              "aggregation": "sum", "eventTypes": ["f"], "unit": .string(unit), "value": "/n",
            ]
          ],
          "contracts": ["c": Self.contract(clause)],
        ]
      }
      let `operator` = service.client(.operator)
      try await `operator`.post("/v1/catalog", catalog("kWh"))
        .expectProblem(422, "invalid_value", at: ["/contracts/c/clauses/0/hours"])
      #expect(try await `operator`.post("/v1/catalog", catalog("min")).status == 200)
      let answer = try await `operator`.put(
        "/v1/meters/time",
        ["aggregation": "sum", "eventTypes": ["f"], "unit": "kWh", "value": "/n"])
      answer.expectProblem(422, "invalid_value", at: ["/unit"])
      #expect(
        answer["detail"] == """
          clause `c` of contract `c` reads it, and it counts `kWh`, not s, min or h
          """)
    }
  }
}
