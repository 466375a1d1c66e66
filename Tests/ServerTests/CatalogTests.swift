import Access
import Base
import NIOHTTP1
import Testing

@Suite("The catalog")
struct CatalogTests {
  /// One thing of each kind, and the same thing changed.
  private static let things: [(kind: String, key: String, JSON, changed: JSON)] = [
    ("customers", "acme", ["name": "Acme"], ["name": "Acme Ltd"]),
    ("meters", "hours", TestService.hours, TestService.flights),
    ("meters", "cycles", TestService.cycles, TestService.flights),
    ("meters", "flights", TestService.flights, TestService.cycles),
    (
      "index-series", "labour",
      ["places": 1, "publications": [TestService.publication("2013-01", "149.7")]],
      ["places": 2, "publications": []]
    ),
    (
      "taxes", "vat",
      ["name": "VAT", "category": "S", "rates": [["from": "2013-01-01", "rate": "0.20"]]],
      ["name": "VAT", "category": "Z", "rates": []]
    ),
    (
      "calendars", "at", ["holidays": ["2013-01-01"]],
      ["name": "Austria", "holidays": ["2013-01-01", "2013-01-06"]]
    ),
    (
      "contracts", "acme-hours", TestService.contract("acme"),
      TestService.contract("acme", rate: "1.00")
    ),
    (
      "assets", "N1", TestService.asset(("acme-hours", "2013-01-01T00:00:00Z", nil)),
      TestService.asset(("acme-hours", "2013-01-01T00:00:00Z", "2014-01-01T00:00:00Z"))
    ),
  ]

