import Base

/// The meters of the settled histories, by their keys.
enum SettledMeters {
  static let all: [String: JSON] = [
    "time": sum("/seconds", "s"),
    "runs": document("count", "runs"),
    "bonus": sum("/bonus", "points", [.init("allowsNegative", true)]),
    "tagged": sum("/bonus", "points", [.init("allowsNegative", true), .init("groupBy", ["/tag"])]),
    "results": document("count", "cases", types: ["case"]),
    "up": document(
      "stateTime", "h",
      [
        .init("value", "/state"), .init("heartbeatTimeoutSeconds", 864_000),
        .init(
          "states",
          [
            ["is": "up", "class": "up"], ["is": "down", "class": "down"],
            ["is": "half", "class": "degraded", "loss": "0.25"],
          ]),
      ], types: ["state"]),
    "spell": document(
      "duration", "h", [.init("length", "/seconds"), .init("longestSeconds", 259_200)]),
    "greatest": ofBonus("max"), "last": ofBonus("latest"), "mean": ofBonus("mean"),
    "energy": ofBonus("timeWeightedSum", [.init("holdSeconds", 259_200), .init("per", "h")]),
    "ninetieth": ofBonus("percentile", [.init("percent", "90")]),
    "tags": document("uniqueCount", "tags", [.init("value", "/tag")]),
  ]

  /// Some of them, as they may be changed later on: for all time, also for what was billed.
  static let changed: [String: JSON] = [
    "runs": document("count", "runs", types: ["ran", "rested"]),
    "bonus": sum(
      "/bonus", "points",
      [.init("allowsNegative", true), .init("where", [["at": "/tag", "not": ["c"]]])]),
    "greatest": ofBonus("min"),
  ]

  /// Those that are more than a count or a sum of what lies in a period.
  static let sampled = ["spell", "greatest", "last", "mean", "energy", "ninetieth", "tags"]

  private static func ofBonus(_ aggregation: String, _ members: [JSON.Member] = []) -> JSON {
    document(
      aggregation, "points",
      [.init("value", "/bonus"), .init("allowsNegative", true)] + members)
  }

  private static func sum(
    _ value: String, _ unit: String, _ members: [JSON.Member] = []
  ) -> JSON {
    document("sum", unit, [.init("value", .string(value))] + members)
  }

  private static func document(
    _ aggregation: String, _ unit: String, _ members: [JSON.Member] = [], types: JSON = ["ran"]
  ) -> JSON {
    .object(
      [
        .init("aggregation", .string(aggregation)), .init("eventTypes", types),
        .init("unit", .string(unit)),
      ] + members)
  }
}
