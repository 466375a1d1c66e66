import Base
import Console
import Foundation

/// A customer's month by day, asked for again and again while nothing else happens: what somebody
/// waits for who opens a page.
struct BenchQueries: Sendable {
  static let count = 2000
  /// Plain SQL takes so long that fewer must do.
  static let plainCount = 40

  let level: Int
  let tally: LoadTally

  /// One customer after the other, each with fifty engines, on a calendar that is not UTC's.
  static func run(_ level: Int, _ client: APIClient) async throws -> BenchQueries {
    var tally = LoadTally()
    for number in 0..<count {
      let customer = "operator-\(number % EventGenerator.gatewayCount)"
      let path =
        "/v1/usage?meter=engine-time&customer=\(customer)&month=2024-01&zone=Europe/Berlin"
        + "&window=day"
      let begin = Clock.now
      let answer = try await client.get(path)
      tally.latenciesNanoseconds.append(Clock.now - begin)
      guard answer["windows"]?.elements?.count == 31 else {
        throw Fault(.internalError, "\(path): not 31 days")
      }
    }
    return BenchQueries(level: level, tally: tally)
  }

  static let columns = ["stored", "p50 ms", "p99 ms", "plain SQL p50 ms", "p99 ms", "p99 aim"]
  private static let aim = Fixed(units: 500, places: 2)

  func row(beside plain: PlainQueries?) -> [String] {
    [
      grouped(level), "\(tally.latencyMilliseconds(percentile: 50))",
      "\(tally.latencyMilliseconds(percentile: 99))", plain.map { "\($0.p50)" } ?? "-",
      plain.map { "\($0.p99)" } ?? "-", "\(Self.aim)",
    ]
  }

  func json(beside plain: PlainQueries?) -> JSON {
    .object([
      "level": .integer(level), "queries": .integer(tally.latenciesNanoseconds.count),
      "p50Milliseconds": .decimal(tally.latencyMilliseconds(percentile: 50)),
      "p99Milliseconds": .decimal(tally.latencyMilliseconds(percentile: 99)),
      "plainP50Milliseconds": plain.map { .decimal($0.p50) },
      "plainP99Milliseconds": plain.map { .decimal($0.p99) },
    ])
  }
}

/// The same question put by the C program of `Benchmarks/baseline.c` to the raw rows in SQL.
struct PlainQueries: Sendable {
  let level: Int
  let p50: Fixed
  let p99: Fixed
  /// Of one asset's month as a whole.
  let assetP50: Fixed

  static func run(_ program: Program, folder: URL, level: Int) throws -> PlainQueries {
    let words = ["query", "\(level)", "\(BenchQueries.plainCount)"]
    let line = try BenchBaseline.output(of: program, words, folder)
    let json = try JSON(parsing: Array(line.utf8))
    func milliseconds(_ name: String) throws -> Fixed {
      guard case .number(let text) = json[name] ?? .null, let microseconds = Int128(text) else {
        throw Fault(.internalError, "the baseline does not say its \(name)")
      }
      return Fixed(units: microseconds / 10, places: 2)
    }
    return PlainQueries(
      level: level, p50: try milliseconds("p50Microseconds"),
      p99: try milliseconds("p99Microseconds"),
      assetP50: try milliseconds("assetP50Microseconds"))
  }
}
