import Base
import Contracts
import Metering
import Rating
import Testing

/// Domain rule G4, an availability guarantee with credit bands, to the cent.
struct AvailabilityGuaranteeGoldenTests {
  static let bands = """
    [{atLeast: 98.5, percent: 0}, {atLeast: 97.5, percent: 5}, {atLeast: 96, percent: 10},
     {atLeast: 90, percent: 20}, {percent: 35}]
    """

  /// `03T08` in April 2026.
  static func interval(
    _ from: String, _ until: String, _ meaning: StateClass
  ) -> StateInterval {
    func instant(_ text: String) -> Instant {
      Instant("2026-04-\(text)\(text.contains(":") ? "" : ":00"):00Z")!
    }
    return StateInterval(Period(start: instant(from), end: instant(until)), meaning)
  }

  /// Two tickets of one day overlap; the customer's own outage goes before the provider's; of 12
  /// hours without telemetry the last state held for the first one.
  static func april() throws -> [StateInterval] {
    let (down, up) = (StateClass(.down), StateClass(.up))
    let month = Instant("2026-05-01T00:00:00Z")!
    return [
      interval("03T08", "03T14", down), interval("03T12", "03T18", down),
      interval("08T00", "08T10", StateClass(.planned)),
      interval("15T10", "15T15", StateClass(.customerCaused)), interval("15T13", "15T17", down),
      interval("20T00", "20T20", try StateClass(degradedBy: Ratio(3, over: 10))),
      interval("25T06", "25T06:03", down), interval("01T00", "22T01", up),
      StateInterval(Period(start: Instant("2026-04-22T12:00:00Z")!, end: month), up),
    ]
  }

  static func month(_ options: String = "plannedQuotaSeconds: 28800, minimumOutageSeconds: 300")
    throws -> RatedMonth
  {
    var contract = try RatedContract(
      """
      - {key: engines, kind: flatFee, amount: 135533.35}
      - {key: availability, kind: availabilityGuarantee, meter: state, bands: \(bands), \(options)}
      """, from: "2026-04")
    try contract.say(april())
    return try contract.months(through: "2026-04")[0]
  }

