import Base
import Contracts
import Metering
import Rating
import TestSupport
import Testing

/// Edges of power by the hour; the worked example stands in GoldenTests.
struct SeverityHoursTests {
  static func full(_ index: IndexTerms = .none) throws -> SeverityHoursTerms {
    try terms(
      rate: "180.00", cycleRate: "42.50", index: index, leg: sampleLegTable,
      derate: "0:1.06 10:1.00 20:0.95", dust: "1.12", min: "0.8", max: "1.3")
  }

  @Test func zeroUseIsListedAndCostsNothing() throws {
    let lines = try SampleMonth().lines(Self.full(.agreed(factor: Fixed("1.04"))))
    #expect(lines.map(\.key) == ["power/hours", "power/cycles"])
    #expect(lines.map(\.amount.description) == ["0.00", "0.00"])
    #expect(lines.allSatisfy { $0.flags.isEmpty })
    #expect(lines.allSatisfy { $0.waterfall.bars.allSatisfy { $0.amount.amountMinor == 0 } })
  }

  @Test func zeroUseCostsNothingAlsoAfterABusyYear() throws {
    let month = SampleMonth(yearSeconds: 9_000_000, yearCycles: 900)
    #expect(try month.lines(Self.full()).map(\.amount.description) == ["0.00", "0.00"])
  }

  @Test func cyclesWithoutHoursCostTheirCycles() throws {
    let lines = try SampleMonth(cycles: 3).lines(Self.full())
    #expect(lines.map(\.amount.description) == ["0.00", "127.50"])
  }

  /// Rate at the base year, index factor, and the rate in force: rounded to four places.
  @Test(arguments: [
    ("180.00", "1.04", "187.2000"), ("180.00", "1.000001", "180.0002"),
    ("42.50", "1.04", "44.2000"),
    ("0.33333", "1", "0.3333"), ("0.00005", "1", "0.0001"), ("100", "0", "0.0000"),
  ])
  func bringsTheRateToTheMonthByTheIndex(rate: String, factor: String, expected: String) throws {
    let index = IndexTerms.agreed(factor: try Fixed(factor))
    let lines = try SampleMonth(seconds: 3600, cycles: 1).lines(
      terms(rate: rate, cycleRate: rate, index: index))
    #expect(lines.map { $0.step("rate") } == [expected, expected])
  }

  @Test func theIndexOfTheFirstDayOfTheMonthIsInForce() throws {
    func lines(from: String) throws -> [RatedLine] {
      let escalation = EscalationTerms.Year(
        from: try Node.date(Node(.string(from))), averages: [try Fixed("110")])
      let index = try EscalationTerms(
        fixedShare: Fixed("0"),
        components: [.init(name: "p", weight: Fixed("1"), base: Fixed("100"))],
        floor: nil, cap: nil, catchUp: false, years: [escalation])
      return try SampleMonth(seconds: 3600, cycles: 1).lines(terms(index: .escalation(index)))
    }
    #expect(try lines(from: "2013-01-01")[0].bars == "plain hours 100.00, index 10.00")
    #expect(try lines(from: "2013-01-02")[0].bars == "plain hours 100.00, index 0.00")
    #expect(try lines(from: "2013-01-02")[0].step("index factor") == nil)
    #expect(try lines(from: "2013-01-01")[0].step("index factor") == "1.100000")
  }

  @Test(arguments: [("JPY", "1111"), ("EUR", "1111.11"), ("KWD", "1111.111")])
  func roundsTheLineToTheMinorUnitOfTheCurrency(code: String, amount: String) throws {
    let month = SampleMonth(seconds: 40_000, cycles: 1)
    #expect(try month.lines(terms(), in: code)[0].amount.description == amount)
  }

  @Test func aMeterThatNobodyDefinedIsAFaultNeverAZero() throws {
    for missing in ["engine-time", "cycles", "derate-time", "dust-time"] {
      let requests = try Self.full().requests(SampleMonth.scope)
      var values: [UsageRequest: MeteredUsage] = [:]
      for request in requests where request.meter.text != missing {
        values[request] = try SampleMonth.sum(request.meter.text, 0)
      }
      let fault = fault {
        try SeverityHours(
          Self.full(), SampleMonth.scope, usage: UsageTable(values))
      }
      #expect(fault == Fault(.unknownReference, "there is no meter `\(missing)`"))
    }
  }

