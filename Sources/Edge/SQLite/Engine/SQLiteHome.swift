package import Base
import GRDB
import Settlement
package import Workflow

/// A workspace in one SQLite file.
package final class SQLiteHome: Home {
  package let store: Store
  let catalogs: CatalogMemory
  private let shard: SQLiteShard

  /// Reads what is agreed, and what the writer of events must remember. `halt` ends the process,
  /// if the disk no longer says what it holds.
  package init(
    _ store: Store, countedAtOnceMax: Int = CatalogMemory.countedAtOnceMax,
    recentIdentitiesMax: Int = SQLiteShard.recentIdentitiesMax,
    halt: @escaping @Sendable (String) -> Void
  ) throws {
    self.store = store
    catalogs = try CatalogMemory(store, countedAtOnceMax: countedAtOnceMax)
    shard = SQLiteShard(store, catalogs, recentIdentitiesMax: recentIdentitiesMax, halt: halt)
    try shard.prepare()
  }

  /// A replica, to which nobody posts events.
  init(replica store: Store, _ catalogs: CatalogMemory) {
    self.store = store
    self.catalogs = catalogs
    shard = SQLiteShard(store, catalogs, halt: { _ in })
  }

  package var events: any EventShard { shard }
  package var agreements: CatalogState { catalogs.current }

  package var intake: CatalogSnapshot { catalogs.snapshot }

  package func ratingTime(_ now: Instant) -> Instant { catalogs.order.rating(now) }

  package func read<Value>(_ body: (any Snapshot) throws -> Value) throws -> Value {
    // Before the transaction begins: what is agreed meanwhile is of the next one.
    let state = catalogs.current
    return try asked {
      try store.pool.read { try body(SQLiteSnapshot($0, state, store.disk)) }
    }
  }

  package func act<Value>(
    by name: String, at now: Instant, isDryRun: Bool, _ body: (any Books) throws -> Value
  ) throws -> Value {
    try asked {
      try store.writeSteps { db in
        var value: Value?
        try db.inTransaction {
          let books = SQLiteBooks(
            db, catalogs.current, store, catalogs, by: Author(name, at: now))
          value = try body(books)
          return isDryRun ? .rollback : .commit
        }
        return value!
      }
    }
  }

  /// What the engine says, with its errors as faults; those of others are left alone.
  private func asked<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw Fault(engine: error, store.disk)
    }
  }

  /// Counts a slice of the events that meters still have to count; false if there is nothing to do.
  package func countMeters(eventsMax: Int = 10_000) throws -> Bool {
    try catalogs.countMeters(eventsMax: eventsMax)
  }

  package func revokedTokens() throws -> Set<String> {
    try store.needed("which tokens were revoked") { try store.pool.read(RevokedTokenTable.all) }
  }

  package func check() throws { _ = try store.schema() }

  package var report: EngineReport {
    EngineReport(isFull: store.disk.isFull, damagedPages: store.damage.pages.count)
  }

  package func tend() throws -> Bool {
    store.disk.look()
    store.damage.look(store)
    return try !store.disk.isFull && countMeters()
  }

  package func releaseMemory() throws { try store.releaseMemory() }
}
