import Base
import Console
import Foundation

/// The month's run over ten thousand contracts of five clauses, over HTTP, on a server that has
/// been started anew and does nothing else.
struct BenchBilling: Sendable {
  /// So many events, and when they happened. The month that is billed has the last of them.
  struct Case: Sendable {
    let name: String
    let events: Int
    let fleet: EventFleet

    static let all = [
      Case(
        name: "1 million events, all in the month", events: 1_000_000,
        fleet: EventFleet(subjectCount: contractCount, days: 300, from: BenchContract.firstDay)),
      Case(
        name: "10 million, a tenth in the month", events: 10_000_000,
        fleet: EventFleet(
          subjectCount: contractCount, days: 300, from: BenchContract.firstDay - 270)),
      Case(
        name: "10 million, all in the month", events: 10_000_000,
        fleet: EventFleet(subjectCount: contractCount, days: 30, from: BenchContract.firstDay)),
    ]
  }

  static let contractCount = 10_000

  let name: String
  let events: Int
  let runMilliseconds: Int
  /// At its most, until the first run had ended.
  let residentBytes: Int
  /// The same month again, with nothing to change.
  let againMilliseconds: Int
  /// Numbers, ledger and all.
  let finaliseMilliseconds: Int

  static func run(
    _ given: Case, _ usance: Program, in folder: URL
  ) async throws -> BenchBilling {
    let server = try await BenchServer(usance, in: folder) {
      try await BenchOperators.agree(contractCount, enginesEach: 1, with: $0)
    }
    let load = Load(
      port: server.port, token: server.token, eventsPerRequest: 1000, connections: 8,
      end: .requests(given.events / 1000), serverNanoseconds: server.processorNanoseconds)
    _ = try await load.run(EventGenerator(given.fleet))
    guard try await server.storedCount() == given.events else {
      throw Fault(.internalError, "not every event is stored")
    }
    try await server.settle()
    _ = try await server.restart(after: SIGTERM)
    let run = try await bill(server, "drafted")
    let resident = server.residentBytesMax
    let again = try await bill(server, "unchanged")
    let finalise = try await bill(server, "finalised", finalise: true)
    return BenchBilling(
      name: given.name, events: given.events, runMilliseconds: run, residentBytes: resident,
      againMilliseconds: again, finaliseMilliseconds: finalise)
  }

  /// How long it takes until the answer is there that says of every contract what it should.
  private static func bill(
    _ server: BenchServer, _ outcome: String, finalise: Bool = false
  ) async throws -> Int {
    let begin = Clock.now
    let answer = try await server.client.post(
      "/v1/billing-runs",
      ["month": .string(BenchContract.month), "finalise": .bool(finalise)])
    let took = Int((Clock.now - begin) / 1_000_000)
    let results = answer["results"]?.elements ?? []
    guard results.count == contractCount,
      results.allSatisfy({ $0["outcome"]?.stringValue == outcome })
    else { throw Fault(.internalError, "not every contract is \(outcome)") }
    return took
  }

  static let columns = [
    "events behind 10,000 contracts", "run s", "aim", "resident MB", "aim", "again s",
    "finalised s",
  ]

  var row: [String] {
    [
      name, seconds(runMilliseconds), "10.0", grouped(residentBytes >> 20), "300",
      seconds(againMilliseconds), seconds(finaliseMilliseconds),
    ]
  }

  private func seconds(_ milliseconds: Int) -> String {
    "\(Fixed(units: Int128(milliseconds / 100), places: 1))"
  }

  var json: JSON {
    [
      "name": .string(name), "events": .integer(events), "contracts": .integer(Self.contractCount),
      "runMilliseconds": .integer(runMilliseconds), "residentBytes": .integer(residentBytes),
      "againMilliseconds": .integer(againMilliseconds),
      "finaliseMilliseconds": .integer(finaliseMilliseconds),
    ]
  }
}
