import Base
import Contracts
import Foundation
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

struct EventQueryTests {
  /// One event of each kind, and some that differ in one thing only.
  private static let events = [
    Workspace.event("plain"), Workspace.event("other type", type: "idled"),
    Workspace.event("early", time: "2013-01-09T00:00:00Z"),
    Workspace.event("of the customer", subject: "airline"),
    Workspace.event("of nobody", subject: nil), Workspace.event("elsewhere", source: "//else"),
    Workspace.event("plain", seconds: 61), Workspace.event("back"), Workspace.event("moved"),
    Workspace.correction("c1", of: "back"),
    Workspace.correction(
      "c2", of: "moved",
      amend: [
        "subject": "airline", "time": "2013-01-20T00:00:00Z", "data": ["seconds": 1],
      ]),
    Workspace.correction("c3", of: "not yet there"),
  ]

  private func workspace() async throws -> Workspace {
    let workspace = try Workspace()
    try workspace.agree()
    for event in Self.events { _ = try await workspace.post([event]) }
    return workspace
  }

  /// A position that no event has is the end of the list, or its beginning.
  @Test(arguments: [Int64.max, .max - 1, 12, -1, .min])
  func positionsThatNoListGave(after: Int64) async throws {
    let workspace = try await workspace()
    for filter in [
      EventQuery(), EventQuery(status: .conflicting), EventQuery(subject: "airline"),
    ] {
      let list = try workspace.events.list(filter, after: after, limit: 1000)
      #expect(list.events.isEmpty == (after > 0), "\(after)")
      #expect(list.next == nil)
    }
  }

  private static let table: [(EventQuery, [String])] = [
    (EventQuery(status: .counted), ["early", "elsewhere", "of the customer", "plain"]),
    (EventQuery(status: .unmatched), ["c3", "of nobody", "other type"]),
    (EventQuery(status: .conflicting), ["plain"]),
    (EventQuery(status: .amended), ["moved"]), (EventQuery(status: .retracted), ["back"]),
    (EventQuery(status: .correction), ["c1", "c2"]),
    (EventQuery(source: "//else"), ["elsewhere"]), (EventQuery(source: "//nobody"), []),
    (EventQuery(type: "idled"), ["other type"]), (EventQuery(type: "nothing"), []),
    (EventQuery(type: "usance.correction"), ["c1", "c2", "c3"]),
    // As it was sent, and as it stands.
    (EventQuery(subject: "airline"), ["moved", "of the customer"]),
    (EventQuery(status: .amended, subject: "engine"), ["moved"]),
    (
      EventQuery(
        subject: "airline",
        period: Period(start: Instant("2013-01-20T00:00:00Z")!, end: .latest)), ["moved"]
    ),
    (
      EventQuery(
        period: Period(
          start: Instant("2013-01-10T12:00:00.000001Z")!, end: Instant("2013-01-31T00:00:00Z")!)),
      ["moved"]
    ),
    (
      EventQuery(
        period: Period(start: .earliest, end: Instant("2013-01-10T12:00:00Z")!)), ["early"]
    ),
    (
      EventQuery(
        status: .conflicting, source: "//test", type: "ran", subject: "engine",
        period: Period(
          start: Instant("2013-01-10T12:00:00Z")!, end: Instant("2013-01-10T12:00:01Z")!)),
      ["plain"]
    ),
    (EventQuery(status: .conflicting, source: "//else"), []),
  ]

  @Test("every filter finds what it names, on one page or on one for each event")
  func filters() async throws {
    let workspace = try await workspace()
    for (filter, ids) in Self.table {
      for limit in [1, 2, 100] {
        var found: [String] = []
        var (after, pages): (Int64?, Int) = (0, 0)
        while let position = after, pages < 30 {
          let list = try workspace.events.list(filter, after: position, limit: limit)
          #expect(list.events.count <= limit)
          found += list.events.map(\.id)
          (after, pages) = (list.next, pages + 1)
        }
        #expect(found.sorted() == ids, "\(filter) by \(limit)")
      }
    }
    #expect(try workspace.list().count == Self.events.count - 1)
  }

  @Test("a period that holds no moment holds no event")
  func emptyPeriod() async throws {
    let workspace = try await workspace()
    let noon = Instant("2013-01-10T12:00:00Z")!
    for subject in [nil, "engine"] {
      let filter = EventQuery(subject: subject, period: Period(start: noon, end: noon))
      #expect(try workspace.events.list(filter, after: 0, limit: 10).events == [])
    }
  }

  @Test("one identity: the event itself, or the payloads that are kept aside under it")
  func identity() async throws {
    let workspace = try await workspace()
    var filter = EventQuery(source: "//test")
    filter.event = try workspace.commit.find(source: "//test", id: "plain")
    #expect(try workspace.statuses(filter) == ["plain counted"])
    filter.status = .conflicting
    #expect(try workspace.statuses(filter) == ["plain conflicting conflicting_event"])
    filter.status = .retracted
    #expect(try workspace.statuses(filter) == [])
    #expect(try workspace.commit.find(source: "//test", id: "Plain") == nil)
    #expect(try workspace.commit.find(source: "//nobody", id: "plain") == nil)
  }

