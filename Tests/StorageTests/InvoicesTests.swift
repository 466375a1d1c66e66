import Base
import Contracts
import GRDB
import Settlement
import TestSupport
import Testing

@testable import SQLite
@testable import Services
@testable import TimeZones

struct InvoicesTests {
  private static let month = "2013-01"

  private func billed(contracts: Int) async throws -> Workspace {
    let workspace = try Workspace()
    try workspace.agree(contracts: contracts)
    _ = try await workspace.post([Workspace.event("1", seconds: 7200)])
    let results = try workspace.billing.run(BillingMonth(Self.month), now: Workspace.now)
    #expect(results.map(\.outcome) == Array(repeating: .drafted, count: contracts))
    return workspace
  }

  private func key(_ number: Int) throws -> InvoiceKey {
    try InvoiceKey("hours-\(number)~\(Self.month)")
  }

  @Test("numbers have no gaps, however many finalise at once, and more than once")
  func gaplessNumbers() async throws {
    let count = 30
    let workspace = try await billed(contracts: count)
    let given = try await withThrowingTaskGroup(of: (Int, Int?).self) { group in
      for attempt in 0..<count * 3 {
        group.addTask {
          let number = attempt % count + 1
          let kept = try workspace.finalise(try key(number), now: Workspace.now)
          return (number, kept.number?.sequence)
        }
      }
      return try await group.reduce(into: [Int: Set<Int?>]()) { $0[$1.0, default: []].insert($1.1) }
    }
    #expect(given.values.allSatisfy { $0.count == 1 })
    #expect(given.values.compactMap { $0.first ?? nil }.sorted() == Array(1...count))
  }

  @Test("a refused finalisation uses up no number")
  func refusalLeavesNoGap() async throws {
    let workspace = try await billed(contracts: 2)
    let early = Instant("2013-01-31T23:00:00Z")!
    #expect(
      fault { try workspace.finalise(try key(1), now: early) }?.code == .periodNotOver)
    #expect(
      fault { try workspace.finalise(try key(9), now: Workspace.now) }?.code == .notFound)
    let first = try workspace.finalise(try key(2), now: Workspace.now)
    #expect(first.number?.description == "INV-000001")
  }

  @Test(
    "the database itself holds a final invoice unchanged",
    arguments: [
      "UPDATE invoice SET total = '0.00'", "UPDATE invoice SET document = '{}'",
      "UPDATE invoice SET status = 'draft', series = NULL, sequence = NULL, finalised = NULL",
      "UPDATE invoice SET sequence = 7", "DELETE FROM invoice",
    ])
  func finalIsFinal(statement: String) async throws {
    let workspace = try await billed(contracts: 1)
    let final = try workspace.finalise(try key(1), now: Workspace.now)
    await #expect(throws: DatabaseError.self) {
      try await workspace.store.pool.write { try $0.execute(sql: statement) }
    }
    #expect(try workspace.settlement.invoice(try key(1)) == final)
  }

  @Test("a draft follows its usage; a final invoice stays, and says what late usage would change")
  func lateUsage() async throws {
    let workspace = try await billed(contracts: 1)
    let month = try BillingMonth(Self.month)
    let draft = try workspace.settlement.invoice(try key(1))
    #expect(draft.total.description == "201.00")
    #expect(try workspace.billing.run(month, now: Workspace.now).map(\.outcome) == [.unchanged])
    _ = try await workspace.post([Workspace.event("2", seconds: 3600)])
    #expect(try workspace.billing.run(month, now: Workspace.now).map(\.outcome) == [.drafted])
    let final = try workspace.finalise(try key(1), now: Workspace.now)
    #expect(final.total.description == "302.00")
    _ = try await workspace.post([Workspace.event("3", seconds: 3600)])
    let result = try #require(try workspace.billing.run(month, now: Workspace.now).first)
    #expect(result.outcome == .final)
    #expect(result.difference?.description == "101.00")
    #expect(try workspace.settlement.invoice(try key(1)) == final)
  }
}
