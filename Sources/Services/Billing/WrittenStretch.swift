/// What came of a stretch of contracts, of which the last documents may still be being written.
struct WrittenStretch {
  private var done: [[RunResult]]
  private var last: (places: [Int], work: WorkAside<[RunResult?]>)?

  init(_ contracts: Int = 0) { done = Array(repeating: [], count: contracts) }

  mutating func add(_ result: RunResult, at place: Int) { done[place].append(result) }

  /// Writes for the contracts at some places, once what was written before is done.
  mutating func write(
    _ places: [Int], _ work: @escaping @Sendable () throws -> [RunResult?]
  ) throws {
    done = try all()
    last = (places, WorkAside(work))
  }

  /// Until all is written; throws what stood in the way.
  func check() throws { _ = try last?.work.value() }

  /// Until nothing is written any more, whatever came of it.
  func wait() { last?.work.wait() }

  /// Contract by contract.
  func results() throws -> [RunResult] { try all().flatMap(\.self) }

  private func all() throws -> [[RunResult]] {
    guard let last else { return done }
    var all = done
    for (place, result) in zip(last.places, try last.work.value()) {
      if let result { all[place].append(result) }
    }
    return all
  }
}
