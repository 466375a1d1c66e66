import Base

/// What the load of one case did to the server while it was measured.
struct LoadTally: Sendable {
  /// Answered within the measuring time, with success or not.
  var requests = 0
  var failures = 0
  var latenciesNanoseconds: [Int64] = []
  var elapsedNanoseconds: Int64 = 0
  /// The processor time of the generator and of the server in that time.
  var generatorNanoseconds: Int64 = 0
  var serverNanoseconds: Int64 = 0
  /// Taken in at any time, before, within and after the measuring.
  var requestsTaken = 0
  /// The first answer that was no success, as text.
  var firstFailure: String?

  func eventsPerSecond(_ eventsPerRequest: Int) -> Int {
    guard elapsedNanoseconds > 0 else { return 0 }
    let events = Int128((requests - failures) * eventsPerRequest)
    return Int(events * 1_000_000_000 / Int128(elapsedNanoseconds))
  }

  /// Nearest rank, in milliseconds to two places.
  func latencyMilliseconds(percentile: Int) -> Fixed {
    guard !latenciesNanoseconds.isEmpty else { return Fixed(units: 0, places: 2) }
    let sorted = latenciesNanoseconds.sorted()
    let rank = (sorted.count * percentile + 99) / 100
    return Fixed(units: Int128(sorted[max(rank, 1) - 1] / 10_000), places: 2)
  }
}
