import Access
import Base
import Testing

/// The evidence of a line is every event without which it would be another one, also from before
/// the period, and no other; and a line leads to just these events, and each of them to the line.
@Suite("Evidence, line by line")
struct LineEvidenceTests {
  private static let draft = "deal~2013-01"

  private static func perUnit(_ rate: String) -> JSON {
    ["model": "perUnit", "rate": .string(rate)]
  }

  private static func volume(_ rate: String) -> JSON {
    ["model": "volume", "tiers": [["upTo": "100", "rate": .string(rate)], ["rate": "0.50"]]]
  }

  /// Clauses that change on the 16th of January, and those that do not.
  private static func clauses(_ rate: String) -> JSON {
    let bands: JSON = [
      ["name": "day", "times": [["from": "07:00", "until": "20:00"]], "price": perUnit("1.00")]
    ]
    let prices: JSON = [["group": ["a"], "price": perUnit("1.00")]]
    func usage(_ key: String, _ meter: String, _ price: JSON) -> JSON {
      [
        "key": .string(key), "kind": "usageCharge", "meter": .string(meter), "price": price,
      ]
    }
    func percentage(_ key: String, _ more: [JSON.Member]) -> JSON {
      .object(
        [
          .init("key", .string(key)), .init("kind", "percentage"), .init("meter", "use"),
          .init("rate", .string(rate)),
        ] + more)
    }
    return [
      [
        "key": "band", "kind": "timeOfDay", "meter": "use", "bands": bands,
        "otherwise": perUnit("2"),
      ],
      [
        "key": "kind", "kind": "matrix", "meter": "kinds", "prices": prices,
        "otherwise": perUnit("2"),
      ],
      percentage("plain", []), percentage("free", [.init("freeAmount", "100")]),
      percentage("each", [.init("fixed", "0.10")]),
      percentage("first", [.init("freeEvents", 1)]),
      usage("linear", "use", perUnit(rate)), usage("volume", "use", volume(rate)),
      usage("rise", "register", perUnit("1.00")), usage("level", "level", perUnit("0.01")),
      [
        "key": "solved", "kind": "confirmedOutcome", "meter": "cases",
        "prices": [["confirmed": "0.99", "assumed": "0.79"]], "confirmWithinHours": 168,
        "reverseWithinHours": 720,
      ],
    ]
  }

  private static func contract(_ rate: String, effective: String? = nil) -> JSON {
    .object([
      "customer": "acme", "currency": "USD", "zone": "UTC", "from": "2012-12-01",
      "effective": effective.map(JSON.string), "clauses": clauses(rate),
    ])
  }

  private static func meter(_ type: String, _ more: [JSON.Member]) -> JSON {
    .object([.init("eventTypes", [.string(type)]), .init("unit", "units")] + more)
  }

  private static func agree(_ service: TestService) async throws {
    try await service.put("customers/acme", ["name": "Acme"])
    let sum: [JSON.Member] = [.init("aggregation", "sum"), .init("value", "/n")]
    try await service.put("meters/use", meter("use", sum))
    try await service.put("meters/kinds", meter("use", sum + [.init("groupBy", ["/kind"])]))
    try await service.put(
      "meters/register", meter("read", [.init("aggregation", "register"), .init("value", "/n")]))
    try await service.put(
      "meters/level",
      meter(
        "level",
        [
          .init("aggregation", "timeWeightedSum"), .init("value", "/n"), .init("per", "h"),
          .init("holdSeconds", 31_622_400),
        ]))
    try await service.put("meters/cases", meter("case", [.init("aggregation", "count")]))
    try await service.put("contracts/deal", contract("1"))
    try await service.put("contracts/deal", contract("2", effective: "2013-01-16"))
  }

  private static func event(_ id: String, _ type: String, _ time: String, _ data: JSON)
    -> SampleEvent
  {
    SampleEvent(id: id, type: type, subject: "acme", time: "\(time):00Z", data: data)
  }

  private static func said(_ id: String, _ time: String) -> SampleEvent {
    let words = id.split(separator: " ").map(String.init)
    return event(
      id, "case", time, ["outcome": .string(words[0]), "transition": .string(words[1])])
  }

