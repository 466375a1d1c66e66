import Base
import Metering
import TestSupport
import Testing

struct MeterBookTests {
  static func meter(
    _ key: String, _ types: [String], _ aggregation: MeterDefinition.Aggregation = .count
  ) throws -> MeterDefinition {
    MeterDefinition(
      key: try MeterKey(key), eventTypes: types, aggregation: aggregation, unit: .second)
  }

  /// Flights are counted and their engine seconds summed; payments may be negative.
  static func book() throws -> MeterSet {
    MeterSet([
      try meter("seconds", ["flight", "test"], .sum(NumberTerms(value: "/seconds"))),
      try meter("cycles", ["flight", "flight"]),
      try meter(
        "paid", ["payment"], .sum(NumberTerms(value: "/amount", places: 2, allowsNegative: true))),
    ])
  }

  /// The type and the data of an event, and what the meters read from it.
  @Test(arguments: [
    ("flight", #"{"seconds":60}"#, "cycles 1, seconds 60"),
    ("test", #"{"seconds":"5"}"#, "seconds 5"),
    ("payment", #"{"amount":-12.5}"#, "paid -1250"),
    // What no meter can read leaves a doubt; what another one can read counts all the same.
    ("flight", #"{"seconds":"long"}"#, "cycles 1, doubt unreadable_value"),
    ("flight", "", "cycles 1, doubt unreadable_value"),
    ("payment", #"{"amount":0.001}"#, "doubt unreadable_value"),
    ("landing", #"{"seconds":60}"#, "doubt unknown_event_type"),
    ("Flight", #"{"seconds":60}"#, "doubt unknown_event_type"),
  ])
  func everyMeterOfTheTypeReadsTheEvent(type: String, data: String, expected: String) throws {
    let book = try Self.book()
    let reading = try book.reading(type: type, data: data)
    var parts = reading.values.map { "\(book.meters[$0.meter].key) \($0.units)" }
    if let doubt = reading.doubt { parts.append("doubt \(doubt.rawValue)") }
    #expect(parts.joined(separator: ", ") == expected)
  }

  @Test func anEventWithoutDataStillCounts() throws {
    let reading = try Self.book().reading(type: "flight", data: nil)
    #expect(reading.values.map(\.units) == [1])
    #expect(reading.doubt == .unreadableValue)
  }

  @Test func aNegativeRunningTimeRefusesTheEvent() throws {
    let book = try Self.book()
    let fault = fault {
      try book.reading(type: "flight", data: #"{"seconds":-1}"#)
    }
    #expect(fault?.code == .negativeQuantity)
    #expect(fault?.pointer == "/data/seconds")
  }

  @Test func findsAMeterByItsKey() throws {
    let book = try Self.book()
    #expect(book.meters.map(\.key.text) == ["cycles", "paid", "seconds"])
    #expect(book[try MeterKey("paid")]?.places == 2)
    #expect(book[try MeterKey("unpaid")] == nil)
  }

  @Test func anEmptyBookKnowsNoType() throws {
    #expect(try MeterSet().reading(type: "flight", data: nil).doubt == .unknownEventType)
  }
}

extension MeterSet {
  /// What the meters read, or the fault that keeps the event out.
  fileprivate func reading(
    type: String, data: String?
  ) throws -> (values: [MeterValue], doubt: Fault.Code?) {
    var readings = MeterReadings()
    let now = Instant("2013-01-01T00:00:00Z")!
    let data = data.map { Array($0.utf8) }
    let reading = Array(type.utf8).withUnsafeBytes { type in
      guard let data else { return read(type: type, data: nil, at: now, into: &readings) }
      return data.withUnsafeBytes { read(type: type, data: $0, at: now, into: &readings) }
    }
    if let refusal = reading.refusal { throw refusal }
    return (readings.values, reading.doubt)
  }
}
