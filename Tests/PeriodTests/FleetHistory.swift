import Base
import TestSupport

/// Two engines, what they did over some months, and random clauses of every kind about it.
struct FleetHistory {
  static let meters: [String: JSON] = [
    "time": sum("/seconds", "s"), "runs": meter("count", "runs"),
    "bonus": sum("/bonus", "points", allowsNegative: true),
    "tagged": .object([
      "aggregation": "sum", "eventTypes": ["ran"], "unit": "points", "value": "/bonus",
      "allowsNegative": true, "groupBy": ["/tag"],
    ]),
    "results": meter("count", "cases", type: "case"),
    "up": [
      "aggregation": "stateTime", "eventTypes": ["state"], "unit": "h", "value": "/state",
      "heartbeatTimeoutSeconds": 864_000,
      "states": [
        ["is": "up", "class": "up"], ["is": "down", "class": "down"],
        ["is": "half", "class": "degraded", "loss": "0.25"],
      ],
    ],
  ]

  static let clauses = RandomClauses(
    .init(
      hours: "time", count: "runs", sum: "bonus", states: "up", groups: "tagged",
      outcomes: "results"),
    year: 2023)

  let events: [JSON]

  init(in days: Range<Day>, _ random: inout SeededRandom) {
    var events: [JSON] = []
    for number in 0..<random.number(0...25) {
      let figures: JSON = [
        "seconds": .integer(random.number(1...20_000)),
        "bonus": .integer(random.number(-50...200)), "tag": .string(random.pick(["a", "b", "c"])),
      ]
      events.append(Self.event("run-\(number)", "ran", days, figures, &random))
    }
    for number in 0..<random.number(0...8) {
      let state: JSON = ["state": .string(random.pick(["up", "up", "down", "half"]))]
      events.append(Self.event("state-\(number)", "state", days, state, &random))
    }
    for number in 0..<random.number(0...5) {
      let said: JSON = ["outcome": .string("case-\(number)"), "transition": "claim"]
      events.append(Self.event("case-\(number)", "case", days, said, &random))
    }
    self.events = events
  }

  private static func event(
    _ id: String, _ type: String, _ days: Range<Day>, _ data: JSON, _ random: inout SeededRandom
  ) -> JSON {
    let day = days.lowerBound.number + random.number(0...days.count)
    let time = Int64(day) * 86_400 + Int64(random.number(0...47)) * 1800
    return [
      "specversion": "1.0", "id": .string(id), "source": "//test", "type": .string(type),
      "subject": .string(random.pick(["engine-1", "engine-2"])),
      "time": .text(Instant(clampingSeconds: time)), "data": data,
    ]
  }

  private static func sum(_ value: JSON, _ unit: JSON, allowsNegative: JSON = false) -> JSON {
    [
      "aggregation": "sum", "eventTypes": ["ran"], "unit": unit, "value": value,
      "allowsNegative": allowsNegative,
    ]
  }

  private static func meter(_ aggregation: JSON, _ unit: JSON, type: JSON = "ran") -> JSON {
    ["aggregation": aggregation, "eventTypes": [type], "unit": unit]
  }
}