  @Test("Each kind is put, got, listed, changed, and put back without becoming a new version")
  func versions() async throws {
    try await TestService.run { service in
      let `operator` = service.client(.operator)
      for (kind, key, document, changed) in Self.things {
        let path = "/v1/\(kind)/\(key)"
        try await `operator`.get(path).expectProblem(404, "not_found", at: [])
        let made = try await `operator`.put(path, document)
        #expect(made.status == 201, "\(made.text)")
        #expect(made.header("etag") == "\"1\"")
        #expect(made["key"] == .string(key))
        #expect(made["version"] == 1)
        let got = try await `operator`.get(path)
        #expect(got.bytes == made.bytes)
        #expect(got.header("etag") == "\"1\"")

        let again = try await `operator`.put(path, try #require(got.json))
        #expect(again.status == 200, "what a GET answered can be put back: \(again.text)")
        #expect(again.bytes == made.bytes)
        let second = try await `operator`.put(path, changed)
        #expect(second.status == 200)
        #expect(second["version"] == 2)
        let back = try await `operator`.put(path, document)
        #expect(back["version"] == 3, "the first again is a third version")
        #expect(back.header("etag") == "\"3\"")
        let list = try await `operator`.get("/v1/\(kind)")
        #expect(list.items.filter { $0["key"] == .string(key) } == [try #require(back.json)])
      }
    }
  }

  @Test("Another spelling of the same document is no new version")
  func spelling() async throws {
    try await TestService.run { service in
      let `operator` = service.client(.operator)
      _ = try await `operator`.put("/v1/customers/acme", ["name": "Café"])
      let again = try await `operator`.send(
        .PUT, "/v1/customers/acme", .bytes(Array(#" { "name" : "Caf\u00e9" } "#.utf8)),
        type: "application/json; charset=utf-8")
      #expect(again["version"] == 1)
      #expect(again["name"] == "Café")
    }
  }

  @Test("A writer can say which version it has seen")
  func preconditions() async throws {
    try await TestService.run { service in
      let `operator` = service.client(.operator)
      let path = "/v1/customers/acme"
      let table: [(name: String, header: (String, String), status: Int)] = [
        ("A", ("If-Match", "\"1\""), 412),
        ("A", ("If-None-Match", "*"), 201),
        ("B", ("If-None-Match", "*"), 412),
        ("B", ("If-Match", "\"2\""), 412),
        ("B", ("If-Match", "\"1\""), 200),
        ("C", ("If-Match", "\"1\""), 412),
        ("C", ("If-Match", "2"), 422),
        ("C", ("If-None-Match", "\"2\""), 422),
        ("C", ("If-Match", "\"two\""), 412),
        ("C", ("If-Match", "\"2\""), 200),
      ]
      for (name, header, status) in table {
        let answer = try await `operator`.put(path, ["name": .string(name)], [header])
        #expect(answer.status == status, "\(name) \(header)")
        if status == 412 { answer.expectProblem(412, "precondition_failed", at: []) }
      }
      #expect(try await `operator`.get(path)["name"] == "C")
      #expect(try await `operator`.get(path)["version"] == 3)
    }
  }

  @Test("Everything that is wrong is said at once, each with its place")
  func faults() async throws {
    try await TestService.run { service in
      try await service.agree()
      let `operator` = service.client(.operator)
      let table: [(String, JSON, code: String, pointers: [String])] = [
        ("customers/c", [:], "missing_field", ["/name"]),
        ("customers/c", ["name": "", "a/b~c": 1], "invalid_value", ["/name", "/a~1b~0c"]),
        ("customers/c", ["name": "C", "key": "d"], "invalid_value", ["/key"]),
        ("customers/c", [], "invalid_value", []),
        ("customers/a%20b", ["name": "C"], "invalid_value", []),
        (
          "meters/m", ["aggregation": "average", "eventTypes": [1], "unit": ""], "invalid_value",
          ["/aggregation", "/eventTypes/0", "/unit"]
        ),
        (
          "meters/m",
          [
            "aggregation": "sum", "eventTypes": ["flown"], "unit": "s", "value": "seconds",
            "places": 10,
          ], "invalid_value", ["/places", "/value"]
        ),
        (
          "assets/N1",
          TestService.asset(
            ("acme-hours", "2013-01-01T00:00:00Z", "2013-03-01T00:00:00Z"),
            ("acme-hours", "2013-02-01T00:00:00Z", nil)), "invalid_value", ["/assignments"]
        ),
        (
          "assets/N1",
          TestService.asset(
            ("acme-hours", "2013-01-01T00:00:00Z", "2013-01-01T00:00:00Z"), ("x", "then", nil)),
          "invalid_value",
          ["/assignments/0/until", "/assignments/1/contract", "/assignments/1/from"]
        ),
      ]
      for (path, document, code, pointers) in table {
        let answer = try await `operator`.put("/v1/\(path)", document)
        answer.expectProblem(422, code, "\(document.text): \(answer.text)")
        #expect(Set(answer.pointers) == Set(pointers), "\(document.text): \(answer.text)")
      }
      #expect(try await `operator`.get("/v1/assets/N1")["version"] == 1)
    }
  }

  @Test("A document may only speak of what is there")
  func references() async throws {
    try await TestService.run { service in
      try await service.agree()
      let `operator` = service.client(.operator)
      let contract = try await `operator`.put(
        "/v1/contracts/k", TestService.contract("dodo", zone: "Mars/Olympus", hours: "minutes"))
      contract.expectProblem(422, "unknown_reference")
      #expect(contract.pointers == ["/customer", "/clauses/0/hours", "/zone"])
      let asset = try await `operator`.put(
        "/v1/assets/N7",
        TestService.asset(
          ("acme-hours", "2013-01-01T00:00:00Z", "2013-02-01T00:00:00Z"),
          ("lost", "2013-02-01T00:00:00Z", nil)))
      asset.expectProblem(422, "unknown_reference", at: ["/assignments/1/contract"])
      for path in ["/v1/contracts/k", "/v1/assets/N7"] {
        #expect(try await `operator`.get(path).status == 404)
      }
    }
  }

  @Test("A body that is no JSON, or another type, or too long, changes nothing")
  func bodies() async throws {
    try await TestService.run { service in
      let `operator` = service.client(.operator)
      let path = "/v1/customers/acme"
      let json = "application/json"
      let table: [(String, type: String, Int, code: String)] = [
        ("", json, 400, "malformed_json"), ("{\"name\":", json, 400, "malformed_json"),
        ("{\"name\":\"A\",\"name\":\"B\"}", json, 400, "malformed_json"),
        ("{\"name\":\"A\"}", "text/plain", 415, "unsupported_media_type"),
        (
          String(repeating: " ", count: 1 << 20) + "{\"name\":\"A\"}", json, 413,
          "payload_too_large"
        ),
      ]
      for (body, type, status, code) in table {
        try await `operator`.send(.PUT, path, .bytes(Array(body.utf8)), type: type)
          .expectProblem(status, code, on: path, "\(body.suffix(40))")
      }
      #expect(try await `operator`.get(path).status == 404)
    }
  }

  @Test("A list comes in pages, sorted by key, and each thing once")
  func pages() async throws {
    try await TestService.run { service in
      let keys = ["b", "A", "c:1", "~z", "d.e", "a-1", "B_2"]
      for key in keys { try await service.put("customers/\(key)", ["name": .string(key)]) }
      let `operator` = service.client(.operator)
      for limit in [1, 3, 6, 7, 8] {
        let all = try await `operator`.everything(in: "/v1/customers?limit=\(limit)")
        #expect(all.map { $0["key"]?.stringValue } == keys.sorted(), "limit \(limit)")
      }
      let last = try await `operator`.get("/v1/customers?limit=8")
      #expect(last["next"] == nil)
      for query in ["limit=0", "limit=1001", "limit=ten", "cursor=%25", "cursor=a=="] {
        try await `operator`.get("/v1/customers?\(query)").expectProblem(422, "invalid_value")
      }
      for query in ["page=2", "Limit=1"] {
        try await `operator`.get("/v1/customers?\(query)").expectProblem(422, "unknown_field")
      }
      try await `operator`.get("/v1/customers?limit=1&limit=2").expectProblem(422, "invalid_value")
    }
  }
}
