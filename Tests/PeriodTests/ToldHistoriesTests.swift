import Base
import SQLite
import Services
import TestSupport
import Testing
import TimeZones

/// Histories that the model or the product once got wrong.
struct ToldHistoriesTests {
  private static func history(
    _ clauses: [AgreedClause], _ uses: [NaiveModel.Use] = [],
    every cycle: AgreedTerms.Cycle = .month
  ) -> PeriodHistory {
    var random = SeededRandom(seed: 1)
    var history = PeriodHistory(.stacked, &random)
    let from = Day(2023, 1, 1)
    history.terms = AgreedTerms(
      zone: "UTC", cycle: cycle, anchorDay: 1, anchorMonth: 1, from: from,
      versions: [.init(effective: from, until: nil, clauses: clauses)], taxed: nil)
    (history.uses, history.acts) = (uses, [.tell(Array(uses.indices))])
    history.served = [:]
    return history
  }

  /// What the model makes of a period.
  private static func sums(_ history: PeriodHistory, _ period: Month) -> [String: Int] {
    let model = NaiveModel(
      terms: history.terms, versions: history.terms.versions, uses: history.uses,
      served: history.served, local: LocalTime("UTC"))
    return PeriodTrial.sums(model.lines(of: period))
  }

  private static func reading(
    _ day: Day, _ tenths: Int, _ mark: NaiveModel.Mark? = nil
  ) -> NaiveModel.Use {
    NaiveModel.Use(
      id: "\(day)", meter: "register", subject: "acme", time: day.number * 86_400, tenths: tenths,
      mark: mark)
  }

  @Test("a maximum leaves a line alone that an estimate brought below zero")
  func maximumBesideLessThanNothing() async throws {
    let history = Self.history(
      [
        .init(key: "u0", kind: .usage(.init(meter: "register", price: .perUnit(100)))),
        .init(key: "u1", kind: .fee(amount: 60_000, isProrated: false)),
        .init(key: "p0", kind: .most(amount: 30_000, .none)),
        .init(key: "p1", kind: .most(amount: 20_000, .none), rests: ["u1"]),
      ],
      [
        Self.reading(Day(2023, 1, 5), 100), Self.reading(Day(2023, 1, 20), 300, .estimated),
        Self.reading(Day(2023, 2, 10), 100),
      ])
    #expect(
      Self.sums(history, Month(2023, 2))
        == ["u0": -2000, "u1": 60_000, "p0": -28_000, "p1": -12_000])
    #expect(await PeriodTrial.difference(history, ZoneDatabase()) == nil)
  }

  /// A quarter of a fee for each month and one for the year. What `p0` takes off later falls on
  /// both of them, so that less of the second one is left in the end than was left after January.
  private static func shrinking(
    _ p0: AgreedClause.Kind, _ p1: AgreedClause.Kind
  ) -> PeriodHistory {
    func fee(_ key: String, _ amount: Int, _ every: AgreedClause.Interval) -> AgreedClause {
      .init(
        key: key,
        kind: .recurring(.init(amount: amount, every: every, isInAdvance: true, share: .none)))
    }
    return history(
      [
        fee("u0", 30_000, .month), fee("u1", 3000, .year), .init(key: "p0", kind: p0),
        .init(key: "p1", kind: p1, rests: ["u1"]),
      ], every: .quarter)
  }

  @Test("credit for the first month of a quarter pays no more than is left in the end")
  func creditBesideAMaximum() async throws {
    let history = Self.shrinking(
      .most(amount: 30_000, .none),
      .credit([
        .init(
          name: "g", amount: 5000, priority: 0, from: Month(2023, 1), until: Month(2023, 2))
      ]))
    #expect(Self.sums(history, Month(2023, 1))["p1"] == -968)
    #expect(await PeriodTrial.difference(history, ZoneDatabase()) == nil)
  }

  @Test("a coupon for the first month of a quarter takes off no more than is left in the end")
  func couponBesideAnother() async throws {
    let history = Self.shrinking(
      .discount([.init(name: "late", percent: 100, from: Month(2023, 2))]),
      .discount([.init(name: "early", percent: 50, until: Month(2023, 2))]))
    #expect(Self.sums(history, Month(2023, 1))["p1"] == -501)
    #expect(await PeriodTrial.difference(history, ZoneDatabase()) == nil)
  }

  @Test("an asset that is still to come costs nothing yet")
  func creditBeforeAnAsset() async throws {
    let fee = AgreedClause.Recurring(amount: 9000, every: .quarter, isInAdvance: false, share: .day)
    let grant = AgreedClause.Grant(name: "g", amount: 50_000, priority: 0, from: Month(2023, 2))
    var history = Self.history(
      [
        .init(key: "u0", kind: .recurring(fee), isPerAsset: true),
        .init(key: "p0", kind: .credit([grant])),
      ], every: .quarter)
    let end = Day(2025, 1, 1)
    history.served = ["e1": [Day(2022, 1, 1)..<end], "e2": [Day(2023, 3, 1)..<end]]
    #expect(
      Self.sums(history, Month(2023, 1))
        == ["u0 of e1": 9000, "u0 of e2": 3100, "p0": -9000])
    #expect(await PeriodTrial.difference(history, ZoneDatabase()) == nil)
  }

  @Test(
    "an asset that comes after a whole fee has gone costs nothing",
    arguments: [
      .recurring(.init(amount: 9000, every: .year, isInAdvance: false, share: .none)),
      .fee(amount: 9000, isProrated: false),
    ] as [AgreedClause.Kind])
  func assetBehindAFee(_ fee: AgreedClause.Kind) async throws {
    let stays = AgreedClause(key: "u1", kind: .fee(amount: 1000, isProrated: false))
    let goes = AgreedClause(key: "u0", kind: fee, isPerAsset: true)
    var history = Self.history([goes, stays], every: .year)
    history.terms.versions.append(
      .init(effective: Day(2023, 6, 10), until: nil, clauses: [stays]))
    let end = Day(2025, 1, 1)
    history.served = ["e1": [Day(2022, 1, 1)..<end], "e2": [Day(2023, 8, 1)..<end]]
    #expect(Self.sums(history, Month(2023, 1))["u0 of e1"] == 9000)
    #expect(Self.sums(history, Month(2023, 1))["u0 of e2"] ?? 0 == 0)
    #expect(await PeriodTrial.difference(history, ZoneDatabase()) == nil)
  }
}
