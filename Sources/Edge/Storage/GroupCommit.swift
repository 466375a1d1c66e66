package import Base
import Dispatch
import GRDB
import Ingestion
import Synchronization
package import Workflow

/// Makes the events of many requests durable with one fsync.
///
/// Requests queue up while the disk is busy; when it is free again, all that wait are committed
/// together. There is no timer: under light load a request is committed at once, under heavy load
/// the batches grow by themselves. A request is answered only after its commit.
package final class GroupCommit: Sendable {
  /// Beyond these, devices are asked to come again later; they keep their events until then.
  package static let requestsQueuedMax = 20_000
  package static let bytesQueuedMax = 256 << 20
  /// One transaction must not grow without bound either.
  private static let bytesPerCommitMax = 32 << 20
  private static let eventsPerCommitMax = 100_000

  /// Told what became of each event, in the order of `intake.admitted`, once all are on disk.
  package typealias Completion = @Sendable (Result<[EventOutcome], Fault>) -> Void

  private struct Job: Sendable {
    let intake: Intake
    let catalogRevision: Int
    let done: Completion
    var bytes: Int { intake.batch.bytes.count }
    var events: Int { intake.admitted.count }
  }

  private struct Queue {
    var jobs: [Job] = []
    var bytes = 0
    var isDraining = false
  }

  /// How many identities of events are held in memory before they are written out as a run.
  package static let recentIdentitiesMax = RecentIdentities.entriesMax

  private let recentIdentitiesMax: Int
  private let store: Store
  private let catalogs: Catalogs
  private let halt: @Sendable (String) -> Void
  private let queue = Mutex(Queue())
  private let thread = DispatchQueue(label: "usance.events", qos: .userInitiated)
  /// Nil after a transaction that failed: what it remembers may not be so.
  private let writer = Mutex<EventWriter?>(nil)
  private let commits = Atomic<Int>(0)
  private let waiting = Atomic<Int>(0)

  /// Reads what the writer must remember. `halt` is called when the disk fails to sync: after that
  /// nobody knows what it holds, so the process must end and find out by reading it again.
  package init(
    _ store: Store, _ catalogs: Catalogs,
    recentIdentitiesMax: Int = GroupCommit.recentIdentitiesMax,
    halt: @escaping @Sendable (String) -> Void
  ) throws {
    self.recentIdentitiesMax = recentIdentitiesMax
    self.store = store
    self.catalogs = catalogs
    self.halt = halt
    // Whoever is ready can take events at once.
    try withWriter { _, _ in }
    try store.giveMemoryBack()
  }

  package var commitCount: Int { commits.load(ordering: .relaxed) }
  package var requestsQueued: Int { queue.withLock { $0.jobs.count } }

  /// Stores the admitted events of one request; returns once they are on disk, with what became of
  /// each, in the order of `intake.admitted`.
  package func store(_ intake: Intake, catalogRevision: Int) async throws(Fault) -> [EventOutcome] {
    let result = await withCheckedContinuation { waiting in
      store(intake, catalogRevision: catalogRevision) { waiting.resume(returning: $0) }
    }
    return try result.get()
  }

  /// The same for whoever does not wait. `done` is called on the thread that writes, and must leave
  /// it at once.
  package func store(_ intake: Intake, catalogRevision: Int, done: @escaping Completion) {
    let job = Job(intake: intake, catalogRevision: catalogRevision, done: done)
    let isFull = queue.withLock { queue in
      guard queue.jobs.count < Self.requestsQueuedMax,
        queue.bytes + job.bytes <= Self.bytesQueuedMax
      else { return true }
      queue.jobs.append(job)
      queue.bytes += job.bytes
      if !queue.isDraining {
        queue.isDraining = true
        thread.async { self.drain() }
      }
      return false
    }
    if isFull {
      done(.failure(Fault(.overloaded, "the disk is behind; send the events again")))
    }
  }

  private func drain() {
    while let jobs = nextJobs() {
      let results = commit(jobs)
      for (job, result) in zip(jobs, results) { job.done(result) }
    }
  }

  private func nextJobs() -> [Job]? {
    queue.withLock { queue in
      guard !queue.jobs.isEmpty else {
        queue.isDraining = false
        return nil
      }
      var (bytes, events) = (0, 0)
      let count = queue.jobs.prefix { job in
        defer {
          bytes += job.bytes
          events += job.events
        }
        return bytes <= Self.bytesPerCommitMax && events <= Self.eventsPerCommitMax
      }.count
      let jobs = Array(queue.jobs.prefix(count))
      queue.jobs.removeFirst(count)
      queue.bytes -= jobs.reduce(0) { $0 + $1.bytes }
      return jobs
    }
  }

  private func commit(_ jobs: [Job]) -> [Result<[EventOutcome], Fault>] {
    do {
      let outcomes = try withWriter { writer, db in
        let state = catalogs.current
        let requests = jobs.map {
          EventWriter.Request(
            intake: $0.intake, isCurrent: $0.catalogRevision == state.revision)
        }
        return try writer.write(requests, state, db)
      }
      commits.add(1, ordering: .relaxed)
      return outcomes.map { .success($0) }
    } catch {
      let fault = fault(of: error)
      return jobs.map { _ in .failure(fault) }
    }
  }

  /// The number of the event with that source and id; nil where none was ever stored.
  package func find(source: String, id: String) throws -> Int64? {
    try withWriter { try $0.find(source: source, id: id, $1) }
  }

  /// Does a slice of what is left to do behind the events; false where there is nothing, or where
  /// events wait.
  package func tidy() throws -> Bool {
    guard requestsQueued == 0 else { return false }
    return try withWriter { writer, db in
      let isWork = try writer.tidy(catalogs.current, db)
      waiting.store(writer.blocksWaiting, ordering: .relaxed)
      return isWork
    }
  }

  /// How many blocks of hours had fallen quiet and were still to be packed when `tidy` looked last.
  package var blocksWaiting: Int { waiting.load(ordering: .relaxed) }

  /// Runs `work` in a transaction, with a writer that knows what is in the database.
  private func withWriter<Value>(
    _ work: (EventWriter, Database) throws -> Value
  ) throws -> Value {
    try store.pool.writeWithoutTransaction { db in
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
    let new = try EventWriter(db, recentIdentitiesMax: recentIdentitiesMax)
    writer.withLock { $0 = new }
    return new
  }

  private func fault(of error: any Error) -> Fault {
    switch (error as? DatabaseError)?.resultCode {
    case .SQLITE_FULL: return Fault(.storageFull, "the disk is full; send the events again later")
    default:
      halt("events could not be made durable: \(error)")
      return Fault(.internalError, "the events could not be stored")
    }
  }
}
