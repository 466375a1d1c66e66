import Base
import Metering
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// Real turbines through state time: a year of ten-minute telemetry with the faults it came with.
struct WindFarmTests {
  private static let later = Instant("2016-01-01T00:00:00Z")!
  private static let slot: Int128 = 600_000_000

  private static func told() async throws -> (Workspace, [AppendResult]) {
    let workspace = try Workspace()
    try workspace.put(.meter, "up", WindFarm.meter)
    for turbine in WindFarm.turbines { try workspace.put(.asset, turbine, ["assignments": []]) }
    var outcomes: [AppendResult] = []
    var rest = try WindFarm.rows()[...]
    while !rest.isEmpty {
      outcomes += try await workspace.post(rest.prefix(1000).map(\.event), now: later)
      rest = rest.dropFirst(1000)
    }
    return (workspace, outcomes)
  }

  private static func usage(
    _ workspace: Workspace, _ turbine: String, _ start: String, _ end: String
  ) throws -> MeteredUsage {
    let question = UsageScopeQuery(
      try MeterKey("up"), of: .assets([try AssetKey(turbine)]),
      Windows(workspace.period(start, end)))
    return try workspace.usage.answer(question).all.whole
  }

  @Test("R80790 in June 2014 was available for 90.3617 % of the time that is known")
  func june() async throws {
    let (workspace, outcomes) = try await Self.told()
    let usage = try Self.usage(
      workspace, "R80790", "2014-06-01T00:00:00Z", "2014-07-01T00:00:00Z")
    let states = try #require(usage.states)
    #expect(states.total == 4320 * Self.slot)
    #expect(states[.up] == 3872 * Self.slot)
    #expect(states[.down] == 413 * Self.slot)
    #expect(states[.unknown] == 35 * Self.slot)
    let available = try Availability(states)
    #expect(try available.share == Ratio(3872, over: 4285))
    #expect(try available.share?.rounded(to: 6).description == "0.903617")
    #expect(try available.coverage?.rounded(to: 4).description == "0.9919")
    #expect(usage.value.description == "1936/3")

    // The hour that spring has twice: the first figures stand, the others are conflicts.
    #expect(outcomes.count { $0 == .conflicting } == 48)
    #expect(outcomes.count { $0 == .accepted } == 6624 - 48)
    #expect(try workspace.list(.conflicting).count == 48)
    for turbine in WindFarm.turbines {
      // The hour that autumn lacks: six times ten minutes a year of which nobody knows.
      for day in ["2014-10-26", "2015-10-25"] {
        let autumn = try #require(
          Self.usage(workspace, turbine, "\(day)T00:00:00Z", "\(day)T01:00:00Z").states)
        #expect(autumn[.unknown] == 6 * Self.slot)
        #expect(autumn.total == 6 * Self.slot)
      }
      let spring = try #require(
        Self.usage(workspace, turbine, "2014-03-30T00:00:00Z", "2014-03-31T00:00:00Z").states)
      #expect(spring.total == 144 * Self.slot)
    }
  }
}
