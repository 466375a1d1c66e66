import Base
import Metering
import TestSupport
import Testing

/// One meter over a few events of one subject, as text: `time data` in, the value out.
struct AggregationTests {
  static let day = "2014-06-01T"

  static func meter(_ text: String) throws -> MeterDefinition {
    try MeterDefinition(
      Node(JSON(parsing: Array(#"{"eventTypes":["e"],"unit":"h",\#(text)}"#.utf8))),
      key: MeterKey("m"))
  }

  /// The value over a window of everything that is read, without any storage between.
  static func value(
    _ meter: MeterDefinition, _ events: [(String, String)], _ window: (String, String)
  ) throws -> Quantity {
    let book = MeterSet([meter])
    let period = Period(
      start: Instant(day + window.0 + "Z")!, end: Instant(day + window.1 + "Z")!)
    var usage = Usage()
    var samples: [Sample] = []
    for (time, data) in events {
      let occurred = Instant(day + time + "Z")!
      for reading in book.readings(type: "e", data: data, at: occurred) {
        guard let tally = reading.tally(in: period) ?? (reading.sample == nil ? nil : Tally())
        else { continue }
        if meter.aggregation.memory != nil {
          samples += meter.sample(of: reading, source: 1).map { [$0] } ?? []
          continue
        }
        usage.add(tally)
        if case .percentile = meter.aggregation {
          usage.add(.hours([occurred.hour: tally.units]))
        }
        if let rule = meter.aggregation.sampleRule, period.contains(occurred),
          let sample = meter.sample(of: reading, source: 1)
        {
          usage.add(.samples(SampleSet(rule, [sample])))
        }
      }
    }
    if meter.aggregation.memory != nil {
      usage.add(meter.usage(SampleSet(.all, samples).samples, in: [period])[0])
    }
    return MeteredUsage(meter, usage).value
  }

  static let numbers = [
    ("08:00:00", #"{"n":4,"at":"a"}"#), ("08:30:00", #"{"n":1.5,"at":"b"}"#),
    ("09:00:00", #"{"n":2,"at":"a"}"#), ("09:00:00", #"{"n":3,"at":"c"}"#),
  ]

  @Test(arguments: [
    (#""aggregation":"count""#, "4"),
    (#""aggregation":"sum","value":"/n","places":1"#, "10.5"),
    (#""aggregation":"mean","value":"/n","places":1"#, "2.625"),
    (#""aggregation":"min","value":"/n","places":1"#, "1.5"),
    (#""aggregation":"max","value":"/n","places":1"#, "4.0"),
    // Two at one moment: the greatest stands, whichever came first.
    (#""aggregation":"latest","value":"/n","places":1"#, "3.0"),
    (#""aggregation":"uniqueCount","value":"/at""#, "3"),
    // The hours are 5.5 and 5.0.
    (#""aggregation":"percentile","value":"/n","places":1,"percent":"50""#, "5.0"),
    (#""aggregation":"percentile","value":"/n","places":1,"percent":"50.1""#, "5.5"),
    // 4 for half an hour, 1.5 for half an hour, 3 for the hour it holds.
    (
      #""aggregation":"timeWeightedSum","value":"/n","places":1,"holdSeconds":3600,"per":"h""#,
      "5.75"
    ),
    (#""aggregation":"count","where":[{"at":"/at","is":"a"}]"#, "2"),
    (#""aggregation":"count","where":[{"at":"/at","in":["b","c"]}]"#, "2"),
    (#""aggregation":"count","where":[{"at":"/at","not":["b","c"]}]"#, "2"),
    (#""aggregation":"count","where":[{"at":"/n","atLeast":"2","below":"4"}]"#, "2"),
    (#""aggregation":"count","where":[{"at":"/x","exists":false}]"#, "4"),
    (#""aggregation":"count","where":[{"at":"/n","is":1.50},{"at":"/at","is":"b"}]"#, "1"),
  ])
  func everyAggregationOfAFewNumbers(definition: String, expected: String) throws {
    let meter = try Self.meter(definition)
    let window = ("08:00:00", "12:00:00")
    for events in [Self.numbers, Self.numbers.reversed()] {
      #expect(try Self.value(meter, events, window).description == expected)
    }
    #expect(try MeterDefinition(Node(meter.json), key: meter.key) == meter)
  }

  @Test(arguments: [
    #""aggregation":"mean","value":"/n""#, #""aggregation":"min","value":"/n""#,
    #""aggregation":"latest","value":"/n""#,
    #""aggregation":"percentile","value":"/n","percent":95"#,
    #""aggregation":"timeWeightedSum","value":"/n","holdSeconds":60"#,
  ])
  func nothingSeenIsNotZero(definition: String) throws {
    let value = try Self.value(Self.meter(definition), [], ("08:00:00", "12:00:00"))
    #expect(value == .missing)
    #expect(fault { try value.ratio }?.code == .missingUsage)
  }

  @Test("an interval is split where a window cuts it; the event counts at its end")
  func intervals() throws {
    let meter = try Self.meter(#""aggregation":"duration","start":"/from""#)
    let events = [("10:20:00", #"{"from":"2014-06-01T10:00:00+02:00"}"#)]
    #expect(try Self.value(meter, events, ("08:00:00", "12:00:00")).description == "7/3")
    #expect(try Self.value(meter, events, ("08:30:00", "09:15:00")).description == "0.75")
    #expect(try Self.value(meter, events, ("10:20:00", "11:00:00")).description == "0")
    let reading = try #require(
      MeterSet([meter]).readings(
        type: "e", data: events[0].1, at: Instant(Self.day + events[0].0 + "Z")!
      ).first)
    #expect(reading.pieces.map { $0.hour - reading.start.hour } == [0, 1, 2])
    #expect(reading.pieces.map(\.tally.count) == [0, 0, 1])
    #expect(reading.pieces.map(\.tally.units) == [3_600_000_000, 3_600_000_000, 1_200_000_000])
  }

  @Test(arguments: [
    (#"{"long":1.5}"#, "1.5"), (#"{"long":"24"}"#, "doubt"), (#"{"long":24.1}"#, "doubt"),
    (#"{"long":-1}"#, "refused"), (#"{}"#, "doubt"),
  ])
  func lengthsAreBounded(data: String, expected: String) throws {
    let meter = try Self.meter(
      #""aggregation":"duration","length":"/long","lengthUnit":"h","longestSeconds":7200"#)
    let verdict = MeterSet([meter]).verdict(
      type: "e", data: data, at: Instant("2014-06-01T12:00:00Z")!)
    switch expected {
    case "doubt": #expect(verdict.doubt == .unreadableValue)
    case "refused": #expect(verdict.refusal?.code == .negativeQuantity)
    default:
      #expect(
        try Self.value(meter, [("12:00:00", data)], ("00:00:00", "23:00:00")).description
          == expected)
    }
  }

  @Test(arguments: [
    (#""when":"after","rounding":"none""#, "0.0105"),
    (#""when":"after","rounding":"up","places":2"#, "0.02"),
    (#""when":"after","rounding":"down","places":2"#, "0.01"),
    (#""when":"after","rounding":"half","places":3"#, "0.011"),
    // 0.004, 0.0015, 0.002 and 0.003 before they are added up.
    (#""when":"before","rounding":"up","places":3"#, "0.011"),
    (#""when":"before","rounding":"down","places":3"#, "0.010"),
    (#""when":"before","rounding":"up","places":0"#, "4"),
  ])
  func conversionsRoundWhereTheySay(terms: String, expected: String) throws {
    let meter = try Self.meter(
      """
      "aggregation":"sum","value":"/n","places":1,\
      "convert":{"to":"t","factor":"1/1000",\(terms)}
      """)
    let value = try Self.value(meter, Self.numbers, ("08:00:00", "12:00:00"))
    #expect(value.description == expected)
    #expect(meter.valueUnit == MeasureUnit("t"))
    #expect(try MeterDefinition(Node(meter.json), key: meter.key) == meter)
  }

  @Test func groupsAreNamedByTheirValues() throws {
    let meter = try Self.meter(#""aggregation":"count","groupBy":["/at","/n"]"#)
    let book = MeterSet([meter])
    let now = Instant("2014-06-01T12:00:00Z")!
    func groups(_ data: String) -> [String] {
      book.readings(type: "e", data: data, at: now).map(\.group)
    }
    #expect(groups(#"{"at":"a","n":15e-1}"#) == [#"["a",1.5]"#])
    #expect(groups(#"{"n":1.50,"at":"\u0061"}"#) == [#"["a",1.5]"#])
    #expect(groups(#"{"at":null}"#) == ["[null,null]"])
    #expect(groups(#"{"at":[]}"#) == [])
  }
}

extension MeterSet {
  fileprivate func verdict(
    type: String, data: String, at occurred: Instant, into readings: inout MeterReadings
  ) -> MeterVerdict {
    Array(type.utf8).withUnsafeBytes { type in
      Array(data.utf8).withUnsafeBytes {
        read(type: type, data: $0, at: occurred, into: &readings)
      }
    }
  }

  fileprivate func verdict(type: String, data: String, at occurred: Instant) -> MeterVerdict {
    var readings = MeterReadings()
    return verdict(type: type, data: data, at: occurred, into: &readings)
  }

  fileprivate func readings(type: String, data: String, at occurred: Instant) -> [Reading] {
    var readings = MeterReadings()
    _ = verdict(type: type, data: data, at: occurred, into: &readings)
    return readings.all(at: occurred)
  }
}
