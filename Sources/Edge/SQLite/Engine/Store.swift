package import Base
import CMalloc
import Foundation
package import GRDB
import Migrations
import Workflow

/// The open database: one connection that writes, some that read.
package struct Store: Sendable {
  /// To read; whoever writes goes through `write` or `writeSteps`.
  package let pool: DatabasePool
  package let disk: DiskWatch
  package let passed: PassedTime
  package let damage: DamageWatch
  private let mark: FolderMark?

  /// Opens the file, brings its schema up to date, and makes sure that a commit means an fsync.
  /// `isMarked` where the folder is one that gives numbers out. `note` is for the log; `halt` ends
  /// the process, where the disk no longer says what it holds. Throws a `FolderRefusal`.
  package init(
    _ folder: DataFolder, isMarked: Bool = false, now: Instant = Store.systemTime,
    note: @escaping @Sendable (String) -> Void = { _ in },
    halt: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    let disk = DiskWatch(folder, note: note, halt: halt)
    self.disk = disk
    do {
      let file = try SchemaPages.file(folder)
      let pool = try Store.open(folder, file, disk)
      self.pool = pool
      damage = DamageWatch(file, note: note)
      (passed, mark) = try pool.writeWithoutTransaction { db in
        (
          try PassedTime(db, now: now), isMarked ? try FolderMark(folder, disk, db) : nil
        )
      }
    } catch let error as DatabaseError {
      throw FolderRefusal(error, folder, hasRoom: disk.hasRoom)
    }
    damage.begin()
  }

  /// Reads what nothing can be done without: where it is damaged, the folder is refused.
  func needed<Value>(_ what: String, _ read: () throws -> Value) throws -> Value {
    do {
      return try read()
    } catch {
      guard Fault(ofDamage: error) != nil else { throw error }
      let pages = damage.pages.prefix(5).map(String.init).joined(separator: ", ")
      throw FolderRefusal(
        .damaged,
        "\(what) cannot be read (damaged pages: \(pages.isEmpty ? "none" : pages)); keep a copy of "
          + "the folder, and see Documentation/Damage.md")
    }
  }

  package static let systemClock: @Sendable () -> Instant = { systemTime }

  package static var systemTime: Instant {
    Instant(microsecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1_000_000)) ?? .latest
  }

  /// At least as many as threads that read at the same time: who waits for a connection cannot be
  /// told that nobody waits for the result any more.
  package static let readersMax = 14

  private static func open(
    _ folder: DataFolder, _ file: DatabaseFile, _ disk: DiskWatch
  ) throws -> DatabasePool {
    try Schema.refuseForeign(folder, file)
    var configuration = Configuration()
    DatabaseFile.prepare(&configuration)
    configuration.maximumReaderCount = readersMax
    configuration.busyMode = .timeout(5)
    configuration.label = "usance"
    // For whoever reads: the blocks of a month of a thousand subjects stay in memory.
    configuration.prepareDatabase { [disk] in
      // For as long as there are connections, for the hook below.
      withExtendedLifetime(disk) {}
      try $0.execute(sql: "PRAGMA cache_size = -16384")
      Interruption.watch($0)
    }
    let pool = try DatabasePool(path: file.address, configuration: configuration)
    try pool.writeWithoutTransaction { db in
      // GRDB sets synchronous=NORMAL while it turns WAL on, so this comes after, and is read back.
      try db.execute(sql: "PRAGMA synchronous = FULL")
      // So that a row replaced is a row deleted, for the triggers that forbid it.
      try db.execute(sql: "PRAGMA recursive_triggers = ON")
      // What is looked up and merged again and again should not be read again each time.
      try db.execute(sql: "PRAGMA cache_size = -65536")
      WriteAheadLog.checkpoint(db, telling: disk)
      // Debian's SQLite overwrites what is deleted; all we delete is copied elsewhere before.
      try db.execute(sql: "PRAGMA secure_delete = OFF")
      let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode")
      let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous")
      guard mode == "wal", synchronous == 2 else {
        throw FolderRefusal(
          .damaged,
          "the database is not durable here (journal \(mode ?? "?"), \(synchronous ?? 0)); move "
            + "the folder to a file system of this machine")
      }
    }
    try Schema.migrate(pool)
    return pool
  }

  /// Does `work` in one transaction. Where the disk is full it throws `storageFull`; where it
  /// fails, the process ends.
  package func write<Value>(_ work: (Database) throws -> Value) throws -> Value {
    try writeSteps { db in
      var value: Value?
      try db.inTransaction {
        value = try work(db)
        return .commit
      }
      return value!
    }
  }

  /// The same for work that begins and ends its transactions itself. What takes events gives no
  /// numbers, and need not look whether any are new.
  package func writeSteps<Value>(
    givingNumbers: Bool = true, _ work: (Database) throws -> Value
  ) throws -> Value {
    do {
      // What is begun ends, whoever waits for it.
      return try Interruption.$current.withValue(nil) {
        try pool.writeWithoutTransaction { db in
          let value = try work(db)
          if givingNumbers { try mark?.keep(db) }
          return value
        }
      }
    } catch {
      throw disk.fault(of: error)
    }
  }

  /// Brings everything into the one file, for a folder that is left in order: whoever puts another
  /// database in its place later must not find a log beside it that is played into that one.
  /// Readers that are still at work may keep it from being done.
  package func settle() {
    do {
      try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    } catch {
      _ = disk.fault(of: error)
    }
  }

  /// Gives back the memory of the pages that the writer holds, after work that comes back to none
  /// of them, and what that work had allocated: each thread's freed memory serves only that thread.
  func releaseMemory() throws {
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA shrink_memory") }
    #if canImport(Glibc)
      malloc_trim(0)
    #endif
  }

  /// Lets what is large go back to the system as soon as it is freed. By itself the library keeps
  /// it once it has seen some, for each thread: bodies and reports would stay in memory many times
  /// over.
  package static func keepNoLargeMemory() {
    #if canImport(Glibc)
      mallopt(M_MMAP_THRESHOLD, 512 << 10)
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

  /// Refuses a database with a migration that this version does not know. It runs before the
  /// database is opened for writing: opening alone would change the file.
  static func refuseForeign(_ folder: DataFolder, _ file: DatabaseFile) throws {
    let path = folder.database.path
    // A first start that broke off leaves a journal, which only a program that writes can use.
    guard FolderCheck.exists(folder.database), !FolderCheck.exists(folder.journal) else { return }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    let queue = try DatabaseQueue(path: file.readingAddress, configuration: configuration)
    let migrator = Schema.migrator
    let unknown = try queue.read { db in
      try migrator.appliedIdentifiers(db).subtracting(migrator.migrations).min()
    }
    try queue.close()
    if let unknown {
      throw FolderRefusal(
        .damaged,
        "\(path) belongs to a newer or different version of usance (its schema has `\(unknown)`, "
          + "which this version does not know); it was not opened; start the version that wrote "
          + "it, or restore a backup that this version wrote")
    }
  }

  static var migrator: DatabaseMigrator {
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
      let complaints: [String]
      do {
        complaints = try String.fetchAll(db, sql: migration.expectation)
      } catch {
        // What is looked at lies on a damaged page: whoever needs it finds out.
        guard Fault(ofDamage: error) != nil else { throw error }
        continue
      }
      guard complaints.isEmpty else {
        throw FolderRefusal(
          .damaged,
          "\(migration.name): \(complaints.joined(separator: "; ")); the database is damaged, "
            + "restore it from a backup")
      }
    }
  }

  /// The digest in the name makes an edited file an unknown migration.
  private static func identifier(_ migration: Migration) -> String {
    "\(migration.name)@\(Digest(of: migration.sql.utf8).hex.prefix(16))"
  }
}

