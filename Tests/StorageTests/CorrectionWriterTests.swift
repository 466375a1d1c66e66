import Base
import GRDB
import Ingestion
import Metering
import Settlement
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// Whatever is corrected, and whenever: usage is what stands, and the buckets are what a recount of
/// the log would make of it.
struct CorrectionKeeperTests {
  private static let noon = ("2013-01-10T12:00:00Z", "2013-01-10T13:00:00Z")
  private static let month = ("2013-01-01T00:00:00Z", "2013-02-01T00:00:00Z")

  /// The buckets once all was posted, in one request and in one each, in that order and in the
  /// other; all four must agree with each other and with a recount.
  private func buckets(
    _ events: [JSON], agree: (Workspace) throws -> Void = { try $0.agree() },
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> [String] {
    var found: Set<[String]> = []
    for ordered in [events, events.reversed()] {
      for size in [1, events.count] {
        let workspace = try Workspace()
        try agree(workspace)
        for start in stride(from: 0, to: events.count, by: size) {
          _ = try await workspace.post(Array(ordered[start..<min(start + size, events.count)]))
        }
        let buckets = try workspace.buckets()
        #expect(try workspace.recounted() == buckets, sourceLocation: sourceLocation)
        found.insert(buckets)
      }
    }
    #expect(found.count == 1, "the order matters: \(found)", sourceLocation: sourceLocation)
    return found.first ?? []
  }

  @Test("an event that is taken back counts for nothing, and its bucket goes when it was the last")
  func retract() async throws {
    let events = [Workspace.event("1"), Workspace.correction("c", of: "1")]
    #expect(try await buckets(events) == [])
    #expect(
      try await buckets(events + [Workspace.event("2", seconds: 7)])
        == ["runs engine 377172 1 0 1", "time engine 377172 1 0 7"])
  }

