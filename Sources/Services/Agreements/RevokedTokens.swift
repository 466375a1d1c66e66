package import Base
import Synchronization
package import Workflow

/// Tokens that are no longer accepted: revoked ones, and links that have been used once.
///
/// Every request asks, so the answer comes from memory; the books are there for the next start.
/// Only one process writes a workspace's books, so memory and books agree.
package final class RevokedTokens: Sendable {
  private let home: any Home
  private let ids: Mutex<Set<String>>

  package init(_ home: any Home) throws {
    self.home = home
    ids = Mutex(try home.revokedTokens())
  }

  package func contains(_ id: String) -> Bool { ids.withLock { $0.contains(id) } }

  /// Revokes a token until it would have expired by itself; false if it was revoked before. It is
  /// forgotten only once that time has surely passed.
  package func revoke(_ id: String, until: Instant, now: Instant) throws -> Bool {
    let (isNew, expired) = try home.act(by: "", at: now) { try $0.use(id, until: until) }
    ids.withLock { ids in
      ids.subtract(expired)
      ids.insert(id)
    }
    return isNew
  }
}
