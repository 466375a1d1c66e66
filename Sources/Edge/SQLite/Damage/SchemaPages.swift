import Base
import CChecksums
import Foundation
import GRDB
import Migrations

/// The pages that say which tables there are. Without them nothing can be read, and another program
/// that changes a database writes some of them: so where their checksums fail, it is looked at once
/// whether they still say what they must.
enum SchemaPages {
  /// The file of a folder, ready to be opened; throws a `FolderRefusal` where it cannot be.
  static func file(_ folder: DataFolder) throws -> DatabaseFile {
    var file = DatabaseFile(folder)
    guard FolderCheck.exists(folder.database), !FolderCheck.exists(folder.journal) else {
      return file
    }
    try checkHeader(file)
    try checkJournal(file)
    file.tolerated = try tolerable(file)
    return file
  }

  private static func tolerable(_ file: DatabaseFile) throws -> [Int64] {
    let pages = try file.noting { db in
      // Of an empty file, which is about to be filled.
      guard try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")! > 0 else {
        return [Int64]()
      }
      return try Int64.fetchAll(db, sql: "SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'")
    }
    let damaged = PageScan.damaged(pages, of: file.path)
    guard !damaged.isEmpty else { return [] }
    let isSound = try file.noting { db in
      let isWhole = try String.fetchAll(db, sql: "PRAGMA integrity_check(1)") == ["ok"]
      return try isWhole && schema(db) == fresh()
    }
    guard isSound else {
      throw FolderRefusal(
        .damaged,
        "\(file.path) is damaged where it says which tables it has (page \(damaged[0])); keep a "
          + "copy of the folder, and restore it from a backup")
    }
    return damaged
  }

  /// Where pages have no room for checksums, what stands there is something else.
  private static func checkHeader(_ file: DatabaseFile) throws {
    var header = [UInt8](repeating: 0, count: 100)
    // Why it cannot be read SQLite says.
    guard PageFile(file.path)?.read(&header, at: 0) == header.count,
      header.starts(with: "SQLite format 3\0".utf8), header[20] != UInt8(usance_checksum_bytes)
    else { return }
    throw FolderRefusal(
      .damaged,
      "\(file.path) has no checksums: it is of an older version, of another program or damaged; "
        + "keep a copy of the folder, and restore it from a backup")
  }

  /// What was committed must be there: SQLite reads its journal up to the first damage, and drops
  /// in silence what is behind it.
  private static func checkJournal(_ file: DatabaseFile) throws {
    let path = file.path + "-wal"
    var journal = usance_journal()
    let code = usance_journal_read(path, &journal)
    guard code == 0 else {
      let reason = String(cString: strerror(code))
      throw FolderRefusal(.failedDisk, "\(path) cannot be read (\(reason)); see what its disk says")
    }
    guard journal.lost == 0 else {
      throw FolderRefusal(
        .damaged,
        "\(path) is damaged: \(journal.lost) pages that were committed lie behind the damage; keep "
          + "a copy of the folder, and restore it from a backup")
    }
  }

  private static func fresh() throws -> [String] {
    let queue = try DatabaseQueue()
    try Schema.migrator.migrate(queue)
    return try queue.read(schema)
  }

  private static func schema(_ db: Database) throws -> [String] {
    try String.fetchAll(
      db,
      sql: """
        SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '')
        FROM sqlite_schema ORDER BY 1
        """)
  }
}
