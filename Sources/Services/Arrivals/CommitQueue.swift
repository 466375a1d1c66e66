package import Base
import Dispatch
import Ingestion
import Synchronization
package import Workflow

/// Makes the events of many requests durable with one fsync.
///
/// Requests queue up while the disk is busy; when it is free again, all that wait are committed
/// together. There is no timer: under light load a request is committed at once, under heavy load
/// the batches grow by themselves. A request is answered only after its commit.
package final class CommitQueue: Sendable {
  /// Beyond these, devices are asked to come again later; they keep their events until then.
  package static let requestsQueuedMax = 20_000
  package static let bytesQueuedMax = 128 << 20
  /// One transaction must not grow without bound either.
  private static let bytesPerCommitMax = 32 << 20
  private static let eventsPerCommitMax = 100_000

  /// Told what became of each event, in the order of `intake.admitted`, once all are on disk.
  package typealias Completion = @Sendable (Result<[AppendResult], Fault>) -> Void

  private final class Job: Sendable {
    let request: AppendRequest
    let done: Completion

    init(_ request: AppendRequest, _ done: @escaping Completion) {
      self.request = request
      self.done = done
    }

    var bytes: Int { request.intake.batch.bytes.count }
    var events: Int { request.intake.admitted.count }
  }

  /// First in, first out; a long queue is not moved for each batch that leaves it.
  private struct JobDeque {
    /// Those before `first` have left.
    private var jobs: [Job?] = []
    private var first = 0

    var count: Int { jobs.count - first }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ job: Job) { jobs.append(job) }

    /// How many at the front `isWanted`, one after the other.
    func countOfFirst(where isWanted: (Job) -> Bool) -> Int {
      jobs[first...].prefix { isWanted($0!) }.count
    }

    mutating func removeFirst(_ count: Int) -> [Job] {
      let taken = jobs[first..<first + count].map { $0! }
      for place in first..<first + count { jobs[place] = nil }
      first += count
      // Once half of the places are free: each job is moved once on average.
      if first * 2 >= jobs.count {
        jobs.removeFirst(first)
        first = 0
      }
      return taken
    }
  }

  private struct Queue {
    var jobs = JobDeque()
    var bytes = 0
    var isDraining = false
  }

  private let shard: any EventShard
  private let queue = Mutex(Queue())
  private let thread = DispatchQueue(label: "usance.events", qos: .userInitiated)
  private let commits = Atomic<Int>(0)

  package init(_ shard: any EventShard) { self.shard = shard }

  package var commitCount: Int { commits.load(ordering: .relaxed) }
  package var requestsQueued: Int { queue.withLock { $0.jobs.count } }

  /// Stores the admitted events of one request; returns once they are on disk, with what became of
  /// each, in the order of `intake.admitted`.
  package func store(_ intake: Intake, catalogRevision: Int) async throws(Fault) -> [AppendResult] {
    let result = await withCheckedContinuation { waiting in
      store(intake, catalogRevision: catalogRevision) { waiting.resume(returning: $0) }
    }
    return try result.get()
  }

  /// The same for whoever does not wait. `done` is called on the thread that writes, and must leave
  /// it at once.
  package func store(_ intake: Intake, catalogRevision: Int, done: @escaping Completion) {
    let job = Job(AppendRequest(intake, catalogRevision: catalogRevision), done)
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
      let count = queue.jobs.countOfFirst { job in
        defer {
          bytes += job.bytes
          events += job.events
        }
        return bytes <= Self.bytesPerCommitMax && events <= Self.eventsPerCommitMax
      }
      let jobs = queue.jobs.removeFirst(count)
      queue.bytes -= jobs.reduce(0) { $0 + $1.bytes }
      return jobs
    }
  }

  private func commit(_ jobs: [Job]) -> [Result<[AppendResult], Fault>] {
    let results = shard.append(jobs.map(\.request))
    if results.contains(where: { (try? $0.get()) != nil }) { commits.add(1, ordering: .relaxed) }
    return results
  }

  /// The number of the event with that source and id; nil if none was ever stored.
  package func find(source: String, id: String) throws -> Int64? {
    try shard.find(source: source, id: id)
  }

  /// Does a slice of the work after the events; false if there is nothing to do, or if events
  /// wait.
  package func maintain() throws -> Bool { try requestsQueued == 0 && shard.maintain() }

  /// How many blocks of hours were idle and still to be packed when it was last maintained.
  package var blocksPending: Int { shard.blocksPending }
}
