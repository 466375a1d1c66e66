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
  package static let bytesQueuedMax = 128 << 20
  /// One transaction must not grow without bound either.
  private static let bytesPerCommitMax = 32 << 20
  private static let eventsPerCommitMax = 100_000

  /// Told what became of each event, in the order of `intake.admitted`, once all are on disk.
  package typealias Completion = @Sendable (Result<[EventOutcome], Fault>) -> Void

  private final class Job: Sendable {
    let intake: Intake
    let catalogRevision: Int
    let done: Completion

    init(_ intake: Intake, _ catalogRevision: Int, _ done: @escaping Completion) {
      self.intake = intake
      self.catalogRevision = catalogRevision
      self.done = done
    }

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
  /// Whether what is left to do behind the events is done: not after damage was met.
  private let maintains = Atomic<Bool>(true)

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
    do {
      // Whoever is ready can take events at once.
      try withWriter { _, _ in }
    } catch {
      // Whoever posts events is told so; all else goes on.
      guard Fault(ofDamage: error) != nil else { throw error }
    }
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
    let job = Job(intake, catalogRevision, done)
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
      let results = try withWriter { writer, db in
        let catalog = catalogs.snapshot
        let requests = jobs.map {
          EventWriter.Request(
            intake: $0.intake, isCurrent: $0.catalogRevision == catalog.state.revision)
        }
        return try write(requests, writer, catalog, db)
      }
      commits.add(1, ordering: .relaxed)
      return results
    } catch {
      if let damage = Fault(ofDamage: error) { return commitBesideDamage(jobs, damage) }
      let fault = fault(of: error)
      return jobs.map { _ in .failure(fault) }
    }
  }

  private func write(
    _ requests: [EventWriter.Request], _ writer: EventWriter, _ catalog: CatalogSnapshot,
    _ db: Database
  ) throws -> [Result<[EventOutcome], Fault>] {
    let refusals = requests.map(writer.refusal)
    let taken = requests.indices.filter { refusals[$0] == nil }
    let outcomes = try writer.write(taken.map { requests[$0] }, catalog, db)
    var results = refusals.map { Result<[EventOutcome], Fault>.failure($0 ?? GroupCommit.lost) }
    for (place, outcomes) in zip(taken, outcomes) { results[place] = .success(outcomes) }
    return results
  }

  private static let lost = Fault(.internalError, "the events could not be stored")

  /// Something that was to be read is damaged: what is left to do behind the events waits from now
  /// on, and each request goes by itself, so that only those fail that need it.
  private func commitBesideDamage(
    _ jobs: [Job], _ damage: Fault
  ) -> [Result<[EventOutcome], Fault>] {
    if maintains.exchange(false, ordering: .relaxed) { return commit(jobs) }
    guard jobs.count > 1 else { return [.failure(damage)] }
    return jobs.flatMap { commit([$0]) }
  }

  /// The number of the event with that source and id; nil where none was ever stored.
  package func find(source: String, id: String) throws -> Int64? {
    try withWriter { try $0.find(source: source, id: id, $1) }
  }

  /// Does a slice of what is left to do behind the events; false where there is nothing, or where
  /// events wait.
  package func tidy() throws -> Bool {
    guard requestsQueued == 0, maintains.load(ordering: .relaxed) else { return false }
    do {
      return try withWriter { writer, db in
        let isWork = try writer.tidy(catalogs.current, db)
        waiting.store(writer.blocksWaiting, ordering: .relaxed)
        return isWork
      }
    } catch {
      if Fault(ofDamage: error) != nil { maintains.store(false, ordering: .relaxed) }
      throw error
    }
  }

  /// How many blocks of hours had fallen quiet and were still to be packed when `tidy` looked last.
  package var blocksWaiting: Int { waiting.load(ordering: .relaxed) }

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
    return GroupCommit.lost
  }
}
