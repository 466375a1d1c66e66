import Base
import Contracts
import Rating
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// What a clause wants to know only where the month leaves something open is read then, and not
/// before.
struct FallbackUsageTests {
  private func workspace(_ clause: JSON) throws -> Workspace {
    let workspace = try Workspace()
    try workspace.agree()
    try workspace.put(
      .meter, "cycles", ["aggregation": "count", "eventTypes": ["landed"], "unit": "cycles"])
    try workspace.put(
      .contract, "hours-1",
      [
        "customer": "airline", "currency": "USD", "zone": "UTC", "from": "2013-01-01",
        "clauses": [clause],
      ])
    return workspace
  }

  private func lines(_ month: String, _ workspace: Workspace) throws -> [String] {
    let contract = workspace.catalogs.current.catalog.contracts[try ContractKey("hours-1")]!
    return try workspace.billing.lines(contract, BillingMonth(month)).map {
      "\($0.key) \($0.amount) \($0.flags.map(\.rawValue).joined(separator: " "))"
    }
  }

  private static let severity: JSON = [
    "key": "power", "kind": "severityHours", "hours": "time", "cycles": "cycles",
    "rate": "100.00", "cycleRate": "10.00",
    "legTable": [["at": "1", "factor": "1.5"], ["at": "3", "factor": "1.0"]],
  ]

  @Test("hours without a cycle ask the year how long a leg is")
  func legOfTheYear() async throws {
    let workspace = try workspace(Self.severity)
    _ = try await workspace.post([
      Workspace.event("1", seconds: 3600, time: "2013-01-10T12:00:00Z"),
      Workspace.event("2", time: "2013-01-10T13:00:00Z", type: "landed"),
      Workspace.event("3", seconds: 7200, time: "2013-02-10T12:00:00Z"),
    ])
    #expect(try lines("2013-01", workspace) == ["power/hours 150.00 ", "power/cycles 10.00 "])
    // Three hours and one cycle since January.
    #expect(
      try lines("2013-02", workspace) == [
        "power/hours 200.00 leg_factor_of_year", "power/cycles 0.00 no_usage_seen",
      ])
  }

  @Test("a silent month asks those before it what it would have been")
  func estimated() async throws {
    let workspace = try workspace([
      "key": "use", "kind": "usageCharge", "meter": "cycles", "missing": "estimateMinimum",
      "price": ["model": "perUnit", "rate": "28.00"],
    ])
    let landings = (1...31).map {
      Workspace.event("\($0)", time: "2013-01-\(padded($0, to: 2))T12:00:00Z", type: "landed")
    }
    _ = try await workspace.post(landings)
    #expect(try lines("2013-01", workspace) == ["use 868.00 "])
    #expect(try lines("2013-02", workspace) == ["use 784.00 estimated no_usage_seen"])
  }
}
