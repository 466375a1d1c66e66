import Base
import Metering
import TestSupport
import Testing

/// A meter over readings of a rising register: what it rose by, window by window.
struct RegisterTests {
  /// Readings of one subject, as `hour reading mark`, and what each hour came to; `-` is missing.
  struct Story: Sendable, CustomStringConvertible {
    let description: String
    var terms = ""
    let readings: [String]
    let hours: [String]
    var ignored: Int64 = 0
  }

  static let stories = [
    Story(
      description: "a rise belongs to the later reading; the first one starts at it",
      readings: ["0 1000.0", "1 1040.0", "3 1100.0"], hours: ["0.0", "40.0", "-", "60.0"]),
    Story(
      description: "a register rolls over", terms: #","rollsOverAt":"100000""#,
      readings: ["0 99990.0", "1 15.0"], hours: ["0.0", "25.0"]),
    Story(
      description: "a fall that would be more than half a round is no roll-over",
      terms: #","rollsOverAt":"100000""#,
      readings: ["0 13400.0", "1 0.0", "2 13423.7"], hours: ["0.0", "0.0", "23.7"], ignored: 1),
    Story(
      description: "another register starts where it stands",
      readings: ["0 500.0", "1 520.0", "2 7000.0 replaced", "3 7030.0"],
      hours: ["0.0", "20.0", "0.0", "30.0"]),
    Story(
      description: "another register at the moment of the last reading of the one before",
      readings: ["0 500.0", "1 0.0 replaced", "1 520.0", "2 4.0"],
      hours: ["0.0", "20.0", "4.0"]),
    Story(
      description: "a register that was set to zero rose by its reading",
      readings: ["0 500.0", "1 3.0 reset", "2 5.0"], hours: ["0.0", "3.0", "2.0"]),
    Story(
      description: "its rise began at zero, whatever the register showed before",
      readings: ["0 300.0", "1 350.0 reset", "2 320.0", "3 400.0"],
      hours: ["0.0", "350.0", "0.0", "50.0"], ignored: 1),
    Story(
      description: "blips are ignored, however many there are",
      readings: ["0 13400.0", "1 0.0", "2 12.5", "3 13423.7"],
      hours: ["0.0", "0.0", "0.0", "23.7"], ignored: 2),
    Story(
      description: "a reading far too high is taken back by the next one",
      readings: ["0 100.0", "1 110.0", "2 9000.0", "3 9000.0", "4 120.0", "5 130.0"],
      hours: ["0.0", "10.0", "8890.0", "0.0", "-8880.0", "10.0"], ignored: 1),
    Story(
      description: "also where another one too low lies between",
      readings: ["0 110.0", "1 9000.0", "2 90.0", "3 120.0"],
      hours: ["0.0", "8890.0", "0.0", "-8880.0"], ignored: 2),
    Story(
      description: "a fall of half of the last rise or less is ignored",
      readings: ["0 100.0", "1 200.0", "2 150.0", "3 201.0", "4 200.4"],
      hours: ["0.0", "100.0", "0.0", "1.0", "-0.6"], ignored: 2),
    Story(
      description: "nothing comes back below where the last rise began",
      readings: ["0 100.0", "1 200.0", "2 99.9", "3 201.0"],
      hours: ["0.0", "100.0", "0.0", "1.0"], ignored: 1),
    Story(
      description: "a register that falls back did not roll over",
      terms: #","rollsOverAt":"10000""#,
      readings: ["0 110.0", "1 9000.0", "2 120.0"], hours: ["0.0", "8890.0", "-8880.0"],
      ignored: 1),
    Story(
      description: "one that falls below where its last rise began may have",
      terms: #","rollsOverAt":"10000""#,
      readings: ["0 5010.0", "1 9990.0", "2 6000.0", "3 20.0", "4 5100.0"],
      hours: ["0.0", "4980.0", "-3990.0", "4020.0", "5080.0"], ignored: 1),
    Story(
      description: "the next reading takes back what was estimated too high",
      readings: ["0 100.0", "1 150.0 estimated", "2 130.0", "3 131.0"],
      hours: ["0.0", "50.0", "-20.0", "1.0"]),
    Story(
      description: "and never more than was estimated",
      readings: ["0 100.0", "1 150.0 estimated", "2 0.0", "3 151.0"],
      hours: ["0.0", "50.0", "0.0", "1.0"], ignored: 1),
    Story(
      description: "an estimate that rolled over is trued up all the same",
      terms: #","rollsOverAt":"1000""#,
      readings: ["0 990.0", "1 20.0 estimated", "2 5.0"], hours: ["0.0", "30.0", "-15.0"]),
  ]

  private static let start = Instant("2026-01-01T00:00:00Z")!

  private static func hour(_ number: Int) -> Period {
    Period(
      start: start.advanced(bySeconds: Int64(number) * 3600),
      end: start.advanced(bySeconds: Int64(number + 1) * 3600))
  }

  @Test(arguments: stories)
  func story(story: Story) throws {
    let meter = try AggregationTests.meter(
      #""aggregation":"register","value":"/reading","places":1\#(story.terms)"#)
    let book = MeterSet([meter])
    let samples = try story.readings.map { text in
      let parts = text.split(separator: " ")
      let mark = parts.count > 2 ? #","\#(parts[2])":true"# : ""
      let data = #"{"reading":"\#(parts[1])"\#(mark)}"#
      var readings = MeterReadings()
      let verdict = Array("e".utf8).withUnsafeBytes { type in
        Array(data.utf8).withUnsafeBytes {
          book.read(
            type: type, data: $0, at: Self.hour(Int(parts[0])!).start, into: &readings)
        }
      }
      try #require(verdict.doubt == nil)
      let reading = try #require(readings.all(at: Self.start).first)
      return try #require(meter.sample(of: reading, source: 7))
    }
    // The order in which they came makes no difference.
    for told in [samples, samples.reversed()] {
      let inOrder = SampleSet(.all, told).samples
      let windows = story.hours.indices.map(Self.hour)
      let usage = meter.usage(inOrder, in: windows)
      let shown = usage.map { usage in
        let value = MeteredUsage(meter, usage).value
        return value == .missing ? "-" : "\(value)"
      }
      #expect(shown == story.hours)
      let whole = UsageSeries(meter, usage).whole
      #expect(whole.register?.ignored == story.ignored)
      let all = meter.usage(inOrder, in: [Period(start: windows[0].start, end: windows.last!.end)])
      #expect(MeteredUsage(meter, all[0]).value == whole.value)
    }
  }

  @Test(arguments: [
    (#""rollsOverAt":"0""#, "/rollsOverAt"), (#""rollsOverAt":"0.25""#, "/rollsOverAt"),
    (#""rollsOverAt":"-5""#, "/rollsOverAt"), (#""replaced":"new""#, "/replaced"),
    (
      #""convert":{"to":"k","factor":"2","when":"before","rounding":"up"}"#, "/convert"
    ),
  ])
  func unsound(terms: String, pointer: String) {
    let faults = #expect(throws: Faults.self) {
      try AggregationTests.meter(
        #""aggregation":"register","value":"/reading","places":1,\#(terms)"#)
    }
    #expect(faults?.list.map(\.pointer) == [pointer])
  }
}
