import Access
import Base
import Foundation
import GRDB
import SQLite
import Server
import Services
import Testing
import TimeZones
import Workflow

@Suite("Simulations")
struct SimulateTests {
  /// An hour costs 100.00 and a cycle 10.00; one flight of an hour each in January and February.
  private static func agree(_ service: TestService) async throws {
    try await service.agree()
    try await service.post(
      SampleEvent(id: "1"), SampleEvent(id: "2", time: "2013-02-05T10:00:00Z"))
    _ = try await service.bill("2013-01")
    _ = try await service.finalise("acme-hours~2013-01")
  }

  private static func draft(_ rate: String, fee: String? = nil, from: String? = nil) -> JSON {
    guard case .object(let members) = TestService.contract("acme", rate: rate) else { return .null }
    let extra: JSON? = fee.map { ["key": "fee", "kind": "flatFee", "amount": .string($0)] }
    return .object([
      "contracts": .object([
        "acme-hours": .object(
          members.map { member in
            guard member.name == "clauses", let extra else { return member }
            return JSON.Member("clauses", .array((member.value.elements ?? []) + [extra]))
          } + (from.map { [JSON.Member("effective", .string($0))] } ?? []))
      ])
    ])
  }

  /// A line a row: key, before, after, difference.
  private static func rows(_ result: JSON) -> [String] {
    ((result["lines"]?.elements ?? []) + [result]).map { line in
      ["key", "before", "after", "difference"].map { line[$0]?.stringValue ?? "-" }
        .joined(separator: " ")
    }
  }

  private func simulate(_ body: JSON, _ service: TestService) async throws -> Answer {
    try await service.client(.finance).post("/v1/simulations", body)
  }

