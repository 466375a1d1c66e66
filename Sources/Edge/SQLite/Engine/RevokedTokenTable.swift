import Base
import Foundation
import GRDB

/// The tokens that were used or revoked.
package enum RevokedTokenTable {
  /// Those of a folder, whether it is served or not.
  package static func all(in folder: DataFolder) throws -> Set<String> {
    try FolderRefusal.explaining(folder) {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(5)
      let queue = try DatabaseQueue(
        path: DatabaseFile(folder).readingAddress, configuration: configuration)
      defer { try? queue.close() }
      return try queue.read(all)
    }
  }

  static func all(_ db: Database) throws -> Set<String> {
    try String.fetchSet(db, sql: "SELECT id FROM denied_token")
  }

  /// Notes one until it would have expired by itself; false if it was noted before. Those are
  /// forgotten whose time has surely passed.
  static func use(
    _ id: String, until: Instant, _ now: Instant, _ passed: PassedTime, _ db: Database
  ) throws -> (isNew: Bool, expired: [String]) {
    let expired = try String.fetchAll(
      db, sql: "DELETE FROM denied_token WHERE until < ? RETURNING id",
      arguments: [try passed.note(now, db).microsecondsSinceEpoch])
    try db.execute(
      sql: "INSERT INTO denied_token (id, until) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
      arguments: [id, until.microsecondsSinceEpoch])
    return (db.changesCount == 1, expired)
  }
}
