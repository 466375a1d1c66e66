import Base
import CMalloc
import Foundation
package import GRDB
import Migrations

/// The open database: one connection that writes, some that read.
package struct Store: Sendable {
  package let pool: DatabasePool

  /// Opens the file, brings its schema up to date, and makes sure that a commit means an fsync.
  package init(_ folder: DataFolder) throws {
    try Schema.refuseForeign(folder.database.path)
    var configuration = Configuration()
    configuration.maximumReaderCount = 4
    configuration.busyMode = .timeout(5)
    configuration.label = "usance"
    // For whoever reads: the blocks of a month of a thousand subjects stay in memory.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -16384") }
    pool = try DatabasePool(path: folder.database.path, configuration: configuration)
    try pool.writeWithoutTransaction { db in
      // GRDB sets synchronous=NORMAL while it turns WAL on, so this comes after, and is read back.
      try db.execute(sql: "PRAGMA synchronous = FULL")
      // So that a row replaced is a row deleted, for the triggers that forbid it.
      try db.execute(sql: "PRAGMA recursive_triggers = ON")
      // What is looked up and merged again and again should not be read again each time.
      try db.execute(sql: "PRAGMA cache_size = -65536")
      // Each checkpoint holds up the commits behind it; one of 16 MB writes a page once that many
      // commits have touched.
      try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
      // Debian's SQLite overwrites what is deleted; all we delete is copied elsewhere before.
      try db.execute(sql: "PRAGMA secure_delete = OFF")
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

  /// Gives back the memory of the pages that the writer holds, after work that comes back to none
  /// of them, and what that work had allocated: each thread's freed memory serves only that thread.
  func giveMemoryBack() throws {
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA shrink_memory") }
    #if canImport(Glibc)
      malloc_trim(0)
    #endif
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
    try migrator.migrate(pool)
    try pool.read(check)
  }

  /// Looks at a database before it is opened for writing: that alone would change the file.
  static func refuseForeign(_ path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    let isForeign = try queue.read(migrator.hasBeenSuperseded)
    try queue.close()
    guard !isForeign else {
      throw Fault(
        .internalError, "the database was written by a newer or another usance; it is left alone")
    }
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for migration in Migration.all {
      migrator.registerMigration(identifier(migration)) { db in
        try db.execute(sql: migration.sql)
      }
    }
    return migrator
  }

  /// Holds the schema against the expectation of every migration, at each start: a trigger that
  /// somebody dropped would be missed only when it is too late.
  private static func check(_ db: Database) throws {
    for migration in Migration.all {
      let complaints = try String.fetchAll(db, sql: migration.expectation)
      guard complaints.isEmpty else {
        throw Fault(.internalError, "\(migration.name): \(complaints.joined(separator: "; "))")
      }
    }
  }

  /// The digest in the name makes an edited file an unknown migration.
  private static func identifier(_ migration: Migration) -> String {
    "\(migration.name)@\(Digest(of: migration.sql.utf8).hex.prefix(16))"
  }
}
