/// Clauses that rest on the lines of others, in the order in which they are rated.
extension NaiveModel {
  /// All lines of a period, as if only the time before a cut had passed.
  func lines(of period: Month, through cut: Day? = nil) -> [Line] {
    lines(of: period, through: cut, before: nil)
  }

  /// Those that are rated before a clause; all without one.
  private func lines(of period: Month, through cut: Day?, before last: String?) -> [Line] {
    var lines = usageLines(of: period, through: cut)
    guard !days(of: period, through: cut).isEmpty else { return lines }
    for clause in promises(of: period) {
      if clause.key == last { break }
      add(clause, period, cut, to: &lines)
    }
    return lines
  }

  /// They are promises about the whole period, and hold as they did when it began.
  private func promises(of period: Month) -> [AgreedClause] {
    version(on: max(terms.firstDay(of: period), terms.from)).clauses
      .filter { !$0.isOfUsage }
      .enumerated().sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }
      .map(\.element)
  }

  private func add(
    _ clause: AgreedClause, _ period: Month, _ cut: Day?, to lines: inout [Line]
  ) {
    switch clause.kind {
    case .fee, .recurring, .usage: break
    case .discount(let coupons):
      let cut = discount(coupons, clause, period, cut)
      share(-cut.rounded, clause, .discount, over: rests(clause, lines, upTo: .usage), &lines)
    case .least(let amount, let proration):
      let places = rests(clause, lines, upTo: .usage)
      let committed =
        Fraction(amount) * part(of: period, cut, proration)
        * (proration == .none ? passed(of: days(of: period), cut) : .one)
      let missing = committed - Fraction(places.reduce(0) { $0 + lines[$1].amount })
      share(max(missing, .zero).rounded, clause, .least, over: places, gross: true, &lines)
    case .most(let amount, let proration):
      let places = rests(clause, lines, upTo: .most)
      let allowed = Fraction(amount) * part(of: period, nil, proration)
      let above = Fraction(places.reduce(0) { $0 + left($1, lines) }) - allowed
      share(-max(above, .zero).rounded, clause, .most, over: places, &lines)
    case .credit(let grants): draw(grants, clause, period, cut, &lines)
    }
  }

  /// The lines that a clause rests on, by their places.
  private func rests(_ clause: AgreedClause, _ lines: [Line], upTo stage: Stage) -> [Int] {
    lines.indices.filter { place in
      clause.rests.isEmpty
        ? lines[place].stage <= stage : clause.rests.contains(lines[place].clause)
    }
  }

  /// What is left of a line: its amount, and what others took off or added. Of a line that only
  /// shares out nothing is left, for it is in the lines it is shared over.
  func left(_ place: Int, _ lines: [Line]) -> Int {
    guard lines[place].shares.isEmpty else { return 0 }
    return lines[place].amount + lines.reduce(0) { $0 + ($1.shares[place] ?? 0) }
  }

  /// How much of the period has passed with the contract in force.
  private func part(
    of period: Month, _ cut: Day?, _ proration: AgreedClause.Share
  ) -> Fraction {
    let (part, whole) = (days(of: period, through: cut), wholePeriod(period))
    switch proration {
    case .none: return .one
    case .day:
      return Fraction(
        part.upperBound - part.lowerBound, over: whole.upperBound - whole.lowerBound)
    case .second:
      return Fraction(
        local.midnight(part.upperBound) - local.midnight(part.lowerBound),
        over: local.midnight(whole.upperBound) - local.midnight(whole.lowerBound))
    }
  }

  /// Adds a line and shares it out by what is left of each of those it rests on, none of it over
  /// one of which nothing is left: in whole cents towards zero, the rest by largest remainder.
  private func share(
    _ amount: Int, _ clause: AgreedClause, _ stage: Stage, over places: [Int],
    gross: Bool = false, _ lines: inout [Line]
  ) {
    let bases = places.map { gross ? abs(lines[$0].amount) : max(left($0, lines), 0) }
    let sum = bases.reduce(0, +)
    var line = Line(clause: clause.key, asset: nil, stage: stage, amount: amount)
    if sum > 0, amount != 0 {
      let exact = bases.map { Fraction(amount * $0, over: sum) }
      var shares = exact.map(\.truncated)
      let rest = abs(amount - shares.reduce(0, +))
      let order = exact.indices.sorted {
        let (one, two) = (exact[$0] - Fraction(shares[$0]), exact[$1] - Fraction(shares[$1]))
        let (first, second) = (max(one, -one), max(two, -two))
        return first != second ? first > second : $0 < $1
      }
      for place in order.prefix(rest) { shares[place] += amount.signum() }
      for (place, share) in zip(places, shares) where share != 0 { line.shares[place] = share }
    } else if let first = places.first, amount != 0 {
      line.shares[first] = amount
    }
    lines.append(line)
  }

  // MARK: - Months

  /// The months of a period that have passed before a cut, each by its first day and the next's.
  private func months(of period: Month, _ cut: Day?) -> [(month: Month, end: Day)] {
    (0..<terms.cycle.months).map { (period + $0, terms.firstDay(of: period + $0 + 1)) }
      .filter { month, _ in cut.map { terms.firstDay(of: month) < $0 } ?? true }
      .map { month, end in (month, min(end, cut ?? end)) }
  }

  /// What came to be left of those lines that a clause rests on, in each stretch of months in which
  /// the same of its coupons or grants count, by its first month.
  private func timed(
    _ clause: AgreedClause, _ period: Month, _ cut: Day?, upTo stage: Stage,
    counting: (Month) -> [Bool]
  ) -> [(month: Month, left: Int)] {
    var before = 0
    var stretches: [(month: Month, left: Int)] = []
    for (month, end) in months(of: period, cut) {
      let isLast = month == period + (terms.cycle.months - 1)
      let lines = lines(of: period, through: isLast ? cut : end, before: clause.key)
      let now = rests(clause, lines, upTo: stage).reduce(0) { $0 + left($1, lines) }
      if let last = stretches.last, counting(last.month) == counting(month) {
        stretches[stretches.count - 1].left += now - before
      } else {
        stretches.append((month, now - before))
      }
      before = now
    }
    return stretches
  }

  /// What coupons take off: those in per cent first, then those of an amount, never more than there
  /// is in all. One for some months takes it off what these used.
  private func discount(
    _ coupons: [AgreedClause.Coupon], _ clause: AgreedClause, _ period: Month, _ cut: Day?
  ) -> Fraction {
    let timed = timed(clause, period, cut, upTo: .usage) { month in
      coupons.map { $0.counts(in: month) }
    }
    let whole = Fraction(max(timed.reduce(0) { $0 + $1.left }, 0))
    var (all, left) = (whole, timed.map { Fraction(max($0.left, 0)) })
    func places(_ coupon: AgreedClause.Coupon) -> [Int] {
      timed.indices.filter { coupon.counts(in: timed[$0].month) && left[$0] > .zero }
    }
    for coupon in coupons where coupon.percent != nil {
      let places = places(coupon)
      let base = places.map { left[$0] }.sum
      let taken = min(base, all) * Fraction(coupon.percent!, over: 100)
      for place in places { left[place] = left[place] - taken * (left[place] / base) }
      all = all - taken
    }
    for coupon in coupons where coupon.percent == nil {
      var open = min(Fraction(coupon.amount!), all)
      for place in places(coupon) {
        let taken = min(open, left[place])
        left[place] = left[place] - taken
        open = open - taken
        all = all - taken
      }
    }
    return whole - all
  }

  // MARK: - Prepaid credit

  private func draw(
    _ grants: [AgreedClause.Grant], _ clause: AgreedClause, _ period: Month, _ cut: Day?,
    _ lines: inout [Line]
  ) {
    let places = rests(clause, lines, upTo: .most)
    let bought = grants.filter { grant in
      grant.bought.map { $0 >= period && $0 < period + terms.cycle.months } ?? false
    }
    for grant in bought where cut.map({ terms.firstDay(of: grant.bought!) < $0 }) ?? true {
      lines.append(Line(clause: clause.key, asset: nil, stage: .bought, amount: grant.amount))
    }
    var left = grants.map(\.amount)
    var earlier = terms.period(holding: terms.from)
    while earlier < period {
      pay(clause, earlier, nil, grants, &left)
      for (name, cents) in returned[earlier]?[clause.key] ?? [:] {
        left[grants.firstIndex { $0.name == name }!] += cents
      }
      earlier = earlier + terms.cycle.months
    }
    let drawn = pay(clause, period, cut, grants, &left)
    share(-drawn, clause, .drawn, over: places, &lines)
  }

  /// Draws what the months of a period come to, and no more than all of it does; what was drawn.
  @discardableResult
  private func pay(
    _ clause: AgreedClause, _ period: Month, _ cut: Day?, _ grants: [AgreedClause.Grant],
    _ left: inout [Int]
  ) -> Int {
    let timed = timed(clause, period, cut, upTo: .most) { month in
      grants.map { $0.pays(month) }
    }
    let whole = max(timed.reduce(0) { $0 + $1.left }, 0)
    var drawn = 0
    for (month, due) in timed {
      var open = min(max(due, 0), whole - drawn)
      for place in grants.indices.sorted(by: { grants[$0].comesBefore(grants[$1], $0 < $1) })
      where grants[place].pays(month) {
        let amount = min(open, left[place])
        left[place] -= amount
        open -= amount
        drawn += amount
      }
    }
    return drawn
  }
}

extension AgreedClause {
  fileprivate var order: Int {
    switch kind {
    case .fee, .recurring, .usage: 0
    case .discount: 1
    case .least: 2
    case .most: 3
    case .credit: 4
    }
  }
}

extension AgreedClause.Coupon {
  fileprivate func counts(in month: Month) -> Bool {
    from.map { $0 <= month } ?? true && until.map { month < $0 } ?? true
  }
}

extension AgreedClause.Grant {
  fileprivate func pays(_ month: Month) -> Bool {
    from <= month && until.map { month < $0 } ?? true
  }

  /// By priority, then by expiry, then by age, then as they are written.
  fileprivate func comesBefore(_ other: Self, _ isWrittenBefore: Bool) -> Bool {
    if priority != other.priority { return priority < other.priority }
    if until != other.until {
      guard let until else { return false }
      return other.until.map { until < $0 } ?? true
    }
    return from != other.from ? from < other.from : isWrittenBefore
  }
}
