import Base
import Contracts
import Metering

/// How far hours in use fall short of a minimum, in a year that the period lies in and, where hours
/// are banked, in the years before.
struct UtilisationYears {
  /// A bank reaches back so many years at most.
  private static let yearsMax = 20

  private let terms: MinimumUtilisationTerms
  private let scope: ClauseScope
  private let usage: UsageTable
  /// In order; the last is the one that is asked for.
  private let years: [AccumulationYear]

  init(
    _ terms: MinimumUtilisationTerms, _ scope: ClauseScope, _ year: AccumulationYear,
    _ usage: UsageTable
  ) {
    self.terms = terms
    self.scope = scope
    self.usage = usage
    years = UtilisationYears.years(terms, scope, year)
  }

  /// An asset that is rated by itself leaves no pool behind to be settled in.
  private var counting: MinimumUtilisationTerms.Counting {
    scope.asset == nil ? terms.counting : .asset
  }

  static func years(
    _ terms: MinimumUtilisationTerms, _ scope: ClauseScope, _ year: AccumulationYear
  ) -> [AccumulationYear] {
    (terms.isBanked ? year.before(countMax: yearsMax, scope.windows) : []) + [year]
  }

  /// Of each asset that served in the year; of a pool or a contract, the one.
  var shortfalls: [Shortfall] {
    get throws(Fault) {
      let year = years[years.count - 1]
      guard counting == .asset else {
        return [try shortfall(nil, isDue: isThisPeriod(year.inForce.last), isOver: false)]
      }
      var shortfalls: [Shortfall] = []
      for (asset, stretches) in assignments.sorted(by: { $0.key < $1.key }) {
        let served = stretches.map { $0.intersection(year.inForce) }.filter { !$0.isEmpty }
        guard let last = served.map(\.last).max(), served.contains(where: hasBegun) else {
          continue
        }
        let isOver = last < scope.windows.period.start
        shortfalls.append(try shortfall(asset, isDue: isThisPeriod(last), isOver: isOver))
      }
      return shortfalls
    }
  }

  private func hasBegun(_ stretch: Period) -> Bool { stretch.start < scope.windows.period.end }

  private func isThisPeriod(_ moment: Instant) -> Bool { scope.windows.period.contains(moment) }

  /// Of those whose usage counts here.
  private var assignments: [AssetKey: [Period]] {
    guard let assets = scope.assets else { return scope.assignments }
    return scope.assignments.filter { assets.contains($0.key) }
  }

  /// What the years before left over goes to the years behind until it is used up.
  private func shortfall(
    _ asset: AssetKey?, isDue: Bool, isOver: Bool
  ) throws(Fault) -> Shortfall {
    var banked = Ratio.zero
    for year in years.dropLast() {
      let before = try shortfall(asset, year, banked: banked, isDue: false, isOver: true)
      banked = max(.zero, try before.used + banked - before.minimum)
    }
    return try shortfall(
      asset, years[years.count - 1], banked: banked, isDue: isDue, isOver: isOver)
  }

  private func shortfall(
    _ asset: AssetKey?, _ year: AccumulationYear, banked: Ratio, isDue: Bool, isOver: Bool
  ) throws(Fault) -> Shortfall {
    let excused = try terms.excused.map { (meter) throws(Fault) in
      try hours(meter, asset, year)
    }
    return try Shortfall(
      of: asset, terms, year, active: try active(asset, year),
      excused: try (excused ?? .zero) * Ratio(3600), used: try hours(terms.hours, asset, year),
      banked: banked, isDue: isDue, isOver: isOver)
  }

  /// Seconds of service; of a pool, those of each asset added up.
  private func active(_ asset: AssetKey?, _ year: AccumulationYear) throws(Fault) -> Ratio {
    guard counting != .contract else { return try AccumulationYear.seconds(year.soFar) }
    var seconds = Ratio.zero
    for (key, stretches) in assignments where asset == nil || key == asset {
      for stretch in stretches {
        seconds = try seconds + AccumulationYear.seconds(stretch.intersection(year.soFar))
      }
    }
    return seconds
  }

  private func hours(
    _ meter: MeterKey, _ asset: AssetKey?, _ year: AccumulationYear
  ) throws(Fault) -> Ratio {
    let answer = try usage.answer(scope.request(meter, year.soFar, by: .asset))
    guard let asset else { return try answer.all.whole.hours }
    let part = answer.parts.first { $0.name == asset.text }
    // An asset that the answer does not name had no part in it.
    return try (part?.series.whole ?? MeteredUsage(answer.all.whole.meter, Usage())).hours
  }
}

/// How far one asset, a pool or a contract falls short of its minimum of a year, as far as it has
/// come.
struct Shortfall {
  /// Hours that are owed.
  let minimum: Ratio
  /// Hours that were used.
  let used: Ratio
  /// Hours that are owed and were neither used nor banked.
  let hours: Ratio
  /// Whether it is settled in the period.
  let isDue: Bool
  /// Whether it was settled before.
  let isOver: Bool
  let steps: [Derivation.Step]

  init(
    of asset: AssetKey?, _ terms: MinimumUtilisationTerms, _ year: AccumulationYear,
    active: Ratio, excused: Ratio, used: Ratio, banked: Ratio, isDue: Bool, isOver: Bool
  ) throws(Fault) {
    let owed = try terms.minimum.ratio * (active - excused) / year.seconds
    minimum = max(.zero, owed)
    hours = max(.zero, try minimum - used - banked)
    self.used = used
    self.isDue = isDue
    self.isOver = isOver
    let whose = asset.map { " of \($0)" } ?? ""
    steps = [
      Derivation.Step(
        name: "effective minimum\(whose)",
        formula: "M_eff = max(0, M * (active s - excused s) / year s)",
        inputs: [
          .init("M", terms.minimum), .init("active s", active), .init("excused s", excused),
          .init("year s", try year.seconds),
        ], exact: minimum, rounded: nil),
      Derivation.Step(
        name: "shortfall\(whose)",
        formula: terms.isBanked
          ? "short = max(0, M_eff - hours - banked)" : "short = max(0, M_eff - hours)",
        inputs: [.init("M_eff", minimum), .init("hours", used)]
          + (terms.isBanked ? [.init("banked", banked)] : []),
        exact: hours, rounded: nil),
    ]
  }
}
