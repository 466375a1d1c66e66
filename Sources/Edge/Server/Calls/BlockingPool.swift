import Base
import Dispatch
import Foundation
import NIOCore
import Services
import Synchronization
import Workflow

/// Threads for work that waits for the disk or computes for long. The few threads that serve every
/// request must never wait: one slow report would hold up the devices.
///
/// Each kind of work has threads and a queue of its own, so that dear work never stands before
/// cheap work. Queues are bounded in length and in time, and a read stops when its client is gone.
final class BlockingPool: Sendable {
  private let queues: [Kind: WorkQueue]

  init(_ metrics: Metrics, bounds: (Kind) -> Bounds = { $0.bounds }) {
    queues = Dictionary(
      uniqueKeysWithValues: Kind.allCases.map { ($0, WorkQueue($0, bounds($0), metrics)) })
  }

  /// Does work on a thread of its kind, for the client of a connection if one is given.
  ///
  /// Throws `overloaded` if the queue is full, or the work has not begun when its time is over;
  /// `deadline_exceeded` if a read has begun and is not done by then. A read whose client closes
  /// the connection ends with `overloaded` as well, which nobody will read.
  func run<Value: Sendable>(
    _ kind: Kind, for channel: (any Channel)? = nil,
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    let queue = queues[kind]!
    return try await withCheckedThrowingContinuation { waiting in
      let item = WorkItem(
        perform: {
          let result = Result(catching: work)
          return { waiting.resume(with: result) }
        }, refuse: { waiting.resume(throwing: $0) }, for: channel)
      queue.add(item)
    }
  }

  /// How many pieces of work of a kind have not begun.
  func waitingCount(_ kind: Kind) -> Int { queues[kind]!.waitingCount }
}

extension BlockingPool {
  enum Kind: String, CaseIterable {
    /// Whether the service is well.
    case checks
    /// Reads of single objects and of pages of lists.
    case lookups
    /// Reads that rate contracts or add up usage.
    case reports
    /// Writes of one transaction.
    case acts
    /// Billing runs.
    case runs
    /// Bodies with many events, which are read and checked.
    case batches
    /// What is done while nobody asks for it.
    case maintenance

    var bounds: Bounds {
      switch self {
      case .checks: Bounds(threads: 2, waitingMax: 100, secondsMax: 5, endsWithClient: true)
      case .lookups: Bounds(threads: 2, waitingMax: 500, secondsMax: 10, endsWithClient: true)
      case .reports: Bounds(threads: 2, waitingMax: 32, secondsMax: 30, endsWithClient: true)
      case .acts: Bounds(threads: 2, waitingMax: 200, secondsMax: 30, endsWithClient: false)
      case .runs: Bounds(threads: 2, waitingMax: 8, secondsMax: 30, endsWithClient: false)
      case .batches: Bounds(threads: 2, waitingMax: 200, secondsMax: nil, endsWithClient: false)
      case .maintenance: Bounds(threads: 1, waitingMax: 1, secondsMax: nil, endsWithClient: false)
      }
    }
  }

  struct Bounds {
    let threads: Int
    /// How many pieces of work wait at most.
    let waitingMax: Int
    /// A read is done within so many seconds; a write has begun by then. Nil where whoever asks has
    /// a deadline of its own.
    let secondsMax: Int64?
    /// Whether the work only reads, and so stops when its time is over or its client is gone.
    let endsWithClient: Bool
  }

  /// Why work is given up.
  enum Reason: String {
    case full, deadline, client
  }
}

/// One piece of work, from when it is asked for until it is answered, once.
private final class WorkItem: Sendable {
  enum Stage { case waiting, running, over }

  let stage = Mutex(Stage.waiting)
  private let interrupted = Atomic<Bool>(false)
  /// Does the work, and returns what answers whoever waits for it.
  let perform: @Sendable () -> @Sendable () -> Void
  let refuse: @Sendable (Fault) -> Void
  /// The connection of whoever waits; nil where it is the service itself.
  let channel: (any Channel)?

  init(
    perform: @escaping @Sendable () -> @Sendable () -> Void,
    refuse: @escaping @Sendable (Fault) -> Void, for channel: (any Channel)?
  ) {
    self.perform = perform
    self.refuse = refuse
    self.channel = channel
  }

  var isInterrupted: Bool { interrupted.load(ordering: .relaxed) }

