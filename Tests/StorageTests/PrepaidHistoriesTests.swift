import Base
import Contracts
import GRDB
import Settlement
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// Whatever comes late, and whichever months are closed by then: once all is settled, the ledger
/// holds of prepaid credit what one look at all data says.
struct PrepaidHistoriesTests {
  private static let histories = 12
  private static let months = ["2013-01", "2013-02", "2013-03", "2013-04"]

  /// Each run costs 1.00. Ten were given until March, and twelve are bought in February.
  private static let contract: JSON = [
    "customer": "airline", "currency": "USD", "zone": "UTC", "from": "2013-01-01",
    "clauses": [
      [
        "key": "runs", "kind": "usageCharge", "meter": "runs",
        "price": ["model": "perUnit", "rate": "1.00"],
      ],
      [
        "key": "credit", "kind": "prepaidCredit",
        "grants": [
          ["name": "welcome", "amount": "10.00", "from": "2013-01", "until": "2013-03"],
          [
            "name": "pack", "amount": "12.00", "priority": 1, "from": "2013-02",
            "bought": "2013-02",
          ],
        ],
      ],
    ],
  ]

  @Test("Drawn, expired and left are what one look at all data says")
  func telescopes() async throws {
    for number in 0..<Self.histories {
      let seed = SeededRandom.runSeed &+ UInt64(number) &* 15_485_863
      var random = SeededRandom(seed: seed)
      let counts = (0..<3).map { _ in random.number(0...9) }
      let workspace = try Workspace()
      try workspace.agree()
      try workspace.put(.contract, "hours-1", Self.contract)
      try await Self.tell(counts, workspace, &random)
      #expect(
        try Self.balances(workspace) == Self.expected(counts),
        "history \(number), seed \(seed): \(counts)")
    }
  }

  /// So many runs in January, February and March, told in any order while months are closed; the
  /// last month carries what is left.
  private static func tell(
    _ counts: [Int], _ workspace: Workspace, _ random: inout SeededRandom
  ) async throws {
    var events = counts.enumerated().flatMap { month, count in
      (0..<count).map { run in
        Workspace.event("\(month)-\(run)", time: "2013-0\(month + 1)-0\(run + 1)T12:00:00Z")
      }
    }.shuffled(using: &random)
    var (clock, open) = (Workspace.now, months)
    while !events.isEmpty || !open.isEmpty {
      clock = clock.advanced(bySeconds: 3600)
      let part = events.prefix(random.number(0...5))
      if !part.isEmpty { _ = try await workspace.post(Array(part), now: clock) }
      events.removeFirst(part.count)
      guard events.isEmpty || (open.count > 1 && random.chance(40)) else { continue }
      let month = open.removeFirst()
      _ = try workspace.billing.run(BillingMonth(month), now: clock)
      _ = try workspace.finalise(InvoiceKey("hours-1~\(month)"), now: clock)
    }
  }

  /// What the ledger says, debits positive, in minor units.
  private static func balances(_ workspace: Workspace) throws -> [String: Int64] {
    try workspace.store.pool.read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT account, sum(debit - credit) FROM ledger_posting GROUP BY account")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
        .filter { $0.value != 0 && ["credits", "prepaid", "revenue.prepaid"].contains($0.key) }
    }
  }

  /// The same with a pencil: the welcome first, for two months; then the pack.
  private static func expected(_ counts: [Int]) -> [String: Int64] {
    var (welcome, pack) = (10, 12)
    for (month, count) in counts.enumerated() {
      let given = month < 2 ? min(count, welcome) : 0
      welcome -= given
      if month > 0 { pack -= min(count - given, pack) }
    }
    return [
      "credits": 1000, "prepaid": -Int64(pack) * 100, "revenue.prepaid": -Int64(welcome) * 100,
    ]
    .filter { $0.value != 0 }
  }
}
