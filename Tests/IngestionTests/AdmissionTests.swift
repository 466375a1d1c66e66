import Base
import Ingestion
import TestSupport
import Testing

struct AdmissionTests {
  static let now = "2013-01-01T12:00:00.5Z"

  static func occurrence(time: String?) throws -> Instant {
    let member = time.map { #","time":"\#($0)""# } ?? ""
    let batch = try scan(#"{"specversion":"1.0","id":"1","source":"s","type":"t"\#(member)}"#)
    return try Admission(now: Instant(now)!).occurrence(of: batch.events[0])
  }

  /// The time of an event, and when it counts as having happened.
  @Test(arguments: [
    (nil, "2013-01-01T12:00:00.500000Z"), ("2013-01-01T11:00:00Z", "2013-01-01T11:00:00Z"),
    ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ("2013-01-02T12:00:00Z", "2013-01-02T12:00:00Z"),
    // Exactly a day ahead is not more than a day ahead.
    ("2013-01-02T12:00:00.500000Z", "2013-01-02T12:00:00.500000Z"),
  ])
  func anEventHappenedWhenItSaysOrElseNow(time: String?, occurred: String) throws {
    #expect(try Self.occurrence(time: time).description == occurred)
  }

  @Test(arguments: ["2013-01-02T12:00:00.500001Z", "2013-01-02T12:00:01Z", "9999-12-31T23:59:59Z"])
  func refusesTheFuture(time: String) {
    let fault = fault { try Self.occurrence(time: time) }
    #expect(fault?.code == .futureEvent)
    #expect(fault?.pointer == "/time")
  }

  @Test func aServerAtTheEndOfTheCalendarStillDecides() throws {
    let batch = try scan(EventScannerTests.flight)
    #expect(try Admission(now: .latest).occurrence(of: batch.events[0]) == batch.events[0].time)
    #expect(
      fault { try Admission(now: .earliest).occurrence(of: batch.events[0]) }?.code
        == .futureEvent)
  }
}
