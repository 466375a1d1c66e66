import Base
import Contracts
import Foundation
import Testing

@testable import Metering

/// No asset is in use longer than the time that passed.
@Suite("An asset's wall clock")
struct RateWatchTests {
  private static let day = Period(
    start: Instant("2026-01-10T00:00:00Z")!, end: Instant("2026-01-11T00:00:00Z")!)

  /// Events of a day by hour and minute, seconds each, and which of them are beyond the bound.
  private static func beyond(
    _ events: [(time: String, seconds: Int64)], perHour: String? = nil
  ) throws -> [String] {
    let bounds = MeterBounds(perAssetHour: try perHour.map { try Fixed($0) })
    let rule = try #require(try meter(.sum(NumberTerms(value: "/n"))).rateRule(bounds))
    var watch = RateWatch(rule, over: day)
    return events.filter { event in
      watch.take(event.seconds, at: Instant("2026-01-10T\(event.time):00Z")!)
    }.map(\.time)
  }

  private static func meter(
    _ aggregation: MeterDefinition.Aggregation, _ unit: String = "s"
  ) throws -> MeterDefinition {
    MeterDefinition(
      key: try MeterKey("m"), eventTypes: ["e"], aggregation: aggregation,
      unit: MeasureUnit(unit))
  }

  @Test("An hour holds 3,600 s of every hour, and not one more")
  func exact() throws {
    let hours = (0..<24).map { String(format: "%02d:30", $0) }
    #expect(try Self.beyond(hours.map { ($0, 3600) }).isEmpty)
    var events = hours.map { ($0, Int64(3600)) }
    events[10].1 = 3601
    #expect(try Self.beyond(events).first == "11:30", "it may be of before, or of after: not both")
  }

  @Test("A long use is one event, at its start or at its end")
  func edges() throws {
    #expect(try Self.beyond([("05:00", 18_000), ("10:00", 18_000), ("15:00", 18_000)]).isEmpty)
    #expect(try Self.beyond([("01:00", 40_000), ("02:00", 3600), ("03:00", 3600)]).isEmpty)
    #expect(try Self.beyond([("21:00", 3600), ("22:00", 3600), ("23:00", 40_000)]).isEmpty)
    #expect(try Self.beyond([("10:00", 18_000), ("10:30", 18_000)]) == ["10:30"])
  }

  @Test("Two uses at one moment are one too many, unless two may be at one time")
  func parts() throws {
    let two: [(String, Int64)] = [("10:00", 3600), ("10:00", 3600)]
    #expect(try Self.beyond(two) == ["10:00"])
    #expect(try Self.beyond(two, perHour: "7200").isEmpty)
    #expect(try Self.beyond(two + [("10:00", 3600)], perHour: "7200") == ["10:00"])
  }

  @Test("One event is not longer than its period")
  func period() throws {
    #expect(try Self.beyond([("12:00", 86_400)]).isEmpty)
    #expect(try Self.beyond([("12:00", 86_401)]) == ["12:00"])
    #expect(try Self.beyond([("12:00", .max)]) == ["12:00"])
  }

  @Test("Intervals fill each hour that they touch")
  func intervals() throws {
    let meter = try Self.meter(.duration(DurationTerms(.start(DataPointer("/from")))), "h")
    var watch = RateWatch(try #require(meter.rateRule(.none)), over: Self.day)
    func take(_ end: String, _ minutes: Int64) -> Bool {
      watch.take(minutes * 60_000_000, at: Instant("2026-01-10T\(end):00Z")!)
    }
    #expect(!take("10:30", 90))
    #expect(!take("11:00", 30))
    #expect(take("11:30", 31), "the last minute of an hour that is full")
  }

  @Test("Other meters are held to what is agreed, in each hour; without that, to nothing")
  func others() throws {
    let meter = try Self.meter(.count, "starts")
    #expect(meter.rateRule(.none) == nil)
    let bounds = MeterBounds(perAssetHour: try Fixed("2"))
    var watch = RateWatch(try #require(meter.rateRule(bounds)), over: Self.day)
    let beyond = ["10:00", "10:20", "10:40", "11:00"].filter {
      watch.take(1, at: Instant("2026-01-10T\($0):00Z")!)
    }
    #expect(beyond == ["10:40"])
  }
}
