import Base

/// One case of the benchmark.
struct LoadResult {
  private let events: Int
  private let connections: Int
  private let requests: Int
  private let failures: Int
  private let eventsPerSecond: Int
  private let latencies: [Int64]
  private let residentBytes: Int
  private let databaseBytes: Int

  init(
    events: Int, connections: Int, seconds: Int, tallies: [LoadTally], residentBytes: Int,
    databaseBytes: Int
  ) {
    self.events = events
    self.connections = connections
    requests = tallies.reduce(0) { $0 + $1.requests }
    failures = tallies.reduce(0) { $0 + $1.failures }
    eventsPerSecond = (requests - failures) * events / seconds
    latencies = tallies.flatMap(\.latenciesNanoseconds).sorted()
    self.residentBytes = residentBytes
    self.databaseBytes = databaseBytes
  }

  var line: String {
    """
    \(events) a request, \(connections) connections: \(eventsPerSecond) events/s, \
    p50 \(milliseconds(50)) ms, p99 \(milliseconds(99)) ms, \(failures) failed, \
    \(residentBytes >> 20) MB resident, \(bytesPerEvent) bytes an event
    """
  }

  var json: JSON {
    [
      "eventsPerRequest": .integer(events), "connections": .integer(connections),
      "eventsPerSecond": .integer(eventsPerSecond), "requests": .integer(requests),
      "failures": .integer(failures), "p50Milliseconds": .decimal(milliseconds(50)),
      "p99Milliseconds": .decimal(milliseconds(99)), "residentBytes": .integer(residentBytes),
      "bytesPerEvent": .integer(bytesPerEvent),
    ]
  }

  private var bytesPerEvent: Int { databaseBytes / max(1, (requests - failures) * events) }

  /// Nearest rank, in milliseconds to two places.
  private func milliseconds(_ percentile: Int) -> Fixed {
    guard !latencies.isEmpty else { return Fixed(units: 0, places: 2) }
    let rank = (latencies.count * percentile + 99) / 100
    return Fixed(units: Int128(latencies[max(rank, 1) - 1] / 10_000), places: 2)
  }
}
