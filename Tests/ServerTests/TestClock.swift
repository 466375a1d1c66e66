import Base
import Synchronization

/// The time as the service under test sees it; it moves when the test says so.
final class TestClock: Sendable {
  private let instant: Mutex<Instant>

  init(_ text: String) { instant = Mutex(Instant(text)!) }

  var now: Instant { instant.withLock { $0 } }

  func set(_ text: String) { instant.withLock { $0 = Instant(text)! } }

  func advance(bySeconds seconds: Int64) {
    instant.withLock { $0 = $0.advanced(bySeconds: seconds) }
  }
}