extension FolderRefusal {
  /// Runs `work` on a folder; where SQLite refuses, it says why in words that say what to do.
  package static func explaining<Value>(
    _ folder: DataFolder, _ work: () throws -> Value
  ) throws -> Value {
    do {
      return try work()
    } catch let error as DatabaseError {
      throw FolderRefusal(error, folder, hasRoom: true)
    }
  }

  /// Why SQLite does not open a database, in words that say what to do.
  init(_ error: DatabaseError, _ folder: DataFolder, hasRoom: Bool) {
    let (path, said) = (folder.database.path, error.message ?? "\(error.resultCode)")
    switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      self.init(
        .damaged,
        "\(path) is damaged (\(said)); keep a copy of the folder, and restore it from a backup")
    case .SQLITE_FULL: self = .noRoom(folder.path)
    case .SQLITE_IOERR where !hasRoom, .SQLITE_CANTOPEN where !hasRoom:
      self = .noRoom(folder.path)
    case .SQLITE_IOERR:
      self.init(.failedDisk, "the disk of \(path) fails (\(said)); see what its log says")
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
      self.init(
        .notAllowed,
        "\(path) cannot be opened (\(said)); see whom it belongs to, and that it is a file")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.inUse, "another program is using \(path); end it first")
    default: self.init(.damaged, "\(path) cannot be opened (\(said)); restore it from a backup")
    }
  }
}
