import Base
import Contracts
import Foundation
import Settlement
import TestSupport
import Testing

@testable import Storage

/// Whatever comes late, in whatever order, and whichever months are closed by then: all invoices
/// together come to what one bill with all data comes to.
struct SettledHistoriesTests {
  /// 25 in CI; `USANCE_HISTORIES=10000` before a release.
  private static let histories =
    ProcessInfo.processInfo.environment["USANCE_HISTORIES"].flatMap(Int.init) ?? 25

  private static let months = ["2013-01", "2013-02", "2013-03", "2013-04"]

  /// Hours by a leg table, starts in tiers with a minimum and a maximum, and a fee; from the middle
  /// of February on at another rate.
  private static func contract(_ rate: String, from day: String) throws -> JSON {
    try JSON(
      parsing: Array(
        """
        {"customer":"airline","currency":"USD","zone":"America/New_York","from":"2013-01-01",
         "effective":"\(day)","clauses":[
         {"key":"engines","kind":"severityHours","hours":"time","cycles":"runs","rate":"\(rate)",
          "cycleRate":"1.00","legTable":[{"at":"1","factor":"1.235"},{"at":"3","factor":"0.922"}]},
         {"key":"starts","kind":"usageCharge","meter":"runs","minimum":"4.00","maximum":"30.00",
          "price":{"model":"graduated","tiers":[{"upTo":"3","rate":"1.5"},{"rate":"2.75"}]}},
         {"key":"fee","kind":"flatFee","amount":"99.99"}]}
        """.utf8))
  }

  private static func world() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.agree()
    try workspace.put(.contract, "deal", contract("100.00", from: "2013-01-01"))
    try workspace.put(.contract, "deal", contract("112.34", from: "2013-02-15"))
    try workspace.put(
      .asset, "engine",
      ["assignments": [["contract": "deal", "from": "2013-01-01T00:00:00Z"]]])
    return workspace
  }

  /// Flights of three months, and a word about every fifth of them later on.
  private static func events(_ random: inout SeededRandom) -> [JSON] {
    (0..<random.number(5...30)).flatMap { number -> [JSON] in
      let (month, day) = (random.number(1...3), random.number(1...28))
      let time = "2013-0\(month)-\(day < 10 ? "0" : "")\(day)T0\(random.number(0...9)):30:00Z"
      let event = Workspace.event(
        "e\(number)", seconds: Int64(random.number(1...20_000)), time: time)
      let amended: JSON = ["data": ["seconds": .integer(random.number(1...20_000))]]
      let word = Workspace.correction(
        "c\(number)", of: "e\(number)", amend: random.chance(50) ? amended : nil,
        time: "2013-05-01T00:00:00Z")
      return random.chance(20) ? [event, word] : [event]
    }
  }

  @Test("Bill, late events and corrections come to what one bill with all data comes to")
  func telescopes() async throws {
    for number in 0..<Self.histories {
      let seed = SeededRandom.runSeed &+ UInt64(number) &* 104_729
      var random = SeededRandom(seed: seed)
      let events = Self.events(&random)
      let whole = try Self.world()
      _ = try await whole.post(events)
      let expected = try Self.months.map { try Self.draft($0, whole) }
      let settled = try await Self.settle(events, &random)
      #expect(settled == (try Self.sum(expected)), "history \(number), seed \(seed)")
    }
  }

  /// Tells the events in any order, closing month after month while they come in; the last month
  /// carries what is left.
  private static func settle(
    _ events: [JSON], _ random: inout SeededRandom
  ) async throws -> Money {
    let workspace = try world()
    var (untold, open) = (events.shuffled(using: &random), months)
    var clock = Workspace.now
    while !untold.isEmpty || open.count > 1 {
      clock = clock.advanced(bySeconds: 3600)
      let count = min(untold.count, random.number(0...8))
      if count > 0 { _ = try await workspace.post(Array(untold.prefix(count)), now: clock) }
      untold.removeFirst(count)
      if open.count > 1, untold.isEmpty || random.chance(30) {
        try close(open.removeFirst(), workspace, at: clock, &random)
      }
    }
    try close(open[0], workspace, at: clock.advanced(bySeconds: 3600), &random)
    let finals = try workspace.invoices.list(
      InvoiceFilter(status: .final, today: CivilDate(daysSinceEpoch: 0)), after: nil, limit: 100)
    return try sum(finals.filter { $0.contract.text == "deal" }.map { try $0.net() })
  }

  private static func close(
    _ month: String, _ workspace: Workspace, at now: Instant, _ random: inout SeededRandom
  ) throws {
    _ = try workspace.billing.run(BillingMonth(month), now: now)
    let final = try workspace.finalise(InvoiceKey("deal~\(month)"), now: now)
    guard random.chance(20) else { return }
    let desk = workspace.settlement
    _ = try desk.act(by: "finance", at: now) { try desk.void(final.key, reason: "again", $0) }
    _ = try workspace.billing.run(BillingMonth(month), now: now)
    _ = try workspace.finalise(InvoiceKey("deal~\(month)~2"), now: now)
  }

  private static func draft(_ month: String, _ workspace: Workspace) throws -> Money {
    _ = try workspace.billing.run(BillingMonth(month), now: Workspace.now)
    return try workspace.invoices.get(InvoiceKey("deal~\(month)")).net()
  }

  private static func sum(_ amounts: [Money]) throws -> Money {
    try amounts.reduce(.zero(Currency("USD"))) { try $0 + $1 }
  }
}
