import Base
import Dispatch
import GRDB
import Ingestion
import Metering
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

struct GroupCommitTests {
  @Test("every request gets the outcomes of its own events, in order, and few commits serve many")
  func outcomesBelongToTheirRequests() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([Workspace.event("known")])
    let before = workspace.commit.commitCount
    let requests = 200
    // While this holds the connection that writes, the requests gather.
    let gate = DispatchSemaphore(value: 0)
    try workspace.hold(until: gate)
    let answers = try await withThrowingTaskGroup(of: (Int, [AppendResult]).self) { group in
      for number in 0..<requests {
        group.addTask { (number, try await workspace.post(Self.events(of: number))) }
      }
      while workspace.commit.requestsQueued < requests / 2 { await Task.yield() }
      gate.signal()
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    #expect(answers.count == requests)
    for (number, outcomes) in answers { #expect(outcomes == Self.outcomes(of: number)) }
    let commits = workspace.commit.commitCount - before
    #expect((1...requests / 2).contains(commits))
    #expect(try workspace.eventCount() == 1 + requests * 2)
  }

  /// A repeat of what everybody knows, in a place that depends on the number, among two new events.
  private static func events(of number: Int) -> [JSON] {
    var events = [Workspace.event("\(number)-a"), Workspace.event("\(number)-b")]
    events.insert(
      Workspace.event("known", seconds: number.isMultiple(of: 2) ? 60 : 61), at: number % 3)
    return events
  }

  private static func outcomes(of number: Int) -> [AppendResult] {
    var outcomes: [AppendResult] = [.accepted, .accepted]
    outcomes.insert(number.isMultiple(of: 2) ? .duplicate : .conflicting, at: number % 3)
    return outcomes
  }

  @Test("many requests send the same events at once: each event is accepted once")
  func concurrentRepeats() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    let accepted = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<50 {
        group.addTask {
          try await workspace.post((0..<20).map { Workspace.event("\($0)") })
            .count { $0 == .accepted }
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(accepted == 20)
    let usage = try workspace.time("2013-01-01T00:00:00Z", "2013-02-01T00:00:00Z")
    #expect(usage.count == 20 && usage.units == 20 * 60)
  }

  @Test("bytes beyond the bound are sent away, and what was queued is stored")
  func queueOfBytesIsBounded() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    let padding = JSON.string(String(repeating: "x", count: 4 << 20))
    let body: JSON = [
      .object([
        "specversion": "1.0", "id": "large", "source": "//test", "type": "ran",
        "subject": "engine", "time": "2013-01-10T12:00:00Z",
        "data": ["seconds": 60, "padding": padding],
      ])
    ]
    let (intake, revision) = try workspace.intake(body.elements!)
    let overloaded = try await workspace.overload(
      intake, revision, requests: CommitQueue.bytesQueuedMax / intake.batch.bytes.count + 20)
    #expect((10...20).contains(overloaded))
    #expect(try workspace.eventCount() == 1)
    #expect(workspace.commit.requestsQueued == 0)
  }

  @Test("requests beyond the bound are sent away, and what was queued is stored")
  func queueOfRequestsIsBounded() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    let (intake, revision) = try workspace.intake([Workspace.event("small")])
    let overloaded = try await workspace.overload(
      intake, revision, requests: CommitQueue.requestsQueuedMax + 100)
    #expect((1...100).contains(overloaded))
    #expect(try workspace.eventCount() == 1)
    #expect(workspace.commit.requestsQueued == 0)
  }

  @Test("events read under an older catalog are read anew")
  func staleCatalog() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    let (intake, revision) = try workspace.intake([Workspace.event("1")])
    // Between reading and commit the meter learns another type, and another one appears.
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: false, type: "other"))
    try workspace.put(
      .meter, "again", ["aggregation": "count", "eventTypes": ["ran"], "unit": "runs"])
    let outcomes = try await workspace.commit.store(intake, catalogRevision: revision)
    #expect(outcomes == [.accepted])
    #expect(
      try workspace.buckets() == ["again engine 377172 1 0 1", "runs engine 377172 1 0 1"])
  }

  @Test("a value that became forbidden between reading and commit is kept, and ends nothing")
  func staleCatalogForbids() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: true))
    let (intake, revision) = try workspace.intake([
      Workspace.event("1", seconds: -5), Workspace.event("2"),
    ])
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: false))
    let outcomes = try await workspace.commit.store(intake, catalogRevision: revision)
    #expect(outcomes == [.accepted, .accepted])
    let unmatched = try workspace.list(.unmatched)
    #expect(unmatched.map(\.id) == ["1"])
    #expect(unmatched.first?.reason == .negativeQuantity)
    // Other meters count it all the same, as a recount of them would.
    #expect(
      try workspace.buckets() == ["runs engine 377172 2 0 2", "time engine 377172 1 0 60"])
  }
}

extension Workspace {
  /// Occupies the connection that writes; returns once it does. Not for ever, lest a failing test
  /// hang.
  fileprivate func hold(until gate: DispatchSemaphore) throws {
    let held = DispatchSemaphore(value: 0)
    let store = store
    DispatchQueue(label: "test.hold").async {
      try? store.pool.write { _ in
        held.signal()
        _ = gate.wait(timeout: .now() + 600)
      }
    }
    held.wait()
  }

  /// Sends the same request that often while nothing can be written; how many were sent away.
  fileprivate func overload(
    _ intake: Intake, _ revision: Int, requests: Int
  ) async throws -> Int {
    let gate = DispatchSemaphore(value: 0)
    try hold(until: gate)
    defer { gate.signal() }
    return try await withThrowingTaskGroup(of: Bool.self) { group in
      // The first one is taken out of the queue and waits for the connection; the others pile up.
      group.addTask { try await isSentAway(intake, revision) }
      try await Task.sleep(for: .milliseconds(300))
      while commit.requestsQueued > 0 { await Task.yield() }
      for _ in 1..<requests { group.addTask { try await isSentAway(intake, revision) } }
      let first = try await group.next()
      #expect(first == true, "something was stored while nothing could be")
      gate.signal()
      return try await group.reduce(1) { $0 + ($1 ? 1 : 0) }
    }
  }

  private func isSentAway(_ intake: Intake, _ revision: Int) async throws -> Bool {
    do throws(Fault) {
      _ = try await commit.store(intake, catalogRevision: revision)
      return false
    } catch {
      guard error.code == .overloaded else { throw error }
      return true
    }
  }
}
