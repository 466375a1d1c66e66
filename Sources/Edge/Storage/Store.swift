import Base
import Foundation
package import GRDB
import Migrations

/// The open database: one connection that writes, some that read.
package struct Store: Sendable {
  package let pool: DatabasePool

  /// Opens the file, brings its schema up to date, and makes sure that a commit means an fsync.
  package init(_ folder: DataFolder) throws {
    var configuration = Configuration()
    configuration.maximumReaderCount = 4
    configuration.busyMode = .timeout(5)
    configuration.label = "usance"
    pool = try DatabasePool(path: folder.database.path, configuration: configuration)
    try pool.writeWithoutTransaction { db in
      // GRDB sets synchronous=NORMAL while it turns WAL on, so this comes after, and is read back.
      try db.execute(sql: "PRAGMA synchronous = FULL")
      // Random ids touch pages all over the unique index; those should not be read again each time.
      try db.execute(sql: "PRAGMA cache_size = -65536")
      let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode")
      let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous")
      guard mode == "wal", synchronous == 2 else {
        throw Fault(
          .internalError,
          "the database is not durable here: journal \(mode ?? "?"), \(synchronous ?? 0)")
      }
    }
    try Schema.migrate(pool)
  }

  /// The schema as text, to compare two databases by.
  package func schema() throws -> String {
    try pool.read { db in
      try String.fetchAll(
        db, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
      ).joined(separator: ";\n")
    }
  }
}

/// Brings a database to the schema of this program, or refuses to touch it.
enum Schema {
  static func migrate(_ pool: DatabasePool) throws {
    var migrator = DatabaseMigrator()
    for migration in Migration.all {
      migrator.registerMigration(identifier(migration)) { db in
        try db.execute(sql: migration.sql)
        let complaints = try String.fetchAll(db, sql: migration.expectation)
        guard complaints.isEmpty else {
          throw Fault(.internalError, "\(migration.name): \(complaints.joined(separator: "; "))")
        }
      }
    }
    guard try pool.read(migrator.hasBeenSuperseded) == false else {
      throw Fault(
        .internalError, "the database was written by a newer or another usance; it is left alone")
    }
    try migrator.migrate(pool)
  }

  /// The digest in the name makes an edited file an unknown migration.
  private static func identifier(_ migration: Migration) -> String {
    "\(migration.name)@\(Digest(of: migration.sql.utf8).hex.prefix(16))"
  }
}
