import Base
import Console
import Foundation
import SQLite
import Services
import TimeZones

/// `usance verify` on a thousand final invoices, in a process of its own, while nobody serves.
struct BenchVerify: Sendable {
  /// Two hundred contracts of five months each.
  private static let contractCount = 200
  private static let months = ["2023-09", "2023-10", "2023-11", "2023-12", "2024-01"]
  private static let eventCount = 1_000_000
  static let enginesEach = [1, 50]

  let enginesEach: Int
  let milliseconds: Int
  /// What the command said.
  let said: String

  static func run(
    _ usance: Program, enginesEach: Int, in folder: URL
  ) async throws -> BenchVerify {
    let server = try await BenchServer(usance, in: folder) {
      try await BenchOperators.agree(contractCount, enginesEach: enginesEach, with: $0)
    }
    // Ten million events of this fleet are 1,500 days: what is posted is 150, to the month's end.
    let fleet = EventFleet(
      subjectCount: contractCount * enginesEach, days: 1500, from: BenchContract.firstDay - 120)
    let load = Load(
      port: server.port, token: server.token, eventsPerRequest: 1000, connections: 8,
      end: .requests(eventCount / 1000), serverNanoseconds: server.processorNanoseconds)
    _ = try await load.run(EventGenerator(fleet))
    for month in months {
      let answer = try await server.client.post(
        "/v1/billing-runs", ["month": .string(month), "finalise": true])
      let results = answer["results"]?.elements ?? []
      guard results.count == contractCount,
        results.allSatisfy({ $0["outcome"]?.stringValue == "finalised" })
      else { throw Fault(.internalError, "not every contract is finalised for \(month)") }
    }
    try await server.settle()
    return try await server.whileAway { try verified(usance, $0.url, enginesEach) }
  }

  private static func verified(
    _ usance: Program, _ data: URL, _ enginesEach: Int
  ) throws -> BenchVerify {
    let begin = Clock.now
    let said = try usance.output(["verify", "--data", data.path])
    return BenchVerify(
      enginesEach: enginesEach, milliseconds: Int((Clock.now - begin) / 1_000_000),
      said: said.trimmingCharacters(in: .newlines))
  }

  static let columns = ["1,000 final invoices over 1 million events", "verify s", "aim"]

  var row: [String] {
    let engines = enginesEach == 1 ? "an engine each" : "\(enginesEach) engines each"
    let aim = enginesEach == 1 ? "10.0" : "15.0"
    return [engines, "\(Fixed(units: Int128(milliseconds / 100), places: 1))", aim]
  }

  var json: JSON {
    [
      "enginesEach": .integer(enginesEach), "milliseconds": .integer(milliseconds),
      "said": .string(said),
    ]
  }
}
