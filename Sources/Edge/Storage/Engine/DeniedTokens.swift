package import Base
import Foundation
import GRDB
import Synchronization

/// Tokens that are no longer accepted: revoked ones, and links that have been used once.
///
/// Every request asks, so the answer comes from memory; the database is there for the next start.
/// Only the process that holds the folder's lock writes them, so memory and database agree.
package final class DeniedTokens: Sendable {
  private let store: Store
  private let ids: Mutex<Set<String>>

  package init(_ store: Store) throws {
    self.store = store
    ids = Mutex(
      try store.needed("which tokens were revoked") {
        try store.pool.read { try String.fetchSet($0, sql: "SELECT id FROM denied_token") }
      })
  }

  /// Those that are denied in a folder, whether it is served or not.
  package static func all(in folder: DataFolder) throws -> Set<String> {
    try FolderRefusal.explaining(folder) {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(5)
      let queue = try DatabaseQueue(
        path: DatabaseFile(folder).readingAddress, configuration: configuration)
      defer { try? queue.close() }
      return try queue.read { try String.fetchSet($0, sql: "SELECT id FROM denied_token") }
    }
  }

  package func contains(_ id: String) -> Bool { ids.withLock { $0.contains(id) } }

  /// Denies a token until it would have expired by itself; false where it was denied before. It is
  /// forgotten only once that time has surely passed.
  package func deny(_ id: String, until: Instant, now: Instant) async throws -> Bool {
    let (isNew, expired) = try await store.writeSoon { [passed = store.passed] db in
      let expired = try String.fetchAll(
        db, sql: "DELETE FROM denied_token WHERE until < ? RETURNING id",
        arguments: [try passed.note(now, db).microsecondsSinceEpoch])
      try db.execute(
        sql: "INSERT INTO denied_token (id, until) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
        arguments: [id, until.microsecondsSinceEpoch])
      return (db.changesCount == 1, expired)
    }
    ids.withLock { ids in
      ids.subtract(expired)
      ids.insert(id)
    }
    return isNew
  }
}
