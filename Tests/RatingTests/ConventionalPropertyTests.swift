import Base
import Contracts
import Metering
import Rating
import TestSupport
import Testing

/// What holds of the conventional models whatever is agreed and used, over 10,000 seeded cases: a
/// line with a waterfall that adds up to it, or a named fault, never a trap.
struct ConventionalPropertyTests {
  private static let currency = try! Currency("EUR")
  private static let cases = 10_000

  /// From a cent to more than any sum may be; now and then zero, or below.
  private static func amount(_ random: inout SeededRandom, places: Int = 2) -> Fixed {
    let digits = random.number(1...(random.chance(2) ? 23 : 7))
    var units: Int128 = 0
    for _ in 0..<digits { units = units * 10 + Int128(random.number(0...9)) }
    return Fixed(units: random.chance(10) ? -units : units, places: places)
  }

  private static func maybe(
    _ random: inout SeededRandom, _ percent: Int = 50
  ) -> Fixed? {
    guard random.chance(percent) else { return nil }
    let fixed = amount(&random)
    return Fixed(units: abs(fixed.units), places: fixed.places)
  }

  /// What a case made: nil where it ended with a fault, which has to be one of these.
  private static func outcome<Value>(_ body: () throws -> Value) throws -> Value? {
    do { return try body() } catch let fault as Fault {
      #expect([.overflow, .invalidValue].contains(fault.code), "\(fault)")
      return nil
    }
  }

  private static func expectSound(_ line: RatedLine) throws {
    var sum = Money.zero(currency)
    for bar in line.waterfall.bars { sum = try sum + bar.amount }
    #expect(sum == line.amount)
    #expect(line.derivation.steps.last?.rounded == line.amount.fixed)
    #expect(!line.derivation.sentence.isEmpty)
  }

  private static func scope(_ random: inout SeededRandom) -> ClauseScope {
    let start = CivilDate(daysSinceEpoch: 15_706 + random.number(0...30))
    let end = CivilDate(daysSinceEpoch: start.daysSinceEpoch + random.number(1...60))
    let term = Period(start: ZoneRules.utc.startOfDay(start), end: ZoneRules.utc.startOfDay(end))
    return ClauseScope("c", in: currency, RatingWindows(SampleMonth.month, term: term, zone: .utc))
  }

  @Test func aPercentageOfEachEvent() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    var made = 0
    for _ in 0..<Self.cases {
      let (low, high) = (Self.maybe(&random, 30), Self.maybe(&random, 30))
      let bounds = try low.flatMap { low in try high.map { try low.ratio > $0.ratio } } ?? false
      let terms = PercentageTerms(
        meter: try MeterKey("m"), rate: .plain(Self.amount(&random, places: 4)),
        freeAmount: Self.maybe(&random),
        perEvent: .init(
          free: random.chance(50) ? random.number(0...3) : nil, fixed: Self.maybe(&random),
          minimum: bounds ? nil : low, maximum: high))
      let scope = Self.scope(&random)
      let events = try (0..<random.number(0...5)).map { _ in try Self.amount(&random).ratio }
      let read = terms.readsEvents ? events : nil
      func line(_ events: [Ratio]?, _ sum: Ratio) throws -> RatedLine? {
        try Self.outcome {
          try Percentage(terms, scope, amount: sum, unit: "EUR", events: events).line()
        }
      }
      guard let sum = try Self.outcome({ try events.reduce(.zero) { try $0 + $1 } }),
        let line = try line(read, sum)
      else { continue }
      try Self.expectSound(line)
      made += 1
      if events.allSatisfy({ $0 == .zero }) { #expect(line.amount.amountMinor == 0) }
    }
    #expect(made > Self.cases / 2)
  }

  /// With the true-up a month reaches what was committed, with the cut it does not exceed what was
  /// allowed, and coupons leave something between nothing and all.
  @Test func boundsHold() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    var made = 0
    for _ in 0..<Self.cases {
      let scope = Self.scope(&random)
      let proration = random.pick(Proration.allCases)
      let agreed = Self.maybe(&random, 100)!
      let sum = Money(minor: Self.amount(&random).units, Self.currency)
      let coupons = (0..<random.number(0...4)).map { place in
        DiscountTerms.Coupon(
          name: "\(place)",
          cut: random.chance(50)
            ? .percent(Fixed(units: Int128(random.number(0...10_000)), places: 2))
            : .amount(Self.maybe(&random, 100)!))
      }
      let lines = try Self.outcome {
        [
          try MinimumCommitment(
            MinimumCommitmentTerms(amount: agreed, proration: proration), scope
          ).line(reached: sum),
          try MaximumSpend(
            MaximumSpendTerms(amount: agreed, proration: proration), scope
          ).line(spent: sum),
          try Discount(DiscountTerms(coupons: coupons), scope).line(of: sum),
        ]
      }
      guard let lines else { continue }
      for line in lines { try Self.expectSound(line) }
      let bound = try Money(
        rounding: agreed.ratio * #require(lines[0].derivation.steps.first).exact, Self.currency)
      let (least, most) = (try sum + lines[0].amount, try sum + lines[1].amount)
      #expect(least.amountMinor == max(sum.amountMinor, bound.amountMinor))
      #expect(most.amountMinor == min(sum.amountMinor, bound.amountMinor))
      let left = try sum + lines[2].amount
      #expect(left.amountMinor >= min(0, sum.amountMinor) && left.amountMinor <= sum.amountMinor)
      made += 1
    }
    #expect(made > Self.cases / 2)
  }

  /// At one rate it does not matter how usage is told apart: the bands make up the whole.
  @Test func theBandsOfADayAreTheWhole() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    let meter = MeterDefinition(
      key: try MeterKey("m"), eventTypes: ["e"],
      aggregation: .sum(try NumberTerms(value: "/n")), unit: MeasureUnit("kWh"))
    let rate = PriceTerms.perUnit(rate: try Fixed("1"))
    for _ in 0..<300 {
      var from = random.number(0...600)
      var bands: [TimeOfDayTerms.Band] = []
      while from < 1440 {
        let until = min(1440, from + random.number(1...500))
        let days = DayTimes.Weekday.allCases.filter { _ in random.chance(60) }
        bands.append(
          .init(
            name: "\(from)", times: [DayTimes(days: days, from: from, until: until)], price: rate))
        from = until + random.number(0...300)
      }
      let charge = TimeOfDayCharge(
        TimeOfDayTerms(meter: meter.key, bands: bands, otherwise: rate), Self.scope(&random))
      let usage = UsageSeries(
        meter, charge.request.windows.map { _ in Usage(count: 1, units: 1) })
      let lines = try charge.lines(usage)
      let sum = try lines.reduce(Ratio.zero) { try $0 + $1.quantity }
      #expect(lines.count == bands.count + 1)
      #expect(sum == Ratio(Int128(charge.request.windows.count)))
      for line in lines { try Self.expectSound(line) }
    }
  }
}
