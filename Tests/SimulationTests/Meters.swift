import Base

/// The meters of the histories beside those that are billed, as documents.
enum Meters {
  /// Every history has some of them, from the start or from somewhere in the middle.
  static let all: [String: JSON] = [
    "least": number("min"), "greatest": number("max"), "last": number("latest"),
    "mean": number("mean"),
    "tags": document("uniqueCount", [.init("value", "/tag")]),
    "thousands": number(
      "sum",
      [
        .init(
          "convert",
          ["to": "k", "factor": "1/1000", "when": "before", "rounding": "up"])
      ]),
    "ninetieth": number("percentile", [.init("percent", "90")]),
    "energy": number("timeWeightedSum", [.init("holdSeconds", 7200), .init("per", "h")]),
    "rising": number(
      "register", [.init("rollsOverAt", 1_500_000), .init("places", 0)]),
    "spell": document(
      "duration", [.init("length", "/seconds"), .init("longestSeconds", 20_000)], unit: "h"),
    "grouped": number(
      "sum",
      [
        .init("where", [["at": "/tag", "not": ["c"]]]), .init("groupBy", ["/tag"]),
      ]),
    "states": document(
      "stateTime",
      [
        .init("value", "/state"), .init("heartbeatTimeoutSeconds", 5400),
        .init(
          "states",
          [
            ["is": "up", "class": "up"], ["is": "down", "class": "down"],
            ["is": "half", "class": "degraded", "loss": "0.25"],
            ["is": "ticket", "class": "down", "holdSeconds": 90_000],
            ["is": "shut", "class": "silent"],
          ]),
      ]),
  ]

  static let names = all.keys.sorted()

  private static func number(_ aggregation: String, _ members: [JSON.Member] = []) -> JSON {
    document(
      aggregation, [.init("value", "/bonus"), .init("allowsNegative", true)] + members)
  }

  private static func document(
    _ aggregation: String, _ members: [JSON.Member], unit: String = "s"
  ) -> JSON {
    .object(
      [
        .init("aggregation", .string(aggregation)), .init("eventTypes", ["ran", "hovered"]),
        .init("unit", .string(unit)),
      ] + members)
  }
}
