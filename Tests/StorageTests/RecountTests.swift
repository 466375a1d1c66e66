import Base
import GRDB
import Metering
import Testing

@testable import Storage

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

extension Workspace {
  fileprivate func doubts() throws -> [String] {
    try list(.unmatched).compactMap { $0.reason?.rawValue }
  }
}
