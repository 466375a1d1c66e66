package import Base
import GRDB
import Ingestion
import Synchronization
package import Workflow

/// The event log in one SQLite file: a batch of requests is one transaction with one fsync.
package final class SQLiteShard: EventShard {
  /// How many identities of events are held in memory before they are written out as a run.
  package static let recentIdentitiesMax = RecentIdentities.entriesMax

  private let recentIdentitiesMax: Int
  private let store: Store
  private let catalogs: CatalogMemory
  private let halt: @Sendable (String) -> Void
  /// Nil after a transaction that failed: what it remembers may not be so.
  private let writer = Mutex<EventWriter?>(nil)
  private let pending = Atomic<Int>(0)
  /// Whether the work after the events is done: not after damage was met.
  private let maintains = Atomic<Bool>(true)

  /// `halt` is called when the disk fails to sync: after that
  /// nobody knows what it holds, so the process must end and find out by reading it again.
  init(
    _ store: Store, _ catalogs: CatalogMemory,
    recentIdentitiesMax: Int = SQLiteShard.recentIdentitiesMax,
    halt: @escaping @Sendable (String) -> Void
  ) {
    self.recentIdentitiesMax = recentIdentitiesMax
    self.store = store
    self.catalogs = catalogs
    self.halt = halt
  }

  /// Reads what the writer must remember, so that events can be taken at once.
  func prepare() throws {
    do {
      try withWriter { _, _ in }
    } catch {
      // Whoever posts events is told so; all else goes on.
      guard Fault(ofDamage: error) != nil else { throw error }
    }
    try store.releaseMemory()
  }

  package func append(_ requests: [AppendRequest]) -> [Result<[AppendResult], Fault>] {
    do {
      return try withWriter { writer, db in
        let catalog = catalogs.snapshot
        return try write(
          requests.map {
            EventWriter.Request(
              intake: $0.intake, isCurrent: $0.catalogRevision == catalog.state.revision)
          }, writer, catalog, db)
      }
    } catch {
      if let damage = Fault(ofDamage: error) { return appendBesideDamage(requests, damage) }
      let fault = fault(of: error)
      return requests.map { _ in .failure(fault) }
    }
  }

  private func write(
    _ requests: [EventWriter.Request], _ writer: EventWriter, _ catalog: CatalogSnapshot,
    _ db: Database
  ) throws -> [Result<[AppendResult], Fault>] {
    let refusals = requests.map(writer.refusal)
    let taken = requests.indices.filter { refusals[$0] == nil }
    let outcomes = try writer.write(taken.map { requests[$0] }, catalog, db)
    var results = refusals.map { Result<[AppendResult], Fault>.failure($0 ?? SQLiteShard.lost) }
    for (place, outcomes) in zip(taken, outcomes) { results[place] = .success(outcomes) }
    return results
  }

  private static let lost = Fault(.internalError, "the events could not be stored")

  /// Something that was to be read is damaged: the work after the events waits from now on, and
  /// each request goes by itself, so that only those fail that need it.
  private func appendBesideDamage(
    _ requests: [AppendRequest], _ damage: Fault
  ) -> [Result<[AppendResult], Fault>] {
    if maintains.exchange(false, ordering: .relaxed) { return append(requests) }
    guard requests.count > 1 else { return [.failure(damage)] }
    return requests.flatMap { append([$0]) }
  }

  package func find(source: String, id: String) throws -> Int64? {
    try withWriter { try $0.find(source: source, id: id, $1) }
  }

  package func maintain() throws -> Bool {
    guard maintains.load(ordering: .relaxed) else { return false }
    do {
      return try withWriter { writer, db in
        let isWork = try writer.tidy(catalogs.current, db)
        pending.store(writer.blocksWaiting, ordering: .relaxed)
        return isWork
      }
    } catch {
      if Fault(ofDamage: error) != nil { maintains.store(false, ordering: .relaxed) }
      throw error
    }
  }

  package var blocksPending: Int { pending.load(ordering: .relaxed) }

  /// Runs `work` in a transaction, with a writer that knows what is in the database.
  private func withWriter<Value>(
    _ work: (EventWriter, Database) throws -> Value
  ) throws -> Value {
    try store.writeSteps(givingNumbers: false) { db in
      do {
        var value: Value?
        try db.inTransaction {
          value = try work(writer(db), db)
          return .commit
        }
        return value!
      } catch {
        // Here, while nobody else writes: the next one must not meet what was rolled back.
        writer.withLock { $0 = nil }
        throw error
      }
    }
  }

  private func writer(_ db: Database) throws -> EventWriter {
    if let writer = writer.withLock({ $0 }) { return writer }
    let new = try EventWriter(
      db, recentIdentitiesMax: recentIdentitiesMax,
      isMaintained: maintains.load(ordering: .relaxed))
    writer.withLock { $0 = new }
    return new
  }

  private func fault(of error: any Error) -> Fault {
    if let fault = error as? Fault, fault.code == .storageFull { return fault }
    halt("events could not be made durable: \(error)")
    return SQLiteShard.lost
  }
}
