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

/// A clock that stepped back between two acts: what was known first is told by the order of the
/// acts, and not by the clock.
struct SteppedClockTests {
  private static func at(_ hour: Int64) -> Instant {
    Workspace.now.advanced(bySeconds: hour * 3600)
  }

  private static func fees(_ amount: String, effective: String? = nil) -> JSON {
    .object([
      "customer": "airline", "currency": "EUR", "zone": "UTC", "from": "2013-01-01",
      "effective": effective.map(JSON.string),
      "clauses": [["key": "fee", "kind": "flatFee", "amount": .string(amount)]],
    ])
  }

  private func bill(_ month: String, _ workspace: Workspace, hour: Int64) throws {
    _ = try workspace.billing.run(BillingMonth(month), now: Self.at(hour))
  }

  private func close(
    _ contract: String, _ month: String, _ workspace: Workspace, hour: Int64
  ) throws {
    try bill(month, workspace, hour: hour)
    _ = try workspace.finalise(InvoiceKey("\(contract)~\(month)"), now: Self.at(hour))
  }

  /// A contract of 100.00 a month.
  private func agreed() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.put(.customer, "airline", ["name": "An airline"])
    try workspace.put(.contract, "fees", Self.fees("100.00"))
    return workspace
  }

  private func lines(_ key: String, _ workspace: Workspace) throws -> [String] {
    let document = try workspace.settlement.invoice(InvoiceKey(key)).document
    return try JSON(parsing: Array(document.utf8))["lines"]?.elements?.map { line in
      "\(line["key"]?.stringValue ?? "") \(line["amount"]?.stringValue ?? "")"
    } ?? []
  }

  private func credit(_ key: String, _ workspace: Workspace, hour: Int64) throws {
    let desk = workspace.settlement
    try desk.act(by: "finance", at: Self.at(hour)) {
      _ = try desk.credit(InvoiceKey(key), nil, reason: "too much", $0)
    }
  }

  private func findings(_ workspace: Workspace) throws -> [String] {
    try Verification(workspace.folder, workspace.zones).run().findings
  }

  @Test("an asset that is said to serve nobody after all is corrected, whatever the clock shows")
  func correctsAssets() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([Workspace.event("1", seconds: 3600)])
    try close("hours-1", "2013-01", workspace, hour: 2)
    _ = try workspace.catalogs.put(
      .asset, "engine", ["assignments": []], expecting: nil, now: Self.at(1))
    try bill("2013-02", workspace, hour: 1)
    let lines = try lines("hours-1~2013-02", workspace)
    #expect(lines.contains { $0.hasPrefix("correction") && $0.hasSuffix(" -100.00") }, "\(lines)")
  }

  @Test("verify knows what was agreed before an invoice was rated by a clock that stepped back")
  func verifiesVersions() throws {
    let workspace = try agreed()
    try close("fees", "2013-01", workspace, hour: 2)
    let changed = Self.fees("120.00", effective: "2013-02-01")
    _ = try workspace.catalogs.put(.contract, "fees", changed, expecting: nil, now: Self.at(3))
    try close("fees", "2013-02", workspace, hour: 1)
    #expect(try lines("fees~2013-02", workspace) == ["fee 120.00"])
    // One that comes later, at an earlier time.
    let again = Self.fees("130.00", effective: "2013-03-01")
    _ = try workspace.catalogs.put(.contract, "fees", again, expecting: nil, now: Self.at(0))
    try close("fees", "2013-03", workspace, hour: 1)
    #expect(try lines("fees~2013-03", workspace) == ["fee 130.00"])
    #expect(try findings(workspace) == [])
  }

  @Test("verify knows the credit notes that came before, and those that came after")
  func verifiesNotes() throws {
    let workspace = try agreed()
    for (month, hour) in [("2013-01", Int64(2)), ("2013-02", 1)] {
      try close("fees", month, workspace, hour: hour)
      try credit("fees~\(month)", workspace, hour: hour + 1)
    }
    try close("fees", "2013-03", workspace, hour: 0)
    try close("fees", "2013-04", workspace, hour: 5)
    #expect(try findings(workspace) == [])
  }

  @Test("a credit note that came later, at an earlier time, lets what is final be looked at again")
  func looksBehindNotes() throws {
    let workspace = try agreed()
    for month in ["2013-01", "2013-02"] {
      try close("fees", month, workspace, hour: 2)
    }
    func mayTouchJanuary() throws -> Bool {
      try workspace.home.read { snapshot in
        try RatingContext(snapshot.agreements, snapshot)
          .mayAffect(snapshot.invoice(InvoiceKey("fees~2013-01")))
      }
    }
    #expect(try !mayTouchJanuary())
    try credit("fees~2013-02", workspace, hour: 1)
    #expect(try mayTouchJanuary())
  }

  @Test("the order goes on after a start")
  func afterAStart() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([Workspace.event("1", seconds: 3600)])
    try close("hours-1", "2013-01", workspace, hour: 2)
    try workspace.close()
    let started = try Workspace(in: workspace.temporary)
    _ = try started.catalogs.put(
      .asset, "engine", ["assignments": []], expecting: nil, now: Self.at(1))
    try bill("2013-02", started, hour: 1)
    let lines = try lines("hours-1~2013-02", started)
    #expect(lines.contains { $0.hasPrefix("correction") }, "\(lines)")
  }
}
