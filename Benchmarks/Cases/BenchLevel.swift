import Base

/// What a server is like with that many events stored, and what it takes in then.
struct BenchLevel: Sendable {
  let level: Int
  let stored: Int
  /// All files of the data folder that hold events, while the server is at rest.
  let bytes: Int
  let restartMilliseconds: Int
  let restartAfterKillMilliseconds: Int
  /// Before the cases and after them.
  let residentBytes: Int
  var residentBytesAfter = 0
  var cases: [BenchResult] = []
  /// Nil where nothing is stored.
  var queries: BenchQueries?
  var rating: BenchRating?

  /// At the lowest levels the empty database would count for more than the events.
  private var bytesPerEvent: Int? { stored < 100_000 ? nil : bytes / stored }

  static let columns = [
    "stored", "bytes/event", "restart ms", "after kill -9 ms", "resident MB", "after load MB",
  ]

  var row: [String] {
    [
      grouped(stored), bytesPerEvent.map(grouped) ?? "-", grouped(restartMilliseconds),
      grouped(restartAfterKillMilliseconds), grouped(residentBytes >> 20),
      grouped(residentBytesAfter >> 20),
    ]
  }

  var json: JSON {
    JSON.object([
      "level": .integer(level), "stored": .integer(stored), "bytes": .integer(bytes),
      "bytesPerEvent": bytesPerEvent.map { .integer($0) },
      "restartMilliseconds": .integer(restartMilliseconds),
      "restartAfterKillMilliseconds": .integer(restartAfterKillMilliseconds),
      "residentBytes": .integer(residentBytes),
      "residentBytesAfter": .integer(residentBytesAfter),
      "cases": .array(cases.map(\.json)),
    ])
  }
}

/// One step of filling up, measured as it goes: 1,000 events a request, over 8 connections.
struct BenchStep: Sendable {
  let stored: Int
  let eventsPerSecond: Int
  let residentBytes: Int
  let bytes: Int

  var line: String {
    "  filled up to \(grouped(stored)): \(grouped(eventsPerSecond)) events/s, "
      + "\(grouped(residentBytes >> 20)) MB resident, \(grouped(bytes >> 20)) MB on disk"
  }

  var json: JSON {
    [
      "stored": .integer(stored), "eventsPerSecond": .integer(eventsPerSecond),
      "residentBytes": .integer(residentBytes), "bytes": .integer(bytes),
    ]
  }
}
