import Access
import Base
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import YAML

@Suite("A catalog as a whole")
struct ApplyCatalogTests {
  /// What `service.agree()` puts thing by thing, in the wrong order.
  private static func catalog(rate: String = "100.00") -> JSON {
    [
      "assets": [
        "N1": TestService.asset(("acme-hours", "2012-12-31T00:00:00Z", nil)),
        "N2": TestService.asset(("acme-hours", "2012-12-31T00:00:00Z", nil)),
      ],
      "contracts": ["acme-hours": TestService.contract("acme", rate: rate)],
      "meters": [
        "hours": TestService.hours, "cycles": TestService.cycles, "flights": TestService.flights,
      ],
      "customers": ["acme": ["name": "acme & Sons"]],
    ]
  }

  @Test("A dry run says what would change, and changes nothing; then it is applied as a whole")
  func plan() async throws {
    try await TestService.run { service in
      let `operator` = service.client(.operator)
      try await service.agree()
      try await service.put("customers/other", ["name": "Other"])
      let plan = try await `operator`.post(
        "/v1/catalog?dryRun=true", Self.catalog(rate: "110.00"))
      #expect(plan.status == 200)
      #expect(
        plan.text == """
          {"applied":false,"changes":[\
          {"kind":"asset","key":"N2","effect":"new","version":1,"differences":[]},\
          {"kind":"contract","key":"acme-hours","effect":"changed","version":2,"differences":\
          [{"pointer":"/clauses/0/rate","old":"100.00","new":"110.00"}]}],"unchanged":5,\
          "notInRequest":{"customers":["other"]}}
          """)
      #expect(try await `operator`.get("/v1/assets/N2").status == 404)
      #expect(try await `operator`.get("/v1/contracts/acme-hours")["version"] == 1)

      let tag = try #require(plan.header("etag"))
      let applied = try await Self.post(Self.catalog(rate: "110.00"), ifMatch: tag, `operator`)
      #expect(applied["applied"] == true)
      #expect(applied["changes"] == plan["changes"])
      #expect(try await `operator`.get("/v1/contracts/acme-hours")["version"] == 2)
      #expect(try await `operator`.get("/v1/assets/N2")["version"] == 1)
      // What was planned by the same tag is stale now, for whoever else planned.
      try await Self.post(Self.catalog(), ifMatch: tag, `operator`)
        .expectProblem(412, "precondition_failed")
      #expect(try await `operator`.get("/v1/contracts/acme-hours")["version"] == 2)
      let again = try await `operator`.post("/v1/catalog", Self.catalog(rate: "110.00"))
      #expect(again["changes"] == [])
      #expect(again["unchanged"] == 7)
    }
  }

  private static func post(
    _ catalog: JSON, ifMatch tag: String, _ client: TestClient
  ) async throws -> Answer {
    try await client.send(
      .POST, "/v1/catalog", .bytes(catalog.bytes), type: "application/json",
      headers: [("If-Match", tag)])
  }

  @Test("One fault anywhere, and nothing is applied; all faults are told")
  func allOrNothing() async throws {
    try await TestService.run { service in
      let `operator` = service.client(.operator)
      let answer = try await `operator`.post(
        "/v1/catalog",
        [
          "customers": ["acme": ["name": "Acme"], "a b": ["name": "Spaced"]],
          "meters": ["hours": ["aggregation": "median"]],
          "contracts": ["c": TestService.contract("nobody", zone: "Mars/Olympus")],
          "assets": [
            "N1": TestService.asset(("c", "2013-01-01T00:00:00Z", nil), ("d", "2014", nil)),
            "N2": TestService.asset(("lost", "2013-01-01T00:00:00Z", nil)),
          ], "planes": .object([]), "taxes": [],
        ])
      answer.expectProblem(422, "unknown_field")
      #expect(
        Set(answer.pointers) == [
          "/planes", "/taxes", "/customers/a b", "/meters/hours/aggregation",
          "/meters/hours/eventTypes", "/meters/hours/unit", "/assets/N1/assignments/1/from",
          "/assets/N1/assignments/1/contract",
          // The meter `hours` will be there once it is mended; the others were never said.
          "/contracts/c/customer", "/contracts/c/clauses/0/cycles", "/contracts/c/value/used",
          "/contracts/c/value/planned", "/contracts/c/zone", "/assets/N2/assignments/0/contract",
        ])
      #expect(try await `operator`.get("/v1/catalog").text == "{}")
    }
  }

  @Test("Of many who apply over the same catalog at once, one does")
  func concurrently() async throws {
    try await TestService.run { service in
      let `operator` = service.client(.operator)
      try await service.agree()
      let tag = try #require(try await `operator`.get("/v1/catalog").header("etag"))
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 1...12 {
          group.addTask {
            try await Self.post(Self.catalog(rate: "\(number).00"), ifMatch: tag, `operator`).status
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.sorted() == [200] + Array(repeating: 412, count: 11))
      #expect(try await `operator`.get("/v1/contracts/acme-hours")["version"] == 2)
    }
  }

  private static let rounds =
    ProcessInfo.processInfo.environment["USANCE_CATALOGS"].flatMap { Int($0) } ?? 150

  /// Apply, export, apply again, by way of the YAML that a person keeps. `make long-test` does it
  /// over 1,000 catalogs.
  @Test("What was exported changes nothing when it is applied")
  func identity() async throws {
    try await TestService.run { service in
      let `operator` = service.client(.operator)
      var catalogs = RandomCatalog(seed: SeededRandom.runSeed)
      for round in 0..<Self.rounds {
        let catalog = catalogs.next()
        let made = try await `operator`.post("/v1/catalog", catalog)
        try #require(made.status == 200, "round \(round): \(made.text)\n\(catalog.text)")
        let kept = try await `operator`.get("/v1/catalog")
        #expect(kept.header("etag") == made.header("etag"))
        let export = try #require(kept.json)
        let files = try YAMLDocument(YAMLWriter.text(of: export)).json
        try #require(files == export, "round \(round): \(YAMLWriter.text(of: export))")
        for document in [files, catalog] {
          let again = try await `operator`.post("/v1/catalog", document)
          try #require(again["changes"] == [], "round \(round): \(again.text)")
          #expect(again.header("etag") == made.header("etag"))
        }
      }
    }
  }

  @Test("Whoever may only read the catalog cannot plan, and nobody without a token can read it")
  func scopes() async throws {
    try await TestService.run { service in
      let finance = service.client(.finance)
      try await finance.post("/v1/catalog?dryRun=true", [:]).expectProblem(403, "forbidden")
      #expect(try await finance.get("/v1/catalog").status == 200)
      #expect(try await service.client(.none).get("/v1/catalog").status == 401)
      let `operator` = service.client(.operator)
      try await `operator`.post("/v1/catalog?dryRun=maybe", [:]).expectProblem(
        422, "invalid_value")
      try await `operator`.post("/v1/catalog?dryrun=true", [:]).expectProblem(422, "unknown_field")
      try await `operator`.post("/v1/catalog", []).expectProblem(422, "invalid_value")
    }
  }
}
