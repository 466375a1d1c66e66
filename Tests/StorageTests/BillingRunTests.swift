import Base
import Contracts
import GRDB
import Settlement
import TestSupport
import Testing

@testable import SQLite
@testable import Services
@testable import TimeZones

@Suite("A run over many contracts")
struct BillingRunTests {
  private static let contracts = 7

  private func workspace() async throws -> Workspace {
    let workspace = try Workspace()
    try workspace.agree(contracts: Self.contracts)
    _ = try await workspace.post([
      Workspace.event("1", seconds: 7200),
      Workspace.event("2", seconds: 3600, time: "2013-02-10T12:00:00Z"),
    ])
    return workspace
  }

  /// What came of everything that was over in May, closed where it could be.
  private func run(_ workspace: Workspace, contractsAtOnce: Int) throws -> BillingReport {
    let desk = BillingService(
      workspace.home, workspace.zones, contractsAtOnce: contractsAtOnce)
    return try desk.run(
      BillingRequest(.asOf(CivilDate(year: 2013, month: 5, day: 1)!), finalises: true),
      by: "finance", now: Workspace.now)
  }

  private func kept(_ workspace: Workspace) throws -> [String] {
    try workspace.store.pool.read { db in
      try String.fetchAll(
        db, sql: "SELECT key || status || document FROM invoice ORDER BY key")
    }
  }

  @Test("comes to the same however many are rated at once", arguments: [1, 2, 3, 6])
  func stretches(contractsAtOnce: Int) async throws {
    let (whole, parts) = (try await workspace(), try await workspace())
    let expected = try run(whole, contractsAtOnce: 2500)
    let results = try run(parts, contractsAtOnce: contractsAtOnce).results
    #expect(results.count == Self.contracts * 4)
    #expect(results.map(\.invoice) == expected.results.map(\.invoice))
    #expect(results.map(\.outcome) == expected.results.map(\.outcome))
    #expect(results.map(\.total) == expected.results.map(\.total))
    #expect(results.contains { $0.outcome == .finalised })
    // Numbers go by what is written first: stretch by stretch, and within each month by month.
    let numbers = results.compactMap(\.number?.sequence).sorted()
    #expect(numbers == Array(1...numbers.count))
    if contractsAtOnce == 1 {
      #expect(results.compactMap(\.number?.sequence) == numbers)
    }
    #expect(try kept(parts) == kept(whole))
  }

  @Test("that breaks off has written the first, and nothing behind", arguments: [1, 2])
  func breaksOff(contractsAtOnce: Int) async throws {
    let workspace = try await workspace()
    try await workspace.store.pool.write { db in
      try db.execute(
        sql: """
          CREATE TRIGGER no BEFORE INSERT ON invoice WHEN NEW.contract = 'hours-5'
          BEGIN SELECT RAISE(ABORT, 'no'); END
          """)
    }
    #expect(throws: (any Error).self) { try run(workspace, contractsAtOnce: contractsAtOnce) }
    let written = try await workspace.store.pool.read { db in
      try String.fetchAll(db, sql: "SELECT DISTINCT contract FROM invoice ORDER BY contract")
    }
    #expect(written == ["hours-1", "hours-2", "hours-3", "hours-4"])
    try await workspace.store.pool.write { try $0.execute(sql: "DROP TRIGGER no") }
    _ = try run(workspace, contractsAtOnce: contractsAtOnce)
    let whole = try await self.workspace()
    _ = try run(whole, contractsAtOnce: 2500)
    #expect(try kept(workspace) == kept(whole))
  }
}