  private static func run(_ body: (TestService) async throws -> Void) async throws {
    try await TestService.run { service in
      try await agree(service)
      try await service.post(
        event("old", "use", "2012-12-20T10:00", ["n": 5, "kind": "a"]),
        event("first", "use", "2013-01-05T10:00", ["n": 80, "kind": "a"]),
        event("second", "use", "2013-01-20T23:00", ["n": 80, "kind": "b"]),
        event("read 1", "read", "2012-12-10T10:00", ["n": 100]),
        event("read 2", "read", "2012-12-31T10:00", ["n": 110]),
        event("read 3", "read", "2013-01-10T10:00", ["n": 130]),
        event("blip", "read", "2013-01-11T10:00", ["n": 3]),
        event("level 1", "level", "2012-12-05T00:00", ["n": 9]),
        event("level 2", "level", "2012-12-06T00:00", ["n": 5]),
        said("good claim", "2012-12-28T10:00"), said("good confirm", "2013-01-03T10:00"),
        said("quiet claim", "2013-01-10T10:00"), said("bad claim", "2012-12-30T10:00"),
        said("bad reject", "2013-01-02T10:00"), said("bad confirm", "2013-01-04T10:00"),
        said("open claim", "2013-01-28T10:00"), said("back claim", "2012-12-10T10:00"),
        said("back reverse", "2013-01-09T10:00"))
      _ = try await service.bill("2013-01")
      try await body(service)
    }
  }

  private static func events(_ service: TestService, _ line: String) async throws -> [JSON] {
    let key = line.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return try await service.client(.finance)
      .everything(in: "/v1/events?invoice=\(draft)&line=\(key)&limit=2")
  }

  @Test("A line leads to its events alone: of its band, its group, its segment, and from before")
  func narrow() async throws {
    let both = ["first", "second"]
    let table: [(line: String, events: [String])] = [
      ("band/day", ["first"]), ("band/otherwise", ["second"]),
      (#"kind/["a"]"#, ["first"]), (#"kind/["b"]"#, ["second"]),
      ("plain", ["first"]), ("plain@2013-01-16", ["second"]),
      ("free", ["first"]), ("free@2013-01-16", both),
      ("each", ["first"]), ("each@2013-01-16", ["second"]),
      ("first", ["first"]), ("first@2013-01-16", both),
      ("linear", ["first"]), ("linear@2013-01-16", ["second"]),
      ("volume", both), ("volume@2013-01-16", both),
      ("rise", ["read 2", "read 3"]), ("level", ["level 2"]),
      ("solved/billed", ["good claim", "good confirm", "quiet claim", "bad claim", "bad reject"]),
      ("solved/clawback", ["back claim", "back reverse"]),
    ]
    try await Self.run { service in
      let lines = try await service.invoice(Self.draft)["document"]?["lines"]?.elements ?? []
      #expect(lines.map { $0["key"]?.stringValue } == table.map(\.line))
      for (line, (key, ids)) in zip(lines, table) {
        let told = (line["evidence"]?.elements ?? []).compactMap { Int($0["events"]?.text ?? "") }
        #expect(told.reduce(0, +) == ids.count, "\(key)")
        let found = try await Self.events(service, key)
        #expect(
          found.compactMap { $0["id"]?.stringValue }.sorted() == ids.sorted(), "\(key)")
      }
    }
  }

  @Test("An event leads to the lines that lead to it, and to no other")
  func bothWays() async throws {
    try await Self.run { service in
      let finance = service.client(.finance)
      let lines = try await service.invoice(Self.draft)["document"]?["lines"]?.elements ?? []
      var there: Set<String> = []
      for line in lines.compactMap({ $0["key"]?.stringValue }) {
        for event in try await Self.events(service, line) {
          there.insert("\(event["sequence"]?.text ?? "-") \(line)")
        }
      }
      var back: Set<String> = []
      for event in try await finance.everything(in: "/v1/events") {
        let number = event["sequence"]?.text ?? "-"
        for line in try await finance.get("/v1/events/\(number)")["invoiceLines"]?.elements ?? [] {
          back.insert("\(number) \(line["line"]?.stringValue ?? "-")")
        }
      }
      #expect(there == back)
      #expect(there.count > 20)
    }
  }
}
