import Base
import Foundation
import Gzip
import Metering
import Testing

@testable import Storage

/// Real turbines through state time: a year of ten-minute telemetry with the faults it came with.
struct WindFarmTests {
  /// One row of the published data.
  private struct Row {
    let turbine: String
    let time: String
    let power: String
    let wind: String

    /// Down is a turbine that makes nothing of a wind it could run in; both bounds as agreed.
    var state: String {
      // With all the places that were published.
      let places = 20
      guard let power = DecimalText(power.utf8)?.units(places: places),
        let wind = DecimalText(wind.utf8)?.units(places: places)
      else { return "unknown" }
      let one = Rounding.powerOfTen(places)
      return power <= 0 && 4 * one <= wind && wind < 25 * one ? "down" : "up"
    }

    var event: JSON {
      [
        "specversion": "1.0", "id": .string(time), "source": .string("//scada/\(turbine)"),
        "type": "telemetry", "subject": .string(turbine), "time": .string(time),
        "data": [
          "power": .string(power), "wind": .string(wind), "state": .string(state),
        ],
      ]
    }
  }

  private static let later = Instant("2016-01-01T00:00:00Z")!
  private static let turbines = ["R80711", "R80721", "R80736", "R80790"]
  private static let slot: Int128 = 600_000_000

  private static func rows() throws -> [Row] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "WindFarm/la-haute-borne.csv.gz")
    let text = try Inflater.bytes(of: Array(Data(contentsOf: file)), byteCountMax: 1 << 20)
    return String(decoding: text, as: UTF8.self).split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return Row(turbine: fields[0], time: fields[1], power: fields[2], wind: fields[3])
    }
  }

  private static func told() async throws -> (Workspace, [EventOutcome]) {
    let workspace = try Workspace()
    try workspace.put(
      .meter, "up",
      [
        "aggregation": "stateTime", "eventTypes": ["telemetry"], "unit": "h", "value": "/state",
        "heartbeatTimeoutSeconds": 600,
        "states": [
          ["is": "up", "class": "up"], ["is": "down", "class": "down"],
          ["is": "unknown", "class": "unknown"],
        ],
      ])
    for turbine in turbines { try workspace.put(.asset, turbine, ["assignments": []]) }
    var outcomes: [EventOutcome] = []
    var rest = try rows()[...]
    while !rest.isEmpty {
      outcomes += try await workspace.post(rest.prefix(1000).map(\.event), now: later)
      rest = rest.dropFirst(1000)
    }
    return (workspace, outcomes)
  }

  private static func usage(
    _ workspace: Workspace, _ turbine: String, _ start: String, _ end: String
  ) throws -> MeteredUsage {
    let question = UsageQuestion(
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
    for turbine in Self.turbines {
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
