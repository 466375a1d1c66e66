import Base
import Contracts
import Metering
import Rating
import TestSupport
import Testing

struct AvailabilityGuaranteeTests {
  private static let kinds: [StateClass] = StateClass.Kind.allCases.compactMap {
    $0 == .degraded ? try? StateClass(degradedBy: Ratio(1, over: 4)) : StateClass($0)
  }

  private static func interval(
    _ meaning: StateClass, _ random: inout SeededRandom
  ) -> StateInterval {
    let start = GuaranteeMonth.period.start.advanced(bySeconds: random.number(-90_000...2_600_000))
    let end = start.advanced(bySeconds: random.number(1...200_000))
    return StateInterval(Period(start: start, end: end), meaning)
  }

  private static func options(
    _ random: inout SeededRandom
  ) throws -> AvailabilityGuaranteeTerms {
    let hours = ServiceHours([
      .init(days: [.monday, .wednesday, .sunday], fromMinute: 360, untilMinute: 1440)
    ])
    return try GuaranteeMonth.terms(
      quota: random.chance(50) ? random.number(0...400_000) : nil,
      unknown: random.pick(UnknownPolicy.allCases), hours: random.chance(30) ? hours : nil)
  }

  /// Whatever the options; outages that are forgiven are looked at below.
  @Test func moreDowntimeNeverRaisesTheAvailability() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    var compared = 0
    for _ in 0..<300 {
      let month = GuaranteeMonth(terms: try Self.options(&random))
      let said = (0..<10).map { _ in Self.interval(random.pick(Self.kinds), &random) }
      let more = said + [Self.interval(StateClass(.down), &random)]
      let (before, after) = (try month.rated(said), try month.rated(more))
      guard let high = before.finding?.value, let low = after.finding?.value else { continue }
      #expect(low <= high, "\(month.terms)")
      #expect(after.lines[0].amount.amountMinor <= before.lines[0].amount.amountMinor)
      compared += high == low ? 0 : 1
    }
    #expect(compared > 100, "most of the added downtime is felt")
  }

  /// Where all the rest is up, an outage that makes another one longer cannot help either.
  @Test func forgivenOutagesNeverRaiseTheAvailability() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    for _ in 0..<300 {
      let month = GuaranteeMonth(
        terms: try GuaranteeMonth.terms(
          outage: random.number(0...100_000), rectification: random.number(0...200_000)))
      let whole = StateInterval(
        Period(
          start: GuaranteeMonth.period.start.advanced(bySeconds: -3_000_000),
          end: GuaranteeMonth.period.end.advanced(bySeconds: 3_000_000)), StateClass(.up))
      let said = [whole] + (0..<5).map { _ in Self.interval(StateClass(.down), &random) }
      let more = said + [Self.interval(StateClass(.down), &random)]
      let (high, low) = (try month.rated(said).finding, try month.rated(more).finding)
      #expect(try #require(low?.value) <= #require(high?.value))
    }
  }

  /// In whatever pieces and order it is said, it is the same.
  @Test func piecesAndOrderChangeNothing() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    for _ in 0..<200 {
      var terms = try Self.options(&random)
      if random.chance(50) { terms = try GuaranteeMonth.terms(outage: 50_000, rectification: 900) }
      let month = GuaranteeMonth(terms: terms)
      let said = (0..<10).map { _ in Self.interval(random.pick(Self.kinds), &random) }
      let pieces = said.flatMap { interval -> [StateInterval] in
        let length = interval.period.microseconds / 1_000_000
        let cut = interval.period.start.advanced(bySeconds: random.number(0...length))
        return [
          StateInterval(Period(start: interval.period.start, end: cut), interval.meaning),
          StateInterval(Period(start: cut, end: interval.period.end), interval.meaning),
        ]
      }
      let (whole, parts) = (
        try month.rated(said), try month.rated(pieces.shuffled(using: &random))
      )
      #expect(whole.lines == parts.lines)
      #expect(whole.finding == parts.finding)
    }
  }

  /// An outage of two hours over midnight of the month's end is one outage in both months.
  @Test(arguments: [(7200, "0.00"), (7199, "-1000.00")])
  func anOutageOverTheEndOfTheMonth(rectification: Int, credit: String) throws {
    let end = GuaranteeMonth.period.end
    let around = Period(
      start: GuaranteeMonth.period.start.advanced(bySeconds: -90_000),
      end: end.advanced(bySeconds: 90_000))
    let outage = Period(
      start: end.advanced(bySeconds: -3600), end: end.advanced(bySeconds: 3600))
    var terms = try GuaranteeMonth.terms(rectification: rectification)
    terms = AvailabilityGuaranteeTerms(
      terms.measure,
      bands: try CreditBands([
        .init(atLeast: Fixed("100"), percent: Fixed("0")),
        .init(atLeast: nil, percent: Fixed("10")),
      ]))
    let clause = try GuaranteeMonth(terms: terms).rated([
      StateInterval(around, StateClass(.up)), StateInterval(outage, StateClass(.down)),
    ])
    #expect(clause.lines[0].amount.description == credit)
  }

  /// A month of force majeure leaves nothing that could be judged.
  @Test func nothingEligible() throws {
    let month = GuaranteeMonth(terms: try GuaranteeMonth.terms())
    let clause = try month.rated([
      StateInterval(GuaranteeMonth.period, StateClass(.forceMajeure))
    ])
    #expect(clause.lines[0].amount.description == "0.00")
    #expect(clause.lines[0].flags == [.notDeterminable])
    #expect(clause.finding?.value == nil)
    #expect(
      clause.lines[0].derivation.sentence
        == "Nothing of the period counts towards the availability: no credit is due.")
  }

  /// A period of no length has nothing to tell, and no fault either.
  @Test func anEmptyPeriod() throws {
    let start = GuaranteeMonth.period.start
    let windows = RatingWindows(
      GuaranteeMonth.month, term: Period(start: start, end: start), zone: .utc)
    let month = GuaranteeMonth(terms: try GuaranteeMonth.terms(), windows: windows)
    #expect(try month.rated([]).lines[0].amount.description == "0.00")
  }

  @Test func theWaterfallTelescopes() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    for _ in 0..<100 {
      let month = GuaranteeMonth(terms: try Self.options(&random))
      let line = try month.rated([
        Self.interval(StateClass(.up), &random), Self.interval(StateClass(.down), &random),
      ]).lines[0]
      let sum = line.waterfall.bars.reduce(Int128(0)) { $0 + $1.amount.amountMinor }
      #expect(sum == line.amount.amountMinor)
    }
  }

  /// A meter that adds up says nothing of states.
  @Test func anotherKindOfMeterIsAFault() throws {
    let terms = try GuaranteeMonth.terms()
    let scope = ClauseScope("a", in: GuaranteeMonth.base.currency, SampleMonth.windows)
    let usage = try SampleMonth.sum("state", 1)
    let inputs = RatingInputs(
      RatedMonth(SampleMonth.month, SampleMonth.windows.period, in: scope.currency),
      usage: UsageTable([terms.requests(scope)[0]: usage]))
    #expect(fault { try terms.rate(scope, inputs) }?.detail == "meter `state` watches no states")
  }
}
