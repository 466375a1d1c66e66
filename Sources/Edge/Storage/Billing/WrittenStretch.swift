/// What came of a stretch of contracts, of which the last documents may still be being written.
struct WrittenStretch {
  private var done: [[BillingService.Result]]
  private var last: (places: [Int], work: WorkAside<[BillingService.Result?]>)?

  init(_ contracts: Int = 0) { done = Array(repeating: [], count: contracts) }

  mutating func add(_ result: BillingService.Result, at place: Int) { done[place].append(result) }

  /// Writes for the contracts at some places, once what was written before is done.
  mutating func write(
    _ places: [Int], _ work: @escaping @Sendable () throws -> [BillingService.Result?]
  ) throws {
    done = try all()
    last = (places, WorkAside(work))
  }

  /// Until all is written; throws what stood in the way.
  func check() throws { _ = try last?.work.value() }

  /// Until nothing is written any more, whatever came of it.
  func wait() { last?.work.wait() }

  /// Contract by contract.
  func results() throws -> [BillingService.Result] { try all().flatMap(\.self) }

  private func all() throws -> [[BillingService.Result]] {
    guard let last else { return done }
    var all = done
    for (place, result) in zip(last.places, try last.work.value()) {
      if let result { all[place].append(result) }
    }
    return all
  }
}
