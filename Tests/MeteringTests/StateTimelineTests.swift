import Base
import Contracts
import Metering
import TestSupport
import Testing

struct StateTimelineTests {
  static let month = Period(
    start: Instant("2014-04-01T00:00:00Z")!, end: Instant("2014-05-01T00:00:00Z")!)

  /// `03T08 03T14` in April.
  static func interval(
    _ from: String, _ until: String, _ meaning: StateClass
  ) -> StateInterval {
    func instant(_ text: String) -> Instant {
      Instant("2014-04-\(text)\(text.contains(":") ? "" : ":00"):00Z")!
    }
    return StateInterval(Period(start: instant(from), end: instant(until)), meaning)
  }

  /// The worked example of the domain rules, G4: 676/696.
  static func april() throws -> [StateInterval] {
    let (down, up) = (StateClass(.down), StateClass(.up))
    let degraded = try StateClass(degradedBy: Ratio(3, over: 10))
    return [
      // Two tickets of one day overlap.
      interval("03T08", "03T14", down), interval("03T12", "03T18", down),
      interval("08T00", "08T10", StateClass(.planned)),
      // The customer's own outage goes before the provider's.
      interval("15T10", "15T15", StateClass(.customerCaused)), interval("15T13", "15T17", down),
      interval("20T00", "20T20", degraded),
      interval("25T06", "25T06:03", down),
      // Telemetry was lost for twelve hours; the first of them the last state held.
      interval("01T00", "22T01", up), interval("22T12", "30T23:59", up),
      interval("30T23:58", "30T23:59", up),
    ] + [StateInterval(Period(start: Instant("2014-04-30T23:59:00Z")!, end: month.end), up)]
  }

  @Test("the worked example of the domain rules: 676 of 696 hours")
  func workedExample() throws {
    let timeline = StateTimeline(try Self.april(), in: Self.month)
      .ignoringOutages(shorterThanSeconds: 300)
    let hour: Int128 = 3_600_000_000
    let times = timeline.times
    #expect(times.total == 720 * hour)
    #expect(times[.down] == 12 * hour)
    #expect(times[.customerCaused] == 5 * hour)
    #expect(times[.unknown] == 11 * hour)
    let available = try Availability(times, plannedQuotaSeconds: 8 * 3600)
    #expect(available.excused == 13 * hour)
    #expect(available.eligible == 696 * hour)
    #expect(available.downEquivalent == Ratio(20 * hour))
    #expect(try available.share == Ratio(676, over: 696))
    #expect(try available.share?.rounded(to: 8).description == "0.97126437")
    #expect(try available.coverage?.rounded(to: 4).description == "0.9847")
    // Unknown taken as down.
    let strict = try Availability(
      times, plannedQuotaSeconds: 8 * 3600, unknownPolicy: .down)
    #expect(try strict.share?.rounded(to: 6).description == "0.956153")
    let kind = try Availability(times, plannedQuotaSeconds: 8 * 3600, unknownPolicy: .up)
    #expect(try kind.share == Ratio(687, over: 707))
  }

  @Test("the blip counts where short outages count")
  func shortOutages() throws {
    let timeline = StateTimeline(try Self.april(), in: Self.month)
    #expect(timeline.times[.down] == 12 * 3_600_000_000 + 180_000_000)
    #expect(timeline.ignoringOutages(shorterThanSeconds: 180) == timeline)
  }

  @Test("more downtime never raises the share, and no time is lost or found")
  func randomSweeps() throws {
    var random = SeededRandom(seed: 44)
    let kinds: [StateClass] = try StateClass.Kind.allCases.map {
      $0 == .degraded ? try StateClass(degradedBy: Ratio(1, over: 4)) : StateClass($0)
    }
    for _ in 0..<200 {
      func interval(_ meaning: StateClass) -> StateInterval {
        let start = Self.month.start.advanced(bySeconds: random.number(-90_000...2_600_000))
        let end = start.advanced(bySeconds: random.number(1...200_000))
        return StateInterval(Period(start: start, end: end), meaning)
      }
      let spoken = (0..<12).map { _ in interval(kinds.randomElement(using: &random)!) }
      let timeline = StateTimeline(spoken, in: Self.month)
      #expect(StateTimeline(spoken.shuffled(using: &random), in: Self.month) == timeline)
      #expect(timeline.times.total == 720 * 3_600_000_000)
      // By moments instead of turns.
      for _ in 0..<20 {
        let moment = Self.month.start.advanced(bySeconds: random.number(0...2_591_999))
        let expected = spoken.filter { $0.period.contains(moment) }.map(\.meaning).min()
        #expect(
          timeline.intervals.first { $0.period.contains(moment) }?.meaning
            == expected ?? .unknown)
      }
      let worse = StateTimeline(spoken + [interval(StateClass(.down))], in: Self.month)
      let (before, after) = (try Availability(timeline.times), try Availability(worse.times))
      if let share = try before.share, let less = try after.share, before.unknown == after.unknown,
        before.excused == after.excused
      {
        #expect(less <= share)
      }
    }
  }

  @Test("sources hold their word for their time; who contradicts himself is counted")
  func sources() throws {
    let definition = try AggregationTests.meter(
      """
      "aggregation":"stateTime","value":"/s","heartbeatTimeoutSeconds":600,"states":[\
      {"is":"run","class":"up"},{"is":"stop","class":"down"},\
      {"is":"half","class":"degraded","loss":"0.5"},\
      {"is":"open","class":"down","holdSeconds":7200},{"is":"shut","class":"silent"}]
      """)
    #expect(try MeterDefinition(Node(definition.json), key: definition.key) == definition)
    guard case .stateTime(let terms) = definition.aggregation else { return }
    func said(_ minute: Int64, _ rule: Int64, _ source: Int64 = 1) -> Sample {
      Sample(time: minute * 60_000_000, stream: source, number: rule)
    }
    func times(_ samples: [Sample]) -> String {
      let hour = Period(
        start: Instant(clampingSeconds: 0), end: Instant(clampingSeconds: 3600))
      let times = terms.times(samples, hour)
      let parts = StateClass.Kind.allCases.compactMap { kind in
        times[kind] == 0 ? nil : "\(kind.rawValue) \(times[kind] / 60_000_000)"
      }
      return (parts + (times.conflicts == 0 ? [] : ["conflicts \(times.conflicts)"]))
        .joined(separator: ", ")
    }
    #expect(times([]) == "unknown 60")
    #expect(times([said(0, 0)]) == "unknown 50, up 10")
    #expect(times([said(-5, 0), said(50, 1)]) == "down 10, unknown 45, up 5")
    // A ticket holds longer, until it is shut; telemetry goes on beside it.
    #expect(times([said(-60, 3, 2), said(20, 4, 2), said(15, 0)]) == "down 20, unknown 35, up 5")
    // Whichever came first, stopped goes before running; being silent goes before nothing.
    #expect(times([said(0, 0), said(0, 1)]) == "down 10, unknown 50, conflicts 1")
    #expect(times([said(0, 4), said(0, 0), said(0, 2)]) == "degraded 10, unknown 50, conflicts 1")
  }
}
