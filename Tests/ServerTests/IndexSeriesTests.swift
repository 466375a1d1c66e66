import Access
import Base
import NIOHTTP1
import Testing

@Suite("Index series")
struct IndexSeriesTests {
  private static let path = "/v1/index-series/labour"

  /// Three months of each index, 14 to 12 months before a January: their means are those of domain
  /// rule G3, 149.7 and 251.02 for 2014.
  private static let labour: JSON = [
    TestService.publication("2012-11", "149.2"), TestService.publication("2012-12", "149.7"),
    TestService.publication("2013-01", "150.2"),
  ]
  private static let material: JSON = [
    TestService.publication("2012-11", "250.02"), TestService.publication("2012-12", "251.02"),
    TestService.publication("2013-01", "252.02"),
  ]

  /// 100.00 an hour, escalated by the formula of G3.
  private static func contract(years: JSON) -> JSON {
    [
      "customer": "acme", "currency": "USD", "zone": "UTC", "from": "2013-01-01",
      "clauses": [
        [
          "key": "engines", "kind": "severityHours", "hours": "hours", "cycles": "cycles",
          "rate": "100.00", "cycleRate": "10.00",
          "index": [
            "escalation": [
              "fixedShare": "0.10", "cap": "0.04", "floor": "0",
              "components": [
                ["name": "labour", "weight": "0.55", "base": "142.3", "series": "labour"],
                ["name": "material", "weight": "0.35", "base": "238.64", "series": "material"],
              ], "window": ["months": 3, "lag": 12], "years": years,
            ]
          ],
        ]
      ],
    ]
  }

  private static func agree(_ service: TestService, _ labour: JSON, years: JSON) async throws {
    try await service.agree()
    try await service.put("index-series/labour", ["places": 1, "publications": labour])
    try await service.put("index-series/material", ["places": 2, "publications": material])
    try await service.put("contracts/acme-hours", contract(years: years))
    try await service.post(SampleEvent(id: "1", time: "2014-01-05T10:00:00Z"))
  }

  @Test("A rate follows what was published, and its line says how")
  func rated() async throws {
    try await TestService.run(at: "2014-02-10T00:00:00Z") { service in
      try await Self.agree(service, Self.labour, years: [["from": "2014-01-01"]])
      #expect(try await service.bill("2014-01").map { $0["total"] } == ["114.40"])
      let document = try #require(try await service.invoice("acme-hours~2014-01")["document"])
      #expect(
        document["indexSeries"]?.text
          == #"[{"key":"labour","version":1},{"key":"material","version":1}]"#)
      let line = try #require(document["lines"]?.elements?.first)
      #expect(line["flags"] == nil)
      let steps = try #require(line["derivation"]?["steps"]?.elements)
      #expect(
        steps.prefix(4).map { $0["rounded"]?.stringValue } == [
          "149.7", "251.02", "1.046759", "1.040000",
        ])
      #expect(
        steps[0]["inputs"]?.text
          == #"{"2012-11":"149.2","2012-12":"149.7","2013-01":"150.2"}"#)
    }
  }

  @Test("Until a month is published the last value stands for it, and the line says so")
  func provisional() async throws {
    try await TestService.run(at: "2014-02-10T00:00:00Z") { service in
      guard case .array(let months) = Self.labour else { return }
      try await Self.agree(
        service, .array(Array(months.prefix(2))), years: [["from": "2014-01-01"]])
      _ = try await service.bill("2014-01")
      let draft = try #require(try await service.invoice("acme-hours~2014-01")["document"])
      let lines = try #require(draft["lines"]?.elements)
      #expect(
        lines.map { $0["flags"]?.text } == Array(repeating: #"["index_provisional"]"#, count: 2))
      #expect(
        lines[0]["derivation"]?["steps"]?.elements?.first?["inputs"]?["2013-01"]
          == "149.7 of 2012-12, provisional")

      // The office speaks, and the draft is rated anew.
      let answer = try await service.client(.operator).send(
        .POST, Self.path + "/publications",
        .bytes(Array("published,value,month\r\n2013-02-25,150.2,2013-01\r\n".utf8)),
        type: "text/csv")
      #expect(answer["version"] == 2, "\(answer.text)")
      #expect(try await service.bill("2014-01").map { $0["outcome"] } == ["drafted"])
      let settled = try #require(try await service.invoice("acme-hours~2014-01")["document"])
      #expect(settled["lines"]?.elements?.map { $0["flags"] } == [nil, nil])
    }
  }

  @Test("Without any value before it a year cannot be rated, and nobody guesses")
  func missing() async throws {
    try await TestService.run(at: "2014-02-10T00:00:00Z") { service in
      try await Self.agree(service, [], years: [["from": "2014-01-01"]])
      let result = try #require(try await service.bill("2014-01").first)
      #expect(result["outcome"] == "parked")
      #expect(result["reasons"]?.elements?.first?["code"] == "missing_index_value")
      // A year that has not begun asks for nothing.
      #expect(try await service.bill("2013-12").map { $0["outcome"] } == ["drafted"])
    }
  }

  @Test("Publications are added from JSON and CSV, once, and never changed")
  func publications() async throws {
    try await TestService.run { service in
      let `operator` = service.client(.operator)
      let path = Self.path + "/publications"
      let row = TestService.publication("2013-01", "149.7")
      try await `operator`.post(path, [row]).expectProblem(404, "not_found")
      try await service.put("index-series/labour", ["places": 1, "publications": []])
      #expect(try await `operator`.post(path, [row])["version"] == 2)
      let again = try await `operator`.post(path, [row])
      #expect(again["version"] == 2)
      #expect(again.header("etag") == "\"2\"")
      try await `operator`.post(path, [TestService.publication("2013-01", "149.8")])
        .expectProblem(422, "invalid_value")
      let revised = try await `operator`.post(
        path, [TestService.publication("2013-01", "149.8", on: "2013-09-01")])
      #expect(revised["publications"]?.elements?.count == 2)
      let tables: [(String, Int, String, [String])] = [
        ("", 400, "malformed_document", []),
        ("month,value\n2013-02,1\n", 400, "malformed_document", []),
        ("month,published,value\n2013-02,1\n", 400, "malformed_document", []),
        (
          "month,published,value\n2013-02,2013-03-25,1\n2013-13,soon,x\n", 422, "invalid_value",
          ["/1/month", "/1/published", "/1/value"]
        ),
      ]
      for (table, status, code, pointers) in tables {
        try await `operator`.send(.POST, path, .bytes(Array(table.utf8)), type: "text/csv")
          .expectProblem(status, code, at: pointers, "\(table)")
      }
      #expect(try await `operator`.get(Self.path)["version"] == 3)
      try await service.client(.finance).post(path, [row]).expectProblem(403, "forbidden")
    }
  }
}
