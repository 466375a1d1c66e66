import Base
import GRDB
import Metering
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

struct RecountTests {
  private static let month = ("2013-01-01T00:00:00Z", "2013-02-01T00:00:00Z")

  private static let events = [
    Workspace.event("1", seconds: 60), Workspace.event("2", seconds: 90, type: "idled"),
    Workspace.event("3", seconds: .max, time: "2013-01-11T00:00:00Z"),
    Workspace.event("4", seconds: .max, time: "2013-01-11T00:30:00Z"),
    Workspace.event("5", seconds: -5, type: "idled"),
  ]

  @Test("a meter that comes after its events counts them")
  func meterAfterEvents() async throws {
    let (late, early) = (try Workspace(), try Workspace())
    try early.agree()
    _ = try await early.post(Self.events)
    _ = try await late.post(Self.events)
    #expect(try late.buckets() == [])
    #expect(try late.doubts() == Array(repeating: "unknown_subject", count: 5))
    try late.agree()
    #expect(try late.buckets() == early.buckets())
    #expect(try late.doubts() == early.doubts())
    #expect(
      try late.time(Self.month.0, Self.month.1)
        == Usage(count: 3, units: 60 + 2 * Int128(Int64.max)))
  }

  @Test("a changed meter is counted anew, and so are the doubts about its events")
  func changedMeter() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post(Self.events)
    let before = (try workspace.buckets(), try workspace.doubts())
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: true, type: "idled"))
    #expect(
      try workspace.time(Self.month.0, Self.month.1) == Usage(count: 2, units: 85))
    #expect(try workspace.doubts() == [])
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: false, type: "idled"))
    #expect(try workspace.time(Self.month.0, Self.month.1) == Usage(count: 1, units: 90))
    #expect(try workspace.doubts() == ["negative_quantity"])
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: false))
    #expect(try (workspace.buckets(), workspace.doubts()) == before)
  }

  @Test("windows that cut hours agree with whole ones after a recount")
  func edgesAgree() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: true, type: "idled"))
    _ = try await workspace.post(Self.events)
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: false, type: "idled"))
    let whole = try workspace.time("2013-01-10T12:00:00Z", "2013-01-10T13:00:00Z")
    let cut = try workspace.time("2013-01-10T12:00:00Z", "2013-01-10T12:59:59Z")
    #expect(whole == Usage(count: 1, units: 90))
    #expect(cut == whole)
  }
}

extension RecountTests {
  private static let total = ("2013-01-01T00:00:00Z", "2013-02-01T00:00:00Z")

  /// One event an hour, a page each.
  private static func post(_ hours: Range<Int>, _ workspace: Workspace) async throws {
    for hour in hours {
      _ = try await workspace.post([
        Workspace.event(
          "\(hour)", seconds: 1, time: "2013-01-\(10 + hour / 24)T\(10 + hour % 14):00:00Z",
          type: hour.isMultiple(of: 2) ? "ran" : "idled")
      ])
    }
  }

  @Test("while a new version is counted the old one serves, through corrections and a restart")
  func background() async throws {
    var workspace = try Workspace(countedAtOnceMax: 0)
    try workspace.agree()
    try await Self.post(0..<30, workspace)
    #expect(try workspace.time(Self.total.0, Self.total.1) == Usage(count: 15, units: 15))
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: false, type: "idled"))
    #expect(try workspace.catalogs.get(.meter, "time").version == 2)
    #expect(try workspace.home.countMeters(eventsMax: 8))
    // Counted and not yet counted, taken back and made another; and a new one.
    _ = try await workspace.post([
      Workspace.correction("a", of: "1"), Workspace.correction("b", of: "29"),
      Workspace.correction("c", of: "3", amend: ["data": ["seconds": 100]]),
      Workspace.correction("d", of: "28", amend: ["type": "idled"]),
    ])
    try await Self.post(30..<34, workspace)
    #expect(try workspace.time(Self.total.0, Self.total.1) == Usage(count: 16, units: 16))
    #expect(workspace.catalogs.current.servingVersion(of: try MeterKey("time")) == 1)
    try workspace.store.pool.close()
    workspace = try Workspace(in: workspace.temporary, countedAtOnceMax: 0)
    var slices = 0
    while workspace.catalogs.current.servingVersion(of: try MeterKey("time")) == 1, slices < 100 {
      #expect(try workspace.time(Self.total.0, Self.total.1).count == 16)
      #expect(try workspace.home.countMeters(eventsMax: 8))
      slices += 1
    }
    #expect((3...20).contains(slices))
    let expected = Usage(count: 16, units: 115)
    #expect(try workspace.time(Self.total.0, Self.total.1) == expected)
    // What is left of the old version goes; nothing of the new one does.
    while try workspace.home.countMeters() {}
    #expect(try workspace.time(Self.total.0, Self.total.1) == expected)
    #expect(try workspace.count("meter_count") == 2)
    #expect(try workspace.recounted() == workspace.buckets())
    #expect(try workspace.doubts() == [])
  }

  @Test("a meter that has not been counted yet says so, and no figure")
  func firstCount() async throws {
    let workspace = try Workspace(countedAtOnceMax: 0)
    try workspace.agree()
    try await Self.post(0..<5, workspace)
    try workspace.put(
      .meter, "idle", ["aggregation": "count", "eventTypes": ["idled"], "unit": "x"])
    func idle() throws -> Usage {
      let question = UsageScopeQuery(
        try MeterKey("idle"), of: .assets([try AssetKey("engine")]),
        Windows(workspace.period(Self.total.0, Self.total.1)))
      return try workspace.usage.answer(question).all.whole.usage
    }
    #expect(fault { try idle() }?.code == .meterNotReady)
    #expect(try workspace.home.countMeters(eventsMax: 2))
    #expect(fault { try idle() }?.code == .meterNotReady)
    while try workspace.home.countMeters(eventsMax: 2) {}
    #expect(try idle() == Usage(count: 2, units: 2))
  }

  @Test("a version that is put while another is counted takes its place")
  func overtaken() async throws {
    let workspace = try Workspace(countedAtOnceMax: 0)
    try workspace.agree()
    try await Self.post(0..<10, workspace)
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: false, type: "idled"))
    #expect(try workspace.home.countMeters(eventsMax: 3))
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: true))
    while try workspace.home.countMeters(eventsMax: 3) {}
    #expect(try workspace.time(Self.total.0, Self.total.1) == Usage(count: 5, units: 5))
    #expect(workspace.catalogs.current.servingVersion(of: try MeterKey("time")) == 3)
    #expect(try workspace.count("bucket") == 10)
  }
}

extension Workspace {
  fileprivate func doubts() throws -> [String] {
    try list(.unmatched).compactMap { $0.reason?.rawValue }
  }
}
