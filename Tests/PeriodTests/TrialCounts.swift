import Synchronization

/// How often what the histories are about came to happen: a property that is never put to the test
/// holds of anything.
final class TrialCounts: Sendable {
  enum Kind: String, CaseIterable {
    case documents, corrections, notes, notesTakenBack, disputes, goodwill, ends, extensions
    case settledAfterTheEnd
  }

  private let counts = Mutex<[Kind: Int]>([:])

  func add(_ kind: Kind, _ count: Int = 1) {
    counts.withLock { $0[kind, default: 0] += count }
  }

  subscript(_ kind: Kind) -> Int { counts.withLock { $0[kind] ?? 0 } }

  var told: String {
    Kind.allCases.map { "\(self[$0]) \($0.rawValue)" }.joined(separator: ", ")
  }
}
