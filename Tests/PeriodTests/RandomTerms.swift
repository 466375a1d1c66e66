import TestSupport

/// Terms that somebody might agree on, of every cycle and anchor, which change while they run.
struct RandomTerms {
  private static let zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]

  private var random: SeededRandom
  private var newCount = 0
  private let width: Width

  static func terms(_ width: Width, _ random: inout SeededRandom) -> AgreedTerms {
    var maker = RandomTerms(random: random, width: width)
    let terms = maker.terms()
    random = maker.random
    return terms
  }

  private mutating func terms() -> AgreedTerms {
    let cycle = random.pick(width.cycles)
    let first = Month(2023, random.number(1...12))
    let anchorDay = random.pick([1, 1, 15, 31, 8])
    let from = random.chance(60) ? first.day(anchorDay) : first.day(random.number(1...28))
    var terms = AgreedTerms(
      zone: random.pick(Self.zones), cycle: cycle, anchorDay: anchorDay,
      anchorMonth: random.number(1...12), from: from, versions: [], taxed: nil)
    let periods = [.month: 4, .quarter: 3, .halfYear: 2, .year: 2][cycle]!
    let last = terms.nextDay(of: terms.period(holding: from) + (periods - 1) * cycle.months)
    let until = random.chance(25) ? from + random.number(1...max(last - from, 2) - 1) : nil
    var clauses = clauses(terms)
    if width.haveTwoTaxes || clauses.allSatisfy(\.isOfUsage), random.chance(50) {
      let named = clauses.filter(\.isOfUsage).map(\.key).shuffled(using: &random)
      let half = named.count / 2
      terms.taxed = (Array(named[..<half]), Array(named[half...]))
    }
    terms.versions = [.init(effective: from, until: until, clauses: clauses)]
    let end = min(until ?? last, last)
    let days = (0..<random.number(0...width.changesMax)).map { _ in
      day(after: from, before: end, terms)
    }
    for day in Set(days.compactMap(\.self)).sorted() {
      clauses = changed(clauses)
      terms.versions.append(.init(effective: day, until: until, clauses: clauses))
    }
    return terms
  }

  /// A day while the contract runs, sometimes where a period begins.
  private mutating func day(after from: Day, before end: Day, _ terms: AgreedTerms) -> Day? {
    guard end - from > 2 else { return nil }
    let day = from + random.number(1...end - from - 1)
    let start = terms.firstDay(of: terms.period(holding: day))
    return random.chance(20) && start > from ? start : day
  }

  // MARK: - Clauses

  private mutating func clauses(_ terms: AgreedTerms) -> [AgreedClause] {
    var clauses: [AgreedClause] = []
    for number in 0..<random.number(1...4) { clauses.append(usage("u\(number)")) }
    let keys = clauses.map(\.key)
    for number in 0..<random.number(0...width.promisesMax) {
      clauses.append(promise("p\(number)", keys, terms))
    }
    return clauses
  }

  private mutating func usage(_ key: String) -> AgreedClause {
    let perAsset = random.chance(20)
    switch random.number(0...6) {
    case 0:
      return AgreedClause(
        key: key, kind: .fee(amount: cents(1000...90_000), isProrated: random.chance(70)),
        isPerAsset: perAsset && width.areFeesPerAsset)
    case 1, 2:
      return AgreedClause(
        key: key, kind: .recurring(recurring()), isPerAsset: perAsset && width.areFeesPerAsset)
    default:
      return AgreedClause(key: key, kind: .usage(usageCharge()), isPerAsset: perAsset)
    }
  }

  private mutating func recurring() -> AgreedClause.Recurring {
    let every = random.pick(AgreedClause.Interval.allCases)
    let isLong = every == .quarter || every == .year
    let day = every == .week ? random.number(1...7) : random.pick([1, 15, 31, 8])
    return AgreedClause.Recurring(
      amount: cents(700...90_000), every: every,
      isInAdvance: random.chance(35),
      day: random.chance(70) ? day : nil,
      month: isLong && random.chance(70) ? random.number(1...12) : nil,
      share: random.pick([.day, .day, .day, .second, .none]))
  }

  private mutating func usageCharge() -> AgreedClause.Usage {
    let minimum = random.chance(20) ? cents(100...3000) : nil
    return AgreedClause.Usage(
      meter: random.pick(NaiveModel.meterKeys), price: price(),
      free: random.chance(30) ? random.number(0...400) : nil,
      discountPercent: random.chance(20) ? random.number(1...60) : nil,
      discountAmount: random.chance(20) ? cents(100...4000) : nil, minimum: minimum,
      maximum: random.chance(20) ? (minimum ?? 0) + cents(1000...9000) : nil)
  }

  private mutating func price() -> AgreedClause.Price {
    switch random.number(0...5) {
    case 0: return .package(amount: cents(50...900), units: random.number(1...20))
    case 1, 2:
      let tiers = tiers()
      return random.chance(60) ? .graduated(tiers) : .volume(tiers)
    default: return .perUnit(cents(1...300))
    }
  }

  private mutating func tiers() -> [AgreedClause.Tier] {
    let bounds = [random.number(1...20), random.number(21...60)].prefix(random.number(1...2))
    return bounds.map { tier($0) } + [tier(nil)]
  }

  private mutating func tier(_ upTo: Int?) -> AgreedClause.Tier {
    AgreedClause.Tier(
      upTo: upTo, rate: cents(1...300), flat: random.chance(30) ? cents(0...500) : 0)
  }

  private mutating func promise(
    _ key: String, _ keys: [String], _ terms: AgreedTerms
  ) -> AgreedClause {
    let named = random.chance(40) ? [random.pick(keys)] : []
    let shares: [AgreedClause.Share] = [.none, .day, .second]
    let hasMonths = width.haveMonths || terms.cycle == .month
    switch random.number(0...(hasMonths ? 3 : 2)) {
    case 0:
      return AgreedClause(key: key, kind: .discount(coupons(terms)), rests: named)
    case 1:
      return AgreedClause(
        key: key, kind: .least(amount: cents(100...60_000), random.pick(shares)), rests: named)
    case 2:
      return AgreedClause(
        key: key, kind: .most(amount: cents(100...60_000), random.pick(shares)), rests: named)
    default:
      return AgreedClause(key: key, kind: .credit(grants(terms)), rests: named)
    }
  }

  private mutating func coupons(_ terms: AgreedTerms) -> [AgreedClause.Coupon] {
    (0..<random.number(1...2)).map { number in
      let isPercent = random.chance(60)
      let hasMonths = width.haveMonths || terms.cycle == .month
      let from = hasMonths && random.chance(50) ? month(terms) : nil
      return AgreedClause.Coupon(
        name: "coupon \(number)", percent: isPercent ? random.number(1...100) : nil,
        amount: isPercent ? nil : cents(100...9000), from: from,
        until: hasMonths && random.chance(60) ? (from ?? month(terms)) + random.number(1...4) : nil)
    }
  }

  private mutating func grants(_ terms: AgreedTerms) -> [AgreedClause.Grant] {
    (0..<random.number(1...2)).map { number in
      let from = month(terms)
      return AgreedClause.Grant(
        name: "grant\(number)", amount: cents(1000...50_000), priority: random.number(0...1),
        from: from, until: random.chance(50) ? from + random.number(1...5) : nil,
        bought: random.chance(40) ? from : nil)
    }
  }

  private mutating func month(_ terms: AgreedTerms) -> Month {
    terms.period(holding: terms.from) + random.number(0...11)
  }

  // MARK: - Changes

  /// The same clauses later on: some have other prices, some of usage are gone or new.
  private mutating func changed(_ clauses: [AgreedClause]) -> [AgreedClause] {
    var clauses = repriced(clauses)
    let rests = Set(clauses.flatMap(\.rests))
    let ofUsage = clauses.filter(\.isOfUsage)
    if ofUsage.count > 1, random.chance(15) {
      let key = random.pick(ofUsage).key
      if !rests.contains(key) { clauses.removeAll { $0.key == key } }
    }
    if random.chance(15) {
      newCount += 1
      clauses.insert(usage("n\(newCount)"), at: 0)
    }
    return clauses
  }

  private mutating func repriced(_ clauses: [AgreedClause]) -> [AgreedClause] {
    clauses.map { clause in
      guard random.chance(60) else { return clause }
      var clause = clause
      switch clause.kind {
      case .fee(_, let isProrated):
        clause.kind = .fee(amount: cents(1000...90_000), isProrated: isProrated)
      case .recurring(var terms):
        terms.amount = cents(700...90_000)
        clause.kind = .recurring(terms)
      case .usage(var terms):
        terms.price = repriced(terms.price)
        if random.chance(20) { terms.free = random.number(0...400) }
        if random.chance(20) { terms.discountPercent = random.number(1...60) }
        if random.chance(20) { terms.maximum = (terms.minimum ?? 0) + cents(1000...9000) }
        clause.kind = .usage(terms)
      case .discount, .least, .most, .credit: break
      }
      return clause
    }
  }

  private mutating func repriced(_ price: AgreedClause.Price) -> AgreedClause.Price {
    switch price {
    case .perUnit: return .perUnit(cents(1...300))
    case .package(_, let units): return .package(amount: cents(50...900), units: units)
    case .graduated(let tiers): return .graduated(tiers.map { tier($0.upTo) })
    case .volume(let tiers): return .volume(tiers.map { tier($0.upTo) })
    }
  }

  private mutating func cents(_ range: ClosedRange<Int>) -> Int { random.number(range) }
}