  @Test func asksForEveryMeterOfTheMonthAndTheLegsOfTheYear() throws {
    let requests = try Self.full().requests(SampleMonth.scope)
    #expect(
      requests.map { "\($0.meter) \($0.windows.period.start.description.prefix(7))" } == [
        "engine-time 2013-01", "cycles 2013-01", "derate-time 2013-01", "dust-time 2013-01",
        "engine-time 2012-02", "cycles 2012-02",
      ])
  }

  @Test func amountsBeyond127BitsAreAFaultNotACrash() throws {
    let huge = String(repeating: "9", count: 24)
    let month = SampleMonth(seconds: .max, cycles: .max)
    let dear = try terms(rate: huge, cycleRate: huge, index: .agreed(factor: Fixed(huge)))
    #expect(fault { try month.lines(dear) }?.code == .overflow)
  }

  @Test func saysInOneSentenceHowTheLineCameAbout() throws {
    let lines = try SampleMonth(seconds: 36_000, cycles: 5).lines(Self.full())
    #expect(
      lines.map(\.derivation.sentence) == [
        "10.0000 hours at 180.0000 EUR an hour, times a severity of 1.060000, make 1,908.00 EUR.",
        "5 cycles at 42.5000 EUR each make 212.50 EUR.",
      ])
  }

  /// Whatever the terms and the use: the bars add up to the line, the line is what its formula
  /// says, and the severity stays within its limits.
  @Test func theWaterfallAddsUpForAnyTermsAndAnyUse() throws {
    var random = SeededRandom(seed: 14)
    for _ in 0..<1000 {
      let month = random.month()
      let terms = try random.terms()
      for line in try month.lines(terms, in: random.pick(["EUR", "JPY", "KWD"])) {
        var sum = Money.zero(line.amount.currency)
        for bar in line.waterfall.bars { sum = try sum + bar.amount }
        #expect(sum == line.amount)
        #expect(line.derivation.steps.last?.rounded == line.amount.fixed)
      }
      let line = try #require(try month.lines(terms).first)
      let severity = try Fixed(#require(line.step("severity"))).ratio
      if let min = terms.severityMin { #expect(try severity >= min.ratio) }
      if let max = terms.severityMax { #expect(try severity <= max.ratio) }
      let rate = try Fixed(#require(line.step("rate"))).ratio
      let hours = try Ratio(Int128(month.seconds), over: 3600)
      #expect(try Money(rounding: hours * rate * severity, Currency("EUR")) == line.amount)
    }
  }
}

extension SeededRandom {
  mutating func month() -> SampleMonth {
    var month = SampleMonth()
    month.seconds = chance(10) ? 0 : number(1...9_000_000)
    month.cycles = chance(20) ? 0 : number(1...900)
    month.yearSeconds = month.seconds + number(0...90_000_000)
    month.yearCycles = month.cycles + (chance(20) ? 0 : number(1...9000))
    month.derateSeconds = month.seconds * number(0...30)
    month.dustSeconds = month.seconds * number(0...60) / 100
    month.saltSeconds = month.seconds * number(0...40) / 100
    return month
  }

  mutating func terms() throws -> SeverityHoursTerms {
    let index: IndexTerms =
      chance(30) ? .none : .agreed(factor: decimal(900_000...1_200_000, places: 6))
    return SeverityHoursTerms(
      hours: try MeterKey("engine-time"), cycles: try MeterKey("cycles"),
      rate: decimal(0...99_999, places: 2), cycleRate: decimal(0...9999, places: 2), index: index,
      legTable: chance(80) ? try table(up: 10) : nil,
      derate: chance(60)
        ? DerateTerms(meter: try MeterKey("derate-time"), table: try table(up: 30)) : nil,
      environment: try ["dust-time", "salt-time"].filter { _ in chance(60) }.map {
        EnvironmentTerms(meter: try MeterKey($0), factor: decimal(900...1300, places: 3))
      },
      severityMin: chance(50) ? decimal(700...1000, places: 3) : nil,
      severityMax: chance(50) ? decimal(1000...1300, places: 3) : nil)
  }

  private mutating func decimal(_ units: ClosedRange<Int>, places: Int) -> Fixed {
    Fixed(units: Int128(number(units)), places: places)
  }

  private mutating func table(up end: Int) throws -> FactorTable {
    let ats = Set((0..<number(1...6)).map { _ in number(0...end * 10) }).sorted()
    return try FactorTable(
      ats.map {
        FactorTable.Point(
          at: Fixed(units: Int128($0), places: 1), factor: decimal(700...1300, places: 3))
      })
  }
}
