import Synchronization

/// Notes why the process would have ended.
final class Halted: Sendable {
  private let noted = Mutex<[String]>([])

  var reasons: [String] { noted.withLock { $0 } }

  func note(_ reason: String) { noted.withLock { $0.append(reason) } }
}
