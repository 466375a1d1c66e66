import Base
import Contracts
import Foundation
import SQLite
import Services
import TimeZones
import Workflow

/// One asset's month under a contract of five clauses, rated again and again from its buckets, as
/// a billing run does; beside it the same with its evidence, for which the log is read. In this
/// process, without HTTP, while the server is away.
struct BenchRating: Sendable {
  static let count = 1000
  /// Evidence is every event of the month, out of pages with those of all others.
  static let evidenceCount = 5

  let level: Int
  let rated: LoadTally
  let withEvidence: LoadTally

  static func run(_ level: Int, _ folder: DataFolder) throws -> BenchRating {
    let store = try Store(folder)
    let zones = ZoneDatabase()
    let home = try SQLiteHome(store, halt: { _ in })
    let desk = BillingService(home, zones)
    let month = try BillingMonth(BenchContract.month)
    guard let contract = home.agreements.catalog.contracts[try ContractKey(BenchContract.key)]
    else { throw Fault(.internalError, "the contract of five clauses is missing") }
    let rated = try times(count) {
      let lines = try desk.lines(contract, month)
      guard lines.count > BenchContract.clauses.count else {
        throw Fault(.internalError, "only \(lines.count) lines for five clauses")
      }
    }
    let withEvidence = try times(evidenceCount) { _ = try desk.preview(contract, month) }
    return BenchRating(level: level, rated: rated, withEvidence: withEvidence)
  }

  private static func times(_ count: Int, _ body: () throws -> Void) rethrows -> LoadTally {
    var tally = LoadTally()
    for _ in 0..<count {
      let begin = Clock.now
      try body()
      tally.latenciesNanoseconds.append(Clock.now - begin)
    }
    return tally
  }

  static let columns = [
    "stored", "rated p50 ms", "p99 ms", "p50 aim", "with evidence p50 ms", "plain SQL p50 ms",
    "ratio",
  ]
  private static let aim = Fixed(units: 100, places: 2)

  private var p50: Fixed { rated.latencyMilliseconds(percentile: 50) }

  func row(beside plain: PlainQueries?) -> [String] {
    [
      grouped(level), "\(p50)", "\(rated.latencyMilliseconds(percentile: 99))", "\(Self.aim)",
      "\(withEvidence.latencyMilliseconds(percentile: 50))",
      plain.map { "\($0.assetP50)" } ?? "-", ratio(plain).map { "\($0)" } ?? "-",
    ]
  }

  /// How much longer plain SQL takes to add up one meter than we take to rate all five clauses.
  private func ratio(_ plain: PlainQueries?) -> Fixed? {
    plain.map { Fixed(units: $0.assetP50.units * 100 / max(1, p50.units), places: 2) }
  }

  func json(beside plain: PlainQueries?) -> JSON {
    .object([
      "level": .integer(level), "times": .integer(Self.count),
      "p50Milliseconds": .decimal(p50),
      "p99Milliseconds": .decimal(rated.latencyMilliseconds(percentile: 99)),
      "withEvidenceP50Milliseconds": .decimal(withEvidence.latencyMilliseconds(percentile: 50)),
      "plainP50Milliseconds": plain.map { .decimal($0.assetP50) },
      "ratioToPlain": ratio(plain).map(JSON.decimal),
    ])
  }
}
