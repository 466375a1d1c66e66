package import Base
import GRDB

/// Tokens that are no longer accepted: revoked ones, and links that have been used once.
package struct DeniedTokens: Sendable {
  private let store: Store

  package init(_ store: Store) { self.store = store }

  package func contains(_ id: String) async throws -> Bool {
    try await store.pool.read { db in
      try Bool.fetchOne(
        db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM denied_token WHERE id = ?)"),
        arguments: [id])!
    }
  }

  /// Denies a token until it would have expired by itself; false where it was denied before.
  package func deny(_ id: String, until: Instant, now: Instant) async throws -> Bool {
    try await store.pool.write { db in
      try db.execute(
        sql: "DELETE FROM denied_token WHERE until < ?", arguments: [now.microsecondsSinceEpoch])
      try db.execute(
        sql: "INSERT INTO denied_token (id, until) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
        arguments: [id, until.microsecondsSinceEpoch])
      return db.changesCount == 1
    }
  }
}
