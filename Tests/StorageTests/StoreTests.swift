import Base
import Foundation
import GRDB
import Migrations
import TestSupport
import Testing

@testable import SQLite
@testable import Services
@testable import TimeZones

struct StoreTests {
  @Test("a commit means an fsync: WAL with synchronous=FULL, on the connection that writes")
  func durability() throws {
    let workspace = try Workspace()
    let (mode, synchronous) = try workspace.store.pool.writeWithoutTransaction { db in
      (
        try String.fetchOne(db, sql: "PRAGMA journal_mode"),
        try Int.fetchOne(db, sql: "PRAGMA synchronous")
      )
    }
    #expect(mode == "wal")
    #expect(synchronous == 2)
    withExtendedLifetime(workspace) {}
  }

  @Test("a fresh database has every migration, and opening it again changes nothing")
  func freshSchema() throws {
    let first = try Workspace()
    let applied = try first.migrations()
    #expect(applied.map { $0.prefix(while: { $0 != "@" }) } == Migration.all.map { $0.name[...] })
    let schema = try first.store.schema()
    try first.store.pool.close()
    let second = try Workspace(in: first.temporary)
    #expect(try second.migrations() == applied)
    #expect(try second.store.schema() == schema)
  }

  @Test(
    "a database with a migration that is unknown here, edited or of an older build is not opened",
    arguments: [
      (
        "INSERT INTO grdb_migrations VALUES ('0099_tomorrow@0000000000000000')",
        "`0099_tomorrow@0000000000000000`"
      ),
      (
        """
        UPDATE grdb_migrations SET identifier = '0001_catalog@0000000000000000'
        WHERE identifier LIKE '0001_catalog@%'
        """, "`0001_catalog@0000000000000000`"
      ),
      (
        """
        UPDATE grdb_migrations SET identifier = replace(identifier, '0001_catalog@', '0001_events@')
        """, "`0001_events@"
      ),
    ])
  func foreignSchemaRefused(change: String, unknown: String) async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([Workspace.event("1")])
    try await workspace.store.pool.write { try $0.execute(sql: change) }
    try workspace.store.pool.close()
    let before = try Data(contentsOf: workspace.folder.database)
    let refusal = refusal { try Store(workspace.folder) }
    #expect(refusal?.reason == .damaged)
    #expect(refusal?.detail.contains("a newer or different version of usance") == true)
    #expect(refusal?.detail.contains(unknown) == true)
    #expect(refusal?.detail.contains("it was not opened") == true)
    #expect(try Data(contentsOf: workspace.folder.database) == before)
  }

  @Test("a file that is no database is refused, and left alone")
  func noDatabase() throws {
    let temporary = try TemporaryFolder()
    let folder = DataFolder(temporary.url.path)
    let text = Data(String(repeating: "this is a letter, not a database. ", count: 200).utf8)
    try text.write(to: folder.database)
    #expect(refusal { try Store(folder) }?.reason == .damaged)
    #expect(try Data(contentsOf: folder.database) == text)
  }

  @Test("the expectations of a sound schema are met")
  func expectationsMet() throws {
    let workspace = try Workspace()
    for migration in Migration.all {
      #expect(try workspace.complaints(migration) == [])
    }
  }

  @Test(
    "a damaged schema is seen, and refused at the next start",
    arguments: [
      ("0001_catalog", "DROP TRIGGER catalog_object_is_never_changed"),
      ("0001_catalog", "DROP VIEW catalog_current"),
      ("0001_catalog", "DROP TABLE assignment"),
      ("0002_identities", "DROP TABLE identity_filter"),
      ("0002_identities", "DELETE FROM identity_secret"),
      ("0003_log", "DROP TRIGGER event_is_never_changed"),
      ("0003_log", "DROP TRIGGER event_is_never_deleted"),
      ("0003_log", "CREATE TRIGGER no BEFORE INSERT ON event_page BEGIN SELECT 1; END"),
      ("0004_meters", "DROP TABLE bucket"),
      ("0004_meters", "DROP INDEX meter_count_live"),
      ("0005_settlement", "DROP TRIGGER invoice_final_never_changes"),
      ("0005_settlement", "DROP TRIGGER invoice_final_is_never_deleted"),
      ("0005_settlement", "DROP TABLE number_series"),
      ("0005_settlement", "DROP TRIGGER invoice_event_never_changes"),
      ("0005_settlement", "DROP TRIGGER credit_note_never_changes"),
      ("0005_settlement", "DROP TRIGGER ledger_entry_is_in_balance"),
      ("0005_settlement", "DROP TABLE kept_answer"),
      ("0006_access", "DROP TABLE denied_token"),
    ])
  func damageSeen(name: String, damage: String) throws {
    let workspace = try Workspace()
    let migration = try #require(Migration.all.first { $0.name == name })
    try workspace.store.pool.write { try $0.execute(sql: damage) }
    #expect(try workspace.complaints(migration).count == 1)
    #expect(refusal(of: { try Store(workspace.folder) })?.detail.hasPrefix(name) == true)
  }

  @Test(
    "the log is append-only",
    arguments: [
      "UPDATE event_page SET body = x'00'", "UPDATE event_page SET events = 2",
      "UPDATE event_page SET first = 9", "DELETE FROM event_page",
      "REPLACE INTO event_page SELECT * FROM event_page",
    ])
  func logIsAppendOnly(statement: String) async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([Workspace.event("1")])
    await #expect(throws: DatabaseError.self) {
      try await workspace.store.pool.write { try $0.execute(sql: statement) }
    }
    #expect(try workspace.eventCount() == 1)
  }
}

extension Workspace {
  fileprivate func migrations() throws -> [String] {
    try store.pool.read {
      try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations ORDER BY identifier")
    }
  }

  fileprivate func complaints(_ migration: Migration) throws -> [String] {
    try store.pool.read { try String.fetchAll($0, sql: migration.expectation) }
  }
}
