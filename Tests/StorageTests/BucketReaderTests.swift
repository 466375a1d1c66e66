import Base
import Metering
import Testing

@testable import SQLite
@testable import Services
@testable import TimeZones

struct BucketsTests {
  /// Events on the edges of hours, a microsecond beside them, and in between.
  private static let times = [
    "2013-01-10T11:59:59.999999Z", "2013-01-10T12:00:00Z", "2013-01-10T12:00:00.000001Z",
    "2013-01-10T12:14:59.999999Z", "2013-01-10T12:15:00Z", "2013-01-10T12:59:59.999999Z",
    "2013-01-10T13:00:00Z", "2013-01-10T13:15:00Z", "2013-01-10T14:59:59Z",
    "2013-01-10T15:00:00Z",
  ]

  @Test(
    "a window takes what lies in it, whether it cuts hours or not",
    arguments: [
      ("2013-01-10T12:00:00Z", "2013-01-10T13:00:00Z"),
      ("2013-01-10T12:00:00Z", "2013-01-10T15:00:00Z"),
      ("2013-01-10T12:15:00Z", "2013-01-10T13:15:00Z"),
      ("2013-01-10T12:15:00Z", "2013-01-10T15:15:00Z"),
      ("2013-01-10T12:00:00.000001Z", "2013-01-10T14:59:59Z"),
      ("2013-01-10T12:14:59.999999Z", "2013-01-10T12:15:00Z"),
      ("2013-01-10T12:20:00Z", "2013-01-10T12:40:00Z"),
      ("2013-01-10T11:59:59.999999Z", "2013-01-10T12:00:00.000001Z"),
      ("2013-01-10T12:00:00Z", "2013-01-10T12:00:00Z"),
      ("2013-01-01T00:00:00Z", "2013-02-01T00:00:00Z"),
    ])
  func window(start: String, end: String) async throws {
    let workspace = try Workspace()
    try workspace.agree()
    let events = Self.times.enumerated().map { number, time in
      Workspace.event("\(number)", seconds: 1 << number, time: time)
    }
    _ = try await workspace.post(events)
    let period = workspace.period(start, end)
    let expected = Self.times.enumerated().filter { period.contains(Instant($0.element)!) }
      .reduce(into: Usage()) { $0.add(Usage(count: 1, units: 1 << $1.offset)) }
    #expect(try workspace.time(start, end) == expected)
  }

  @Test("events of other subjects and other types do not count")
  func others() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([
      Workspace.event("1"), Workspace.event("2", subject: "airline"),
      Workspace.event("3", type: "stopped"), Workspace.event("4", subject: nil),
    ])
    #expect(
      try workspace.time("2013-01-01T00:00:00Z", "2013-02-01T00:00:00Z")
        == Usage(count: 1, units: 60))
  }

  @Test("before 1970 hours are hours too")
  func beforeTheEpoch() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([
      Workspace.event("1", time: "1969-12-31T23:59:59.999999Z"),
      Workspace.event("2", time: "1969-12-31T23:00:00Z"),
      Workspace.event("3", time: "1970-01-01T00:00:00Z"),
    ])
    #expect(try workspace.time("1969-12-31T23:00:00Z", "1970-01-01T00:00:00Z").count == 2)
    #expect(try workspace.time("1969-12-31T23:30:00Z", "1970-01-01T00:30:00Z").count == 2)
  }
}