  struct Change: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let amend: JSON
    let buckets: [String]
  }

  /// The event before: 60 seconds of `engine` in the hour 377172, a run.
  static let changes = [
    Change(
      testDescription: "its value", amend: ["data": ["seconds": 90]],
      buckets: ["runs engine 377172 1 0 1", "time engine 377172 1 0 90"]),
    Change(
      testDescription: "its hour", amend: ["time": "2013-01-10T14:59:59.999999+01:00"],
      buckets: ["runs engine 377173 1 0 1", "time engine 377173 1 0 60"]),
    Change(
      testDescription: "its subject", amend: ["subject": "airline"],
      buckets: ["runs airline 377172 1 0 1", "time airline 377172 1 0 60"]),
    Change(
      testDescription: "a subject nobody knows", amend: ["subject": "stranger"],
      buckets: ["runs stranger 377172 1 0 1", "time stranger 377172 1 0 60"]),
    Change(testDescription: "a type nobody reads", amend: ["type": "rested"], buckets: []),
    Change(
      testDescription: "everything",
      amend: [
        "data": ["seconds": "5"], "time": "2013-01-11T00:00:00Z", "subject": "airline",
        "type": "ran",
      ], buckets: ["runs airline 377184 1 0 1", "time airline 377184 1 0 5"]),
    Change(
      testDescription: "a negative value", amend: ["data": ["seconds": -90]],
      buckets: ["runs engine 377172 1 0 1"]),
    Change(
      testDescription: "no value", amend: ["data": .null], buckets: ["runs engine 377172 1 0 1"]),
  ]

  @Test("an amendment moves what was counted", arguments: changes)
  func amend(change: Change) async throws {
    let correction = Workspace.correction("c", of: "1", amend: change.amend)
    #expect(try await buckets([Workspace.event("1"), correction]) == change.buckets)
  }

  @Test("an event without a subject gets one, and one of a type nobody ever sent gets a known one")
  func becomesCounted() async throws {
    let counted = ["runs engine 377172 1 0 1", "time engine 377172 1 0 60"]
    let nameless = Workspace.correction("c", of: "1", amend: ["subject": "engine"])
    #expect(try await buckets([Workspace.event("1", subject: nil), nameless]) == counted)
    let mistyped = Workspace.correction("c", of: "1", amend: ["type": "ran"])
    #expect(try await buckets([Workspace.event("1", type: "run"), mistyped]) == counted)
  }

  @Test("of several corrections the latest stands: by time, then by source, then by id, in bytes")
  func latest() async throws {
    func amended(_ id: String, _ seconds: Int, _ time: String, source: String = "//desk") -> JSON {
      Workspace.correction(
        id, of: "1", amend: ["data": ["seconds": .integer(seconds)]], time: time, source: source)
    }
    let (early, late) = ("2013-02-01T00:00:00Z", "2013-02-01T00:00:00.000001Z")
    let event = Workspace.event("1")
    func seconds(_ corrections: JSON...) async throws -> String? {
      try await buckets([event] + corrections).last?.split(separator: " ").last.map(String.init)
    }
    #expect(try await seconds(amended("b", 1, early), amended("a", 2, late)) == "2")
    #expect(try await seconds(amended("a", 1, early), amended("b", 2, early)) == "2")
    #expect(
      try await seconds(
        amended("b", 1, early, source: "//a"), amended("a", 2, early, source: "//b"))
        == "2")
    // Swift finds these two sources equal; their bytes are not.
    #expect(
      try await seconds(
        amended("b", 1, early, source: "//e\u{301}"), amended("a", 2, early, source: "//\u{E9}"))
        == "2")
    // What a correction of the same event leaves out is as it was sent, not as it was corrected.
    #expect(
      try await seconds(
        amended("a", 1, early),
        Workspace.correction("b", of: "1", amend: ["time": "2013-01-10T12:59:59Z"], time: late))
        == "60")
    let retraction = Workspace.correction("z", of: "1", time: late)
    #expect(try await seconds(amended("a", 1, early), retraction) == nil)
    #expect(
      try await seconds(retraction, amended("a", 3, "2013-02-02T00:00:00Z")) == "3",
      "what was taken back may come again")
  }

  @Test("a correction of a correction corrects nothing, and says so")
  func correctionOfCorrection() async throws {
    let events = [
      Workspace.event("1"), Workspace.correction("c", of: "1", amend: ["data": ["seconds": 90]]),
      Workspace.correction("cc", of: "c", targetSource: "//desk"),
      Workspace.correction("self", of: "self", targetSource: "//desk"),
      Workspace.correction("type", of: "c", amend: ["type": "ran"], targetSource: "//desk"),
    ]
    #expect(
      try await buckets(events) == ["runs engine 377172 1 0 1", "time engine 377172 1 0 90"])
    for ordered in [events, events.reversed()] {
      let workspace = try Workspace()
      try workspace.agree()
      for event in ordered { _ = try await workspace.post([event]) }
      #expect(
        try workspace.statuses() == [
          "1 amended", "c correction", "cc unmatched uncorrectable_event",
          "self unmatched uncorrectable_event", "type unmatched uncorrectable_event",
        ])
    }
  }

  @Test("a correction waits for its event, over a restart too")
  func waits() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([
      Workspace.correction("c", of: "0196F3A0-0000-7000-8000-00000000000A"),
      Workspace.correction(
        "d", of: "0196f3a0-0000-7000-8000-00000000000a", amend: ["data": ["seconds": 5]]),
      Workspace.correction("never", of: "nothing"),
    ])
    #expect(
      try workspace.statuses(EventQuery(status: .unmatched))
        == ["c", "d", "never"].map { "\($0) unmatched unknown_event" })
    try workspace.store.pool.close()
    let reopened = try Workspace(in: workspace.temporary)
    _ = try await reopened.post([
      Workspace.event("0196f3a0-0000-7000-8000-00000000000a"),
      Workspace.event("0196F3A0-0000-7000-8000-00000000000A", seconds: 8),
    ])
    #expect(
      try reopened.buckets() == ["runs engine 377172 1 0 1", "time engine 377172 1 0 5"])
    #expect(
      try reopened.statuses(EventQuery(status: .unmatched)) == ["never unmatched unknown_event"])
    #expect(try reopened.recounted() == reopened.buckets())
    // Both are known by now: a later correction of one finds it.
    _ = try await reopened.post([
      Workspace.correction(
        "e", of: "0196F3A0-0000-7000-8000-00000000000A", amend: ["data": ["seconds": 9]],
        time: "2013-02-02T00:00:00Z")
    ])
    #expect(
      try reopened.buckets() == ["runs engine 377172 2 0 2", "time engine 377172 2 0 14"])
  }

  @Test("a correction counts once, and another payload under its id changes nothing")
  func identity() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    let correction = Workspace.correction("c", of: "1", amend: ["data": ["seconds": 90]])
    let outcomes = try await workspace.post([
      correction, Workspace.event("1"), correction, Workspace.correction("c", of: "1"),
      Workspace.event("1", seconds: 61),
    ])
    #expect(outcomes == [.accepted, .accepted, .duplicate, .conflicting, .conflicting])
    #expect(try await workspace.post([correction]) == [.duplicate])
    #expect(
      try workspace.buckets() == ["runs engine 377172 1 0 1", "time engine 377172 1 0 90"])
    let number = try #require(try workspace.list(.amended).first?.sequence)
    #expect(try workspace.traces.detail(number)?.conflicts == 1)
  }

  @Test("the edges of a period follow an amendment, and so does evidence")
  func edges() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([
      Workspace.event("1"), Workspace.event("2", seconds: 7, time: "2013-01-10T12:30:00Z"),
      Workspace.correction("c", of: "1", amend: ["time": "2013-01-10T13:40:00Z"]),
      Workspace.correction("d", of: "2", amend: ["data": ["seconds": 8]]),
    ])
    let windows: [(String, String, Usage)] = [
      ("2013-01-10T12:00:00Z", "2013-01-10T13:00:00Z", Usage(count: 1, units: 8)),
      ("2013-01-10T11:59:00Z", "2013-01-10T12:30:00Z", Usage()),
      ("2013-01-10T12:30:00Z", "2013-01-10T12:30:00.000001Z", Usage(count: 1, units: 8)),
      ("2013-01-10T13:39:59Z", "2013-01-10T13:40:00Z", Usage()),
      ("2013-01-10T13:40:00Z", "2013-01-10T13:50:00Z", Usage(count: 1, units: 60)),
      ("2013-01-10T12:10:00Z", "2013-01-10T13:59:00Z", Usage(count: 2, units: 68)),
    ]
    for (start, end, usage) in windows {
      #expect(try workspace.time(start, end) == usage, "\(start) to \(end)")
    }
    let fresh = try Workspace()
    try fresh.agree()
    _ = try await fresh.post([
      Workspace.event("1", time: "2013-01-10T13:40:00Z"),
      Workspace.event("2", seconds: 8, time: "2013-01-10T12:30:00Z"),
    ])
    let documents = try [workspace, fresh].map { workspace in
      _ = try workspace.billing.run(BillingMonth("2013-01"), now: Workspace.now)
      return try workspace.settlement.invoice(InvoiceKey("hours-1~2013-01")).document
    }
    #expect(documents[0] == documents[1], "as if it had been sent right at first")
  }

  @Test("a meter that comes or changes after a correction counts what stands")
  func laterMeters() async throws {
    let events = [
      Workspace.event("1"), Workspace.event("2", seconds: 7),
      Workspace.correction("c", of: "1", amend: ["data": ["seconds": -90], "subject": "airline"]),
      Workspace.correction("d", of: "2"),
    ]
    let workspace = try Workspace()
    _ = try await workspace.post(events)
    #expect(try workspace.buckets() == [])
    try workspace.agree()
    #expect(try workspace.buckets() == ["runs airline 377172 1 0 1"])
    #expect(
      try workspace.statuses(EventQuery(status: .unmatched))
        == ["1 unmatched negative_quantity"])
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: true))
    #expect(
      try workspace.buckets().last?.hasPrefix("time airline 377172 1 -1 ") == true)
    #expect(
      try workspace.statuses() == ["1 amended", "2 retracted", "c correction", "d correction"])
  }

  @Test("what stands for an event is refused where it was damaged")
  func damagedAmendment() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([
      Workspace.event("1"), Workspace.correction("c", of: "1", amend: ["data": ["seconds": 90]]),
    ])
    let number = try #require(try workspace.commit.find(source: "//test", id: "1"))
    try await workspace.store.pool.write { db in
      try db.execute(
        sql: "UPDATE event_amended SET body = CAST(replace(body, '90', '91') AS BLOB)")
    }
    #expect(throws: LogPage.damaged(number)) { try workspace.list() }
    #expect(throws: LogPage.damaged(number)) {
      try workspace.time("2013-01-10T12:00:00Z", "2013-01-10T12:30:00Z")
    }
  }
}