  func interrupt() { interrupted.store(true, ordering: .relaxed) }
}

/// The work of one kind: what waits, in order, and the threads that do it. Threads come with the
/// work, and go when there has been none for a while.
private final class WorkQueue: Sendable {
  private struct State {
    var waiting: [WorkItem] = []
    var threads = 0
  }

  private static let idleSecondsMax = 5

  private let kind: BlockingPool.Kind
  private let bounds: BlockingPool.Bounds
  private let metrics: Metrics
  private let state = Mutex(State())
  private let arrivals = DispatchSemaphore(value: 0)

  init(_ kind: BlockingPool.Kind, _ bounds: BlockingPool.Bounds, _ metrics: Metrics) {
    self.kind = kind
    self.bounds = bounds
    self.metrics = metrics
  }

  var waitingCount: Int { state.withLock { $0.waiting.count } }

  func add(_ item: WorkItem) {
    // First: it must be there when the work is done.
    if let channel = item.channel {
      ClientWatch.add(
        item, on: channel, secondsMax: bounds.secondsMax, endsWithClient: bounds.endsWithClient
      ) { self.give(up: item, $0) }
    }
    let (isFull, needsThread) = state.withLock { state in
      guard state.waiting.count < bounds.waitingMax else { return (true, false) }
      state.waiting.append(item)
      guard state.threads < bounds.threads else { return (false, false) }
      state.threads += 1
      return (false, true)
    }
    guard !isFull else { return give(up: item, .full) }
    arrivals.signal()
    if needsThread { startThread() }
  }

  private func startThread() {
    let thread = Thread { self.work() }
    thread.name = "usance \(kind.rawValue)"
    thread.start()
  }

  private func work() {
    while let item = next() {
      let hasBegun = item.stage.withLock { stage in
        guard stage == .waiting else { return false }
        stage = .running
        return true
      }
      guard hasBegun else { continue }
      let interruption = bounds.endsWithClient ? Interruption { item.isInterrupted } : nil
      let answer = Interruption.$current.withValue(interruption, operation: item.perform)
      let isAwaited = item.stage.withLock { stage in
        defer { stage = .over }
        return stage == .running
      }
      if isAwaited { end(item, answer) }
    }
  }

  /// The next piece of work; nil where the thread shall end.
  private func next() -> WorkItem? {
    while true {
      let isTimeOver = arrivals.wait(timeout: .now() + .seconds(Self.idleSecondsMax)) == .timedOut
      let (item, isOver) = state.withLock { state -> (WorkItem?, Bool) in
        if !state.waiting.isEmpty { return (state.waiting.removeFirst(), false) }
        if isTimeOver { state.threads -= 1 }
        return (nil, isTimeOver)
      }
      if item != nil || isOver { return item }
    }
  }

  private func give(up item: WorkItem, _ reason: BlockingPool.Reason) {
    let stage = item.stage.withLock { stage in
      let before = stage
      if before == .waiting || bounds.endsWithClient { stage = .over }
      return before
    }
    switch stage {
    case .waiting:
      state.withLock { $0.waiting.removeAll { $0 === item } }
      metrics.add(to: .workRefused(kind: kind.rawValue, reason: reason.rawValue))
    case .running where bounds.endsWithClient:
      item.interrupt()
      metrics.add(to: .workInterrupted(kind: kind.rawValue, reason: reason.rawValue))
    case .running, .over: return
    }
    end(item) { item.refuse(fault(reason, stage)) }
  }

  private func end(_ item: WorkItem, _ answer: () -> Void) {
    if let channel = item.channel { ClientWatch.remove(item, on: channel) }
    answer()
  }

  private func fault(_ reason: BlockingPool.Reason, _ stage: WorkItem.Stage) -> Fault {
    let seconds = bounds.secondsMax ?? 0
    return switch (reason, stage) {
    case (.full, _):
      Fault(.overloaded, "at most \(bounds.waitingMax) \(kind.rawValue) wait; ask again later")
    case (.deadline, .waiting):
      Fault(
        .overloaded, "this waited \(seconds) s for other \(kind.rawValue) to end; ask again later")
    case (.deadline, _):
      Fault(
        .deadlineExceeded,
        "this was not done within \(seconds) s and was stopped; ask for less time, or for less at "
          + "once")
    case (.client, _): Fault(.overloaded, "the client closed the connection")
    }
  }
}
