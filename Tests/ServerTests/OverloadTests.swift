import Access
import Base
import Dispatch
import GRDB
import Ingestion
import NIOCore
import NIOHTTP1
import SQLite
import Server
import Services
import Testing
import TimeZones
import Workflow

@Suite("More than the disk can take", .serialized)
struct OverloadTests {
  @Test("Whoever comes while the queue is full is told when to come again")
  func fullQueue() async throws {
    try await TestService.run { service in
      try await service.agree()
      let state = service.services.catalogs.current
      let intake = try EventIntake(
        IntakeTerms(state.catalog, state.meters), now: service.clock.now
      ).take(Array("[]".utf8), as: .batch)
      let gate = DispatchSemaphore(value: 0)
      try hold(service.store, until: gate)
      try await withThrowingTaskGroup(of: Void.self) { requests in
        // Whatever happens: the group waits for what is queued.
        defer { gate.signal() }
        let commit = service.services.commit
        let count = CommitQueue.requestsQueuedMax
        // The first is taken out of the queue and waits for the disk; the queue fills up behind it.
        requests.addTask { _ = try? await commit.store(intake, catalogRevision: state.revision) }
        try await Task.sleep(for: .milliseconds(500))
        for _ in 0..<count {
          requests.addTask { _ = try? await commit.store(intake, catalogRevision: state.revision) }
        }
        for _ in 0..<200 where commit.requestsQueued < count {
          try await Task.sleep(for: .milliseconds(50))
        }
        try #require(commit.requestsQueued == count)
        let event = SampleEvent(id: "early").json.bytes
        for (body, type) in [(event, TestClient.eventType), (event, EventStreamTests.type)] {
          let answer = try await service.client(.device).send(
            .POST, "/v1/events", .bytes(body), type: type)
          answer.expectProblem(503, "overloaded", at: [], "\(type): \(answer.text)")
          #expect(answer.header("retry-after").flatMap { Int($0) } ?? 0 > 0)
        }
      }
      try await service.post(SampleEvent(id: "later"))
      #expect(try service.eventCount() == 1)
    }
  }

  /// Keeps the one connection that writes busy.
  private func hold(_ store: Store, until gate: DispatchSemaphore) throws {
    let isHeld = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      try? store.pool.write { _ in
        isHeld.signal()
        gate.wait()
      }
    }
    let result = isHeld.wait(timeout: .now() + 10)
    #expect(result == .success)
  }
}
