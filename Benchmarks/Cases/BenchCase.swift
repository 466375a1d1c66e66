import Base

/// One case: so many events a request over so many connections, new ones or ones sent before.
struct BenchCase: Sendable {
  let eventsPerRequest: Int
  let connections: Int
  var isRetry = false

  static let single = BenchCase(eventsPerRequest: 1, connections: 128)
  static let hundred = BenchCase(eventsPerRequest: 100, connections: 16)
  static let thousand = BenchCase(eventsPerRequest: 1000, connections: 8)
  static let retry = BenchCase(eventsPerRequest: 1000, connections: 8, isRetry: true)

  /// The retry sends again what the case before it sent, so it stands behind that.
  static let all = [single, thousand, retry, hundred]

  var name: String { isRetry ? "\(eventsPerRequest), retried" : "\(eventsPerRequest)" }
}

/// What one case gave.
struct BenchResult: Sendable {
  let benchCase: BenchCase
  /// How many events were stored when it began; its own add up.
  let storedAtStart: Int
  let tally: LoadTally

  var eventsPerSecond: Int { tally.eventsPerSecond(benchCase.eventsPerRequest) }

  /// Microseconds of processor time an event, to two places.
  private func microseconds(_ nanoseconds: Int64, each count: Int) -> Fixed {
    Fixed(units: Int128(nanoseconds) / Int128(max(1, count) * 10), places: 2)
  }

  private var events: Int { tally.requests * benchCase.eventsPerRequest }
  private var generatorCost: Fixed { microseconds(tally.generatorNanoseconds, each: events) }
  private var serverCost: Fixed { microseconds(tally.serverNanoseconds, each: events) }

  static let columns = [
    "events a request", "stored before", "events/s", "p50 ms", "p99 ms", "failed",
    "server us/event", "load us/event",
  ]

  var row: [String] {
    [
      "\(benchCase.name) x \(benchCase.connections)", grouped(storedAtStart),
      grouped(eventsPerSecond), "\(tally.latencyMilliseconds(percentile: 50))",
      "\(tally.latencyMilliseconds(percentile: 99))", grouped(tally.failures), "\(serverCost)",
      "\(generatorCost)",
    ]
  }

  static let columnsAlone = ["events a request", "us/event", "us/request", "events/s"]

  /// Without what is the server's.
  var rowAlone: [String] {
    [
      "\(benchCase.name) x \(benchCase.connections)", "\(generatorCost)",
      "\(microseconds(tally.generatorNanoseconds, each: tally.requests))",
      grouped(eventsPerSecond),
    ]
  }

  var json: JSON {
    [
      "eventsPerRequest": .integer(benchCase.eventsPerRequest),
      "connections": .integer(benchCase.connections), "isRetry": .bool(benchCase.isRetry),
      "storedAtStart": .integer(storedAtStart), "eventsPerSecond": .integer(eventsPerSecond),
      "requests": .integer(tally.requests), "failures": .integer(tally.failures),
      "p50Milliseconds": .decimal(tally.latencyMilliseconds(percentile: 50)),
      "p99Milliseconds": .decimal(tally.latencyMilliseconds(percentile: 99)),
      "serverMicrosecondsPerEvent": .decimal(serverCost),
      "generatorMicrosecondsPerEvent": .decimal(generatorCost),
    ]
  }
}

/// `1234567` as `1,234,567`.
func grouped(_ number: Int) -> String { Fixed(units: Int128(number), places: 0).grouped }