  @Test func theWorkedExample() throws {
    let month = try Self.month()
    let line = month.lines[1]
    #expect(
      "\(lineText(line))\n\(line.derivation.sentence)" == """
        Availability guarantee: 8450/87 %, -13,553.34 EUR
          8450/87    A = (eligible - down) / eligible * 100
                     eligible h = 696, down h = 20, excused h = 13, unknown h = 11
          10         percent = band(A)
                     A = 97.126437, band = at least 96
          -13553.34  amount = -round(percent / 100 * base)
                     percent = 10, base = 135533.35
        waterfall
          band of 10 %  -13,553.34
          line          -13,553.34
        Available for 97.126437 % of 696 h that count, at least 96 %: the credit on 135,533.35 \
        EUR is -13,553.34 EUR.
        """)
    let finding = try #require(month.finding(of: "availability"))
    #expect(finding.value == (try Ratio(67_600, over: 696)))
    #expect(try finding.coverage.rounded(to: 4).description == "0.9847")
  }

  /// What the options make of the same April.
  @Test func theOptions() throws {
    let usual = "plannedQuotaSeconds: 28800, minimumOutageSeconds: 300"
    let weekdays = "days: [monday, tuesday, wednesday, thursday, friday]"
    let table = [
      ("the example", usual), ("unknown is down", usual + ", unknown: down"),
      ("unknown is up", usual + ", unknown: up"),
      ("the blip counts", "plannedQuotaSeconds: 28800"),
      ("no quota, 180 s are an outage", "minimumOutageSeconds: 180"),
      ("2 hours to rectify", usual + ", rectificationSeconds: 7200"),
      ("a second less", usual + ", rectificationSeconds: 7199"),
      ("98.5 % to be known", usual + ", coverageMin: 98.5"),
      ("office hours", usual + ", serviceHours: [{\(weekdays), from: '08:00', until: '18:00'}]"),
    ]
    let rows = try table.map { (name: String, options: String) in
      let month = try Self.month(options)
      let finding = try #require(month.finding(of: "availability"))
      return [
        name, try finding.value?.rounded(to: 6).description ?? "-",
        try finding.coverage.rounded(to: 4).description, month.lines[1].amount.fixed.grouped,
      ] + month.lines[1].flags.map(\.rawValue)
    }
    #expect(
      columns([["", "A %", "coverage", "credit"]] + rows) == """
                                               A %  coverage      credit
          the example                    97.126437    0.9847  -13,553.34
          unknown is down                95.615276    0.9847  -27,106.67
          unknown is up                  97.171146    0.9847  -13,553.34
          the blip counts                97.119253    0.9847  -13,553.34
          no quota, 180 s are an outage  97.399135    0.9847  -13,553.34
          2 hours to rectify             97.413793    0.9847  -13,553.34
          a second less                  97.126437    0.9847  -13,553.34
          98.5 % to be known                     -    0.9847        0.00  not_determinable
          office hours                   92.822967    0.9818  -27,106.67
        """)
  }

  /// Bands are tested on the exact share: a microsecond decides.
  @Test func theBoundsOfTheBands() throws {
    let start = Instant("2026-04-01T00:00:00Z")!
    let table: [(Int64, Int64)] = [(64_800, 0), (64_800, 1), (0, 0), (2_592_000, 0)]
    let rows = try table.map { seconds, more in
      var contract = try RatedContract(
        """
        - {key: engines, kind: flatFee, amount: 1000}
        - {key: availability, kind: availabilityGuarantee, meter: state,
           bands: [{atLeast: 97.5, percent: 0}, {percent: 10}]}
        """, from: "2026-04")
      let end = Instant(
        microsecondsSinceEpoch: start.microsecondsSinceEpoch + seconds * 1_000_000 + more)!
      try contract.say([
        StateInterval(BillingMonth(year: 2026, month: 4)!.period(in: .utc), StateClass(.up)),
        StateInterval(Period(start: start, end: end), StateClass(.down)),
      ])
      let line = try contract.months(through: "2026-04")[0].lines[1]
      return ["\(seconds) s + \(more) us", line.amount.fixed.grouped]
    }
    #expect(
      columns([["down", "credit"]] + rows) == """
          down               credit
          64800 s + 0 us       0.00
          64800 s + 1 us    -100.00
          0 s + 0 us           0.00
          2592000 s + 0 us  -100.00
        """)
  }

  /// The first month below the top band costs 10 per cent, the second half as much again, every
  /// further one twice as much, until a month keeps the promise.
  @Test func theRepeats() throws {
    var contract = try RatedContract(
      """
      - {key: engines, kind: flatFee, amount: 1000}
      - {key: availability, kind: availabilityGuarantee, energy: {actual: made, lost: missed},
         bands: [{atLeast: 97, percent: 0}, {percent: 10}], repeats: [1.0, 1.5, 2.0]}
      """, from: "2026-01")
    let shown = [
      ("95", "5"), ("96", "4"), ("96.9", "3.1"), ("91", "9"), ("97", "3"), ("95", "5"),
      ("100", "0"), ("96", "4"),
    ]
    for (month, (made, missed)) in zip(1..., shown) {
      try contract.show("made", made, in: "2026-0\(month)")
      try contract.show("missed", missed, in: "2026-0\(month)")
    }
    let rows = try contract.months(through: "2026-08").map { month in
      [
        "\(month.month)", try month.finding(of: "availability")!.value!.rounded(to: 1).description,
        month.lines[1].amount.fixed.grouped,
      ]
    }
    #expect(
      columns([["month", "A %", "credit"]] + rows) == """
          month      A %   credit
          2026-01   95.0  -100.00
          2026-02   96.0  -150.00
          2026-03   96.9  -200.00
          2026-04   91.0  -200.00
          2026-05   97.0     0.00
          2026-06   95.0  -100.00
          2026-07  100.0     0.00
          2026-08   96.0  -100.00
        """)
  }

  /// Two turbines: the hours of both add up and are divided once.
  @Test func aFleet() throws {
    let month = BillingMonth(year: 2026, month: 4)!.period(in: .utc)
    func lines(_ options: String) throws -> [String] {
      var contract = try RatedContract(
        """
        - {key: fee, kind: flatFee, amount: 1000}
        - {key: availability, kind: availabilityGuarantee, meter: state, \(options)
           bands: [{atLeast: 97, percent: 0}, {percent: 10}]}
        """, from: "2026-04", assets: ["t-1", "t-2"])
      try contract.say([StateInterval(month, StateClass(.up))], of: "t-1")
      try contract.say([StateInterval(month, StateClass(.up))], of: "t-2")
      try contract.say([Self.interval("03T00", "04T12", StateClass(.down))], of: "t-2")
      return try contract.months(through: "2026-04")[0].lines.dropFirst().map {
        "\($0.key) \(try $0.quantity.rounded(to: 4)) % \($0.amount.fixed.grouped)"
      }
    }
    #expect(try lines("") == ["availability 97.5000 % 0.00"])
    #expect(
      try lines("perAsset: true,") == [
        "availability/t-1 100.0000 % 0.00", "availability/t-2 95.0000 % -100.00",
      ])
  }
}
