import Base
import Contracts
import Settlement
import Testing

@testable import Workflow

/// How much more than before is too much.
@Suite("The review of a draft")
struct DraftReviewTests {
  private static let day: Int64 = 86_400

  private static func charges(
    _ month: String, days: Int64 = 30, _ usage: Int128, late: Int128 = 0, fee: Int128 = 0
  ) throws -> PeriodCharges {
    PeriodCharges(
      try BillingMonth(month), seconds: days * day, usage: usage, late: late,
      fees: fee == 0 ? [:] : ["fee": fee])
  }

  private static func jumps(
    _ now: PeriodCharges, after before: PeriodCharges..., jump: String? = nil
  ) throws -> [String] {
    let contract = try Contract(
      Node(
        .object([
          "customer": "acme", "currency": "EUR", "zone": "UTC", "from": "2026-01-01",
          "clauses": [], "review": jump.map { ["jump": .string($0)] },
        ])), key: ContractKey("c"))
    return DraftReview(contract).reasons(events: [], others: [], charges: now, before: before)
      .map { $0.clause ?? "usage" }
  }

  @Test("Ten times as much by the second is not more than ten times")
  func factor() throws {
    let january = try Self.charges("2026-01", 100)
    #expect(try Self.jumps(Self.charges("2026-02", 1000), after: january) == [])
    #expect(try Self.jumps(Self.charges("2026-02", 1001), after: january) == ["usage"])
    #expect(try Self.jumps(Self.charges("2026-02", 1001), after: january, jump: "10.1") == [])
    #expect(try Self.jumps(Self.charges("2026-02", 1_000_000), after: january, jump: "0") == [])
    #expect(try Self.jumps(Self.charges("2026-02", 1_000_000)) == [], "there is nothing before")
  }

  @Test("A contract that begins on the 29th used as much by the second")
  func seconds() throws {
    let begun = try Self.charges("2026-01", days: 2, 100)
    #expect(try Self.jumps(Self.charges("2026-02", days: 30, 1500), after: begun) == [])
    let whole = try Self.charges("2026-01", days: 30, 1500)
    #expect(try Self.jumps(Self.charges("2026-02", days: 2, 1001), after: whole) == ["usage"])
  }

  @Test("The largest of the last three periods with usage is what it is held against")
  func periods() throws {
    let before = try [
      Self.charges("2026-05", 100), Self.charges("2026-04", 0), Self.charges("2026-03", 200),
      Self.charges("2026-02", 100), Self.charges("2026-01", 9000),
    ]
    func jumps(_ usage: Int128) throws -> [String] {
      try Self.jumps(
        Self.charges("2026-06", usage), after: before[0], before[1], before[2], before[3],
        before[4])
    }
    #expect(try jumps(2000) == [])
    #expect(try jumps(2001) == ["usage"])
  }

  @Test("What comes late for earlier periods counts; fees are compared each with itself")
  func lateAndFees() throws {
    let january = try Self.charges("2026-01", 100, fee: 2000)
    #expect(
      try Self.jumps(Self.charges("2026-02", 100, late: 901, fee: 2000), after: january)
        == ["usage"])
    #expect(
      try Self.jumps(Self.charges("2026-02", 100, fee: 200_000), after: january) == ["fee"])
    #expect(
      try Self.jumps(Self.charges("2026-02", days: 1, 1, fee: 2000), after: january) == [],
      "a fee that is not prorated")
  }
}