  @Test("what stands in the place of an event is shown beside what was sent")
  func standing() async throws {
    let workspace = try await workspace()
    let moved = try #require(try workspace.list(.amended).first)
    #expect(moved.content.subject == "engine")
    #expect(moved.content.data == #"{"seconds":60}"#)
    let standing = try #require(moved.standing?.content)
    #expect(standing.type == "ran")
    #expect(standing.subject == "airline")
    #expect(standing.occurred == Instant("2013-01-20T00:00:00Z"))
    #expect(standing.data == #"{"seconds":1}"#)
    #expect(
      try moved.standing?.correction == workspace.commit.find(source: "//desk", id: "c2"))
    let back = try #require(try workspace.list(.retracted).first)
    #expect(back.standing != nil && back.standing?.content == nil)
    #expect(try workspace.list(.counted).allSatisfy { $0.standing == nil })
  }

  @Test("the list of unmatched events follows the catalog, for corrected events too")
  func catalogChanges() async throws {
    let workspace = try await workspace()
    func unmatched() throws -> [String] { try workspace.statuses(EventQuery(status: .unmatched)) }
    let usual = [
      "c3 unmatched unknown_event", "of nobody unmatched unknown_subject",
      "other type unmatched unknown_event_type",
    ]
    #expect(try unmatched() == usual)
    try workspace.put(.asset, "engine", ["assignments": []])
    let unassigned = ["early", "elsewhere", "plain"].map { "\($0) unmatched unassigned_subject" }
    #expect(
      try unmatched()
        == (usual.dropLast() + unassigned + ["other type unmatched unassigned_subject"]).sorted())
    // `moved` is the airline's by now; once that is an asset without a contract, it is nobody's.
    try workspace.put(.asset, "airline", ["assignments": []])
    #expect(try unmatched().contains("moved unmatched unassigned_subject"))
    try workspace.put(
      .asset, "airline",
      ["assignments": [["contract": "hours-1", "from": "2013-01-15T00:00:00Z"]]])
    #expect(try !unmatched().contains("moved unmatched unassigned_subject"))
    #expect(try unmatched().contains("of the customer unmatched unassigned_subject"))
    try workspace.put(
      .asset, "engine",
      ["assignments": [["contract": "hours-1", "from": "2013-01-01T00:00:00Z"]]])
    try workspace.put(
      .meter, "idle", ["aggregation": "count", "eventTypes": ["idled"], "unit": "times"])
    #expect(
      try unmatched() == [
        "c3 unmatched unknown_event", "of nobody unmatched unknown_subject",
        "of the customer unmatched unassigned_subject",
      ])
  }

  @Test("the lines of an invoice rest on what stood when it was rated")
  func invoiceLines() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    let event = Workspace.event("1", time: "2013-01-10T12:00:00Z")
    _ = try await workspace.post([event])
    func lines(_ id: String) throws -> [String] {
      let number = try #require(try workspace.commit.find(source: "//test", id: id))
      let detail = try #require(try workspace.traces.detail(number))
      return detail.lines.map { "\($0.invoice) \($0.line)" }
    }
    func bill(_ month: String) throws {
      _ = try workspace.billing.run(BillingMonth(month), now: Workspace.now)
    }
    #expect(try lines("1") == [])
    try bill("2013-01")
    let january = ["hours-1~2013-01 engines/hours", "hours-1~2013-01 engines/cycles"]
    #expect(try lines("1").sorted() == january.sorted())
    // Closed: what comes later is no longer part of it, and what was part of it stays so.
    _ = try workspace.finalise(InvoiceKey("hours-1~2013-01"), now: Workspace.now)
    _ = try await workspace.post([
      Workspace.event("late"), Workspace.event("2", time: "2013-02-10T12:00:00Z"),
      Workspace.correction("c", of: "1", amend: ["time": "2013-02-11T12:00:00Z"]),
    ])
    #expect(try lines("late") == [])
    #expect(try lines("1").sorted() == january.sorted())
    try bill("2013-01")
    try bill("2013-02")
    #expect(try lines("late") == [])
    let both = january + january.map { $0.replacing("2013-01", with: "2013-02") }
    #expect(try lines("1").sorted() == both.sorted())
    _ = try await workspace.post([
      Workspace.correction("d", of: "1", time: "2013-03-01T00:00:00Z")
    ])
    #expect(try lines("1").sorted() == both.sorted(), "the draft was not rated anew")
    try bill("2013-02")
    #expect(try lines("1").sorted() == january.sorted())
    #expect(try workspace.traces.detail(99) == nil)
    #expect(try workspace.traces.detail(0) == nil)
    #expect(try workspace.traces.detail(-1) == nil)
  }
}