  @Test("A draft of the catalog, held against what was agreed, also where a month is closed")
  func draft() async throws {
    try await TestService.run { service in
      try await Self.agree(service)
      let answer = try await simulate(
        ["from": "2013-01", "to": "2013-02", "catalog": Self.draft("110.00", fee: "5.00")],
        service)
      let results = answer["results"]?.elements ?? []
      #expect(results.map { $0["month"] } == ["2013-01", "2013-02"])
      for result in results {
        #expect(
          Self.rows(result) == [
            "engines/hours 100.00 110.00 10.00", "engines/cycles 10.00 10.00 0.00",
            "fee - 5.00 5.00", "- 110.00 125.00 15.00",
          ])
      }
      let later = try await simulate(
        [
          "from": "2013-01", "to": "2013-02",
          "catalog": Self.draft("90.00", from: "2013-02-01"),
        ], service)
      #expect(
        later["results"]?.elements?.map { $0["difference"] } == ["0.00", "-10.00"],
        "a version takes effect on its day")
    }
  }

  @Test("Another version of the contract")
  func version() async throws {
    try await TestService.run { service in
      try await Self.agree(service)
      var second = Self.draft("120.00", from: "2013-02-01")
      second = second["contracts"]?["acme-hours"] ?? .null
      try await service.put("contracts/acme-hours", second)
      for (version, differences) in [(1, ["0.00", "-20.00"]), (2, ["20.00", "0.00"])] {
        let answer = try await simulate(
          [
            "from": "2013-01", "to": "2013-02",
            "versions": ["acme-hours": .integer(version)],
          ], service)
        #expect(
          answer["results"]?.elements?.map { $0["difference"]?.stringValue } == differences)
      }
    }
  }

  @Test("Nothing is touched: not a byte of the database, nor the catalog, nor the invoices")
  func touchesNothing() async throws {
    try await TestService.run { service in
      try await Self.agree(service)
      let before = try await Self.everything(service)
      for body: JSON in [
        ["from": "2013-01", "to": "2013-02", "catalog": Self.draft("110.00", fee: "5.00")],
        ["from": "2013-01", "versions": ["acme-hours": 1]],
        ["from": "2013-01", "versions": ["acme-hours": 7]],
      ] { _ = try await simulate(body, service) }
      #expect(try await Self.everything(service) == before)
      #expect(try await service.bill("2013-01").map { $0["difference"] } == [nil])
      try await service.post(SampleEvent(id: "3"))
      #expect(try await Self.everything(service) != before, "what is touched would be seen")
    }
  }

  private struct Everything: Equatable {
    let files: [String: Data]
    let revision: Int
    let edition: Int
    let catalog: [UInt8]
    let invoices: [UInt8]
  }

  private static func everything(_ service: TestService) async throws -> Everything {
    // What SQLite says of the file that it has open.
    let path = try await service.store.pool.read { db in
      try String.fetchOne(db, sql: "SELECT file FROM pragma_database_list WHERE name = 'main'")!
    }
    var files: [String: Data] = [:]
    for ending in ["", "-wal"] {
      files[ending] = try Data(contentsOf: URL(filePath: path + ending))
    }
    let state = service.services.catalogs.current
    return Everything(
      files: files, revision: state.revision, edition: state.edition,
      catalog: try await service.client(.operator).get("/v1/catalog").bytes,
      invoices: try await service.client(.finance).get("/v1/invoices").bytes)
  }

  @Test("What cannot be rated says which side and why; what cannot be asked says where")
  func refusals() async throws {
    try await TestService.run { service in
      try await Self.agree(service)
      guard case .object(let sections) = Self.draft("1.00") else { return }
      let meter: JSON = ["hours": ["aggregation": "count", "eventTypes": ["x"], "unit": "s"]]
      let unfit = TestService.contract("acme", hours: "flights")
      let table: [(JSON, Int, String, [String])] = [
        (["from": "2013-01"], 422, "missing_field", []),
        (["from": "2013-02", "to": "2013-01"], 422, "invalid_value", ["/to"]),
        (
          ["from": "2013-01", "versions": ["acme-hours": 9]], 422, "unknown_reference",
          ["/versions/acme-hours"]
        ),
        (
          ["from": "2013-01", "versions": ["acme-hours": "x"]], 422, "invalid_value",
          ["/versions/acme-hours"]
        ),
        (
          ["from": "2013-01", "customer": "dodo", "versions": ["acme-hours": 1]], 422,
          "unknown_reference", ["/customer"]
        ),
        (
          ["from": "2013-01", "contract": "dodo", "versions": ["acme-hours": 1]], 422,
          "unknown_reference", ["/contract"]
        ),
        (
          ["from": "2013-01", "catalog": .object(sections + [.init("meters", meter)])], 422,
          "invalid_value", ["/catalog/meters/hours"]
        ),
        (
          ["from": "2013-01", "catalog": ["contracts": ["acme-hours": unfit]]], 422,
          "invalid_value", ["/catalog/contracts/acme-hours/clauses/0/hours"]
        ),
        (
          ["from": "2013-01", "catalog": ["contracts": ["acme-hours": ["zone": 1]]]], 422,
          "missing_field",
          [
            "/catalog/contracts/acme-hours/customer", "/catalog/contracts/acme-hours/currency",
            "/catalog/contracts/acme-hours/zone", "/catalog/contracts/acme-hours/from",
            "/catalog/contracts/acme-hours/clauses",
          ]
        ),
      ]
      for (body, status, code, pointers) in table {
        try await simulate(body, service)
          .expectProblem(status, code, at: pointers, "\(body.text)")
      }
      // A tax that has no rate yet.
      guard case .object(let members) = TestService.contract("acme") else { return }
      let unrated = JSON.object(members + [.init("taxes", [["tax": "vat"]])])
      let vat: JSON = [
        "name": "VAT", "category": "S", "rates": [["from": "2014-01-01", "rate": "0.20"]],
      ]
      let answer = try await simulate(
        [
          "from": "2013-01",
          "catalog": ["taxes": ["vat": vat], "contracts": ["acme-hours": unrated]],
        ], service)
      let reason = answer["results"]?.elements?.first?["reason"]
      #expect(reason?["side"] == "after")
      #expect(reason?["detail"]?.stringValue?.isEmpty == false)
      try await service.client(.device)
        .post("/v1/simulations", ["from": "2013-01", "versions": ["acme-hours": 1]])
        .expectProblem(403, "forbidden")
    }
  }
}
