package import Base
import Foundation
import Gzip

/// Telemetry of real turbines, La Haute Borne (ENGIE, licence of Etalab); what is kept of it and
/// why stands beside the files.
package enum WindFarm {
  package static let turbines = ["R80711", "R80721", "R80736", "R80790"]

  /// Each row holds for ten minutes.
  package static let meter: JSON = meter(heartbeatTimeoutSeconds: 600)

  package static func meter(heartbeatTimeoutSeconds timeout: Int) -> JSON {
    [
      "aggregation": "stateTime", "eventTypes": ["telemetry"], "unit": "h", "value": "/state",
      "heartbeatTimeoutSeconds": .integer(timeout),
      "states": [
        ["is": "up", "class": "up"], ["is": "down", "class": "down"],
        ["is": "unknown", "class": "unknown"],
      ],
    ]
  }

  /// R80790 in June 2014 and all four on the days on which clocks changed, as published.
  package static func rows() throws -> [Row] {
    let bytes = try Inflater.bytes(
      of: Array(Data(contentsOf: file("StorageTests/WindFarm/la-haute-borne.csv.gz"))),
      byteCountMax: 1 << 20)
    return lines(bytes).map {
      Row(turbine: $0[0], time: $0[1], power: $0[2], wind: $0[3])
    }
  }

  /// R80790 in 2014 and 2015: each state, and from when on it was in it.
  package static func changes() throws -> [(time: Instant, state: String)] {
    try lines(Array(Data(contentsOf: file("GoldenTests/WindFarm/r80790-states.csv")))).map {
      (Instant($0[0])!, $0[1])
    }
  }

  private static func file(_ path: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: path)
  }

  /// The cells of each row behind the head.
  private static func lines(_ bytes: [UInt8]) -> [[String]] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }
}

extension WindFarm {
  /// One row of the published data.
  package struct Row {
    let turbine: String
    let time: String
    let power: String
    let wind: String

    /// Down is a turbine that makes nothing of a wind it could run in; both bounds as agreed.
    private var state: String {
      // With all the places that were published.
      let places = 20
      guard let power = DecimalText(power.utf8)?.units(places: places),
        let wind = DecimalText(wind.utf8)?.units(places: places)
      else { return "unknown" }
      let one = Rounding.powerOfTen(places)
      return power <= 0 && 4 * one <= wind && wind < 25 * one ? "down" : "up"
    }

    package var event: JSON {
      WindFarm.event(turbine, time, state, [("power", power), ("wind", wind)])
    }
  }

  /// What a turbine says of itself; the time is the event's name.
  package static func event(
    _ turbine: String, _ time: String, _ state: String, _ figures: [(String, String)] = []
  ) -> JSON {
    let data = figures.map { JSON.Member($0.0, .string($0.1)) }
    return [
      "specversion": "1.0", "id": .string(time), "source": .string("//scada/\(turbine)"),
      "type": "telemetry", "subject": .string(turbine), "time": .string(time),
      "data": .object(data + [.init("state", .string(state))]),
    ]
  }
}
