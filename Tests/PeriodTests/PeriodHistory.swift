import TestSupport

/// What happened under random terms, and what finance did meanwhile. Each act stands by itself, so
/// that a history that differs can be made shorter.
struct PeriodHistory: Sendable {
  enum Act {
    /// Tells some of the uses, by their places.
    case tell([Int])
    /// Takes a use back.
    case retract(Int)
    /// Agrees on the next version.
    case change
    /// Lets the contract end within its periods, after so much of their time, or run on as it was
    /// to.
    case end(permille: Int)
    case runOn
    /// Settles what is left so many months after the end.
    case settle(months: Int)
    /// Rates an open period; `place` counts the periods of the contract.
    case run(place: Int)
    /// Rates a period and closes it.
    case close(place: Int)
    /// Credits so much of one line of a closed period.
    case credit(place: Int, line: Int, permille: Int)
    case dispute(place: Int, line: Int)
    case resolve(place: Int, line: Int, credited: Bool)
    /// Takes a credit note on a closed period back.
    case takeBack(place: Int, note: Int)
    /// Gives so many cents of an open period away, or keeps them after all.
    case giveAway(place: Int, cents: Int)
    case keep(place: Int)
  }

  var terms: AgreedTerms
  var uses: [NaiveModel.Use]
  /// Which days each asset serves.
  var served: [String: [Range<Day>]]
  var acts: [Act]
  /// Uses that are left out, by their places.
  var dropped: Set<Int> = []

  init(_ width: Width, _ random: inout SeededRandom) {
    terms = RandomTerms.terms(width, &random)
    let periods = Self.periods(of: terms)
    let days = terms.from + -3..<terms.nextDay(of: periods.last!) + 3
    uses = Self.uses(in: days, terms, &random)
    served = Self.served(in: days, &random)
    acts = Self.acts(width, uses.count, periods.count, &random)
  }

  /// The periods that are billed, by the months that name them.
  static func periods(of terms: AgreedTerms) -> [Month] {
    let count = [.month: 4, .quarter: 3, .halfYear: 2, .year: 2][terms.cycle]!
    let first = terms.period(holding: terms.from)
    let until = terms.versions.last!.until
    return (0..<count).map { first + $0 * terms.cycle.months }
      .filter { period in until.map { terms.firstDay(of: period) < $0 } ?? true }
  }

  private static func uses(
    in days: Range<Day>, _ terms: AgreedTerms, _ random: inout SeededRandom
  ) -> [NaiveModel.Use] {
    let local = LocalTime(terms.zone)
    let meters = terms.versions.flatMap(\.clauses).compactMap { clause -> String? in
      guard case .usage(let usage) = clause.kind else { return nil }
      return usage.meter
    }
    let edges = periods(of: terms).map(terms.nextDay) + terms.versions.map(\.effective)
    var times: Set<Int> = []
    return (0..<random.number(0...30)).compactMap { number in
      let day =
        random.chance(25)
        ? random.pick(edges) : days.lowerBound + random.number(0...days.count)
      let time = local.midnight(day) + random.pick([-1, 0, 1, 3600 * random.number(-20...20)])
      guard times.insert(time).inserted else { return nil }
      return NaiveModel.Use(
        id: "use-\(number)",
        meter: random.pick(meters.isEmpty || random.chance(20) ? NaiveModel.meterKeys : meters),
        subject: random.pick(["acme", "acme", "e1", "e2"]), time: time,
        tenths: random.number(0...400),
        mark: random.chance(30) ? random.pick(NaiveModel.Mark.allCases) : nil)
    }
  }

  /// The first asset serves throughout, the second one for a while.
  private static func served(
    in days: Range<Day>, _ random: inout SeededRandom
  ) -> [String: [Range<Day>]] {
    let start = days.lowerBound + random.number(0...days.count / 2)
    let end = random.chance(50) ? start + random.number(1...days.count / 2) : days.upperBound + 900
    return ["e1": [days.lowerBound + -30..<days.upperBound + 900], "e2": [start..<end]]
  }

  private static func acts(
    _ width: Width, _ uses: Int, _ periods: Int, _ random: inout SeededRandom
  ) -> [Act] {
    var acts: [Act] = []
    // Most of what finance does comes when something is closed.
    let late = width.haveNotes ? random.number(0...3) : 0
    var untold = Array(0..<uses).shuffled(using: &random)
    while !untold.isEmpty {
      let count = min(untold.count, random.number(1...6))
      acts.append(.tell(Array(untold.prefix(count))))
      // Some are told twice.
      untold.removeFirst(random.chance(10) ? max(count - 1, 0) : count)
      if random.chance(15) { acts.append(.run(place: random.number(0...periods - 1))) }
      if random.chance(25), periods > 1 {
        acts.append(.close(place: random.number(0...periods - 2)))
      }
      if random.chance(20), uses > 0 { acts.append(.retract(random.number(0...uses - 1))) }
      if random.chance(10) { acts.append(.change) }
      if random.chance(20) { acts += ofTheEnd(uses, &random) }
      if width.haveNotes, random.chance(60) { acts += ofFinance(periods, &random) }
    }
    if late > 0, periods > 1 {
      for place in 0..<random.number(1...periods - 1) { acts.append(.close(place: place)) }
      for _ in 0..<late { acts += ofFinance(periods - 1, &random) }
      if uses > 0 { acts.append(.retract(random.number(0...uses - 1))) }
      for _ in 0..<late { acts += ofFinance(periods - 1, &random) }
    }
    return acts
  }

  private static func ofTheEnd(_ uses: Int, _ random: inout SeededRandom) -> [Act] {
    switch random.number(0...4) {
    case 0, 1: return [.end(permille: random.number(1...1000))]
    case 2:
      // Something comes late, and is settled after the end.
      return [.end(permille: random.number(1...600)), .close(place: 0)]
        + (0..<3).map { _ in .retract(random.number(0...max(uses - 1, 0))) }
        + [.settle(months: random.number(0...2))]
    default: return [.runOn]
    }
  }

  private static func ofFinance(_ periods: Int, _ random: inout SeededRandom) -> [Act] {
    let (place, line) = (random.number(0...periods - 1), random.number(0...5))
    let permille = random.chance(30) ? 1000 : random.number(1...1200)
    let credit = Act.credit(place: place, line: line, permille: permille)
    switch random.number(0...7) {
    case 0: return [.dispute(place: place, line: line)]
    case 1:
      return [.dispute(place: place, line: line)] + (random.chance(40) ? [credit] : [])
        + [.resolve(place: place, line: line, credited: random.chance(70))]
    case 2: return [.resolve(place: place, line: line, credited: random.chance(70))]
    case 3: return [.takeBack(place: place, note: random.number(0...3))]
    case 4:
      return [
        random.chance(70)
          ? .giveAway(place: place, cents: random.number(1...9000)) : .keep(place: place)
      ]
    default: return [credit]
    }
  }
}

extension Range where Bound == Day {
  var count: Int { upperBound.number - lowerBound.number }
}
