import Base
import GRDB
import Metering
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

struct EventWriterTests {
  @Test("a repeat within one request counts once")
  func repeatWithinRequest() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    let outcomes = try await workspace.post([
      Workspace.event("1"), Workspace.event("1"), Workspace.event("2"), Workspace.event("1"),
    ])
    #expect(outcomes == [.accepted, .duplicate, .accepted, .duplicate])
    #expect(
      try workspace.buckets() == ["runs engine 377172 2 0 2", "time engine 377172 2 0 120"])
  }

  @Test("a repeat in a later request, or after the store was opened again, counts once")
  func repeatAcrossRequests() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    #expect(try await workspace.post([Workspace.event("1")]) == [.accepted])
    #expect(try await workspace.post([Workspace.event("1")]) == [.duplicate])
    try workspace.store.pool.close()
    let reopened = try Workspace(in: workspace.temporary)
    #expect(try await reopened.post([Workspace.event("1")]) == [.duplicate])
    #expect(try reopened.eventCount() == 1)
    #expect(
      try reopened.buckets() == ["runs engine 377172 1 0 1", "time engine 377172 1 0 60"])
  }

  @Test("the same id from another source is another event")
  func otherSource() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    let outcomes = try await workspace.post([
      Workspace.event("1", source: "//a"), Workspace.event("1", source: "//b"),
      Workspace.event("1", source: "//a"),
    ])
    #expect(outcomes == [.accepted, .accepted, .duplicate])
  }

  @Test("another payload under a known id is kept aside, once; the first one stands")
  func conflicts() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    let outcomes = try await workspace.post([
      Workspace.event("1", seconds: 60), Workspace.event("1", seconds: 61),
      Workspace.event("1", seconds: 62), Workspace.event("1", seconds: 61),
    ])
    #expect(outcomes == [.accepted, .conflicting, .conflicting, .conflicting])
    #expect(try await workspace.post([Workspace.event("1", seconds: 61)]) == [.conflicting])
    #expect(try workspace.count("event_conflict") == 2)
    let shown = try workspace.list(.conflicting)
    #expect(shown.map(\.content.data) == [#"{"seconds":61}"#, #"{"seconds":62}"#])
    #expect(shown.allSatisfy { $0.reason == .conflictingEvent })
    #expect(try workspace.buckets().last == "time engine 377172 1 0 60")
  }

  @Test(
    "a conflict that is spelt differently, or has no time of its own, is kept once all the same")
  func respeltConflict() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([Workspace.event("1")])
    for seconds in ["7", "7.0", "70e-1"] {
      let respelt: JSON = [
        "specversion": "1.0", "id": "1", "source": "//test", "type": "ran", "subject": "engine",
        "data": ["seconds": .number(seconds)],
      ]
      for day in 1...2 {
        let now = Workspace.now.advanced(bySeconds: Int64(day) * 86_400)
        #expect(try await workspace.post([respelt], now: now) == [.conflicting])
      }
    }
    #expect(try workspace.count("event_conflict") == 1)
  }

  @Test(
    "what makes an event another one: its time, its type, its subject",
    arguments: [
      Workspace.event("1", time: "2013-01-10T12:00:01Z"), Workspace.event("1", type: "other"),
      Workspace.event("1", subject: "airline"), Workspace.event("1", subject: nil),
    ])
  func differences(other: JSON) async throws {
    let workspace = try Workspace()
    try workspace.agree()
    #expect(try await workspace.post([Workspace.event("1"), other]) == [.accepted, .conflicting])
  }

  @Test("an event that no meter can read is kept and not counted")
  func unreadable() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    let unreadable: JSON = [
      "specversion": "1.0", "id": "1", "source": "//test", "type": "ran", "subject": "engine",
      "time": "2013-01-10T12:00:00Z", "data": ["seconds": "soon"],
    ]
    #expect(
      try await workspace.post([unreadable, Workspace.event("2", type: "unknown")])
        == [.accepted, .accepted])
    #expect(try workspace.buckets() == ["runs engine 377172 1 0 1"])
    let unmatched = try workspace.list(.unmatched)
    #expect(unmatched.map(\.reason) == [.unreadableValue, .unknownEventType])
  }

  @Test("a transaction that fails leaves nothing: no event, no name, no bucket")
  func failureLeavesNothing() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    try await workspace.store.pool.write { db in
      try db.execute(
        sql: """
          CREATE TEMP TRIGGER trip BEFORE INSERT ON main.bucket WHEN NEW.events = 2
          BEGIN SELECT RAISE (ABORT, 'tripped'); END
          """)
    }
    let halted = Halted()
    let commit = CommitQueue(
      SQLiteShard(workspace.store, workspace.home.catalogs, halt: halted.note))
    let (intake, revision) = try workspace.intake([
      Workspace.event("new", source: "//new"), Workspace.event("tripped"),
    ])
    await #expect(throws: Fault.self) {
      try await commit.store(intake, catalogRevision: revision)
    }
    #expect(halted.reasons.count == 1)
    #expect(try workspace.eventCount() == 0)
    #expect(try workspace.count("bucket") == 0)
    #expect(try workspace.count("name WHERE text = '//new'") == 0)
    // Numbers of names that were rolled back are not remembered.
    let (sound, again) = try workspace.intake([Workspace.event("new", source: "//new")])
    #expect(try await commit.store(sound, catalogRevision: again) == [.accepted])
    let sources = try workspace.list()
    #expect(sources.map(\.source) == ["//new"])
  }
}
