/// What a contract comes to, worked out from the law alone: day by day and event by event, without
/// anything that the product computes with.
///
/// Amounts are cents, times seconds since 1970, quantities fractions of units.
struct NaiveModel {
  /// One thing that was used.
  struct Use: Hashable {
    let id: String
    let meter: String
    let subject: String
    let time: Int
    let tenths: Int
    /// What a reading of a register says of itself.
    var mark: Mark?
  }

  enum Mark: String, CaseIterable { case estimated, reset, replaced }

  /// A line, or what a clause left open.
  struct Line {
    let clause: String
    let asset: String?
    let stage: Stage
    let amount: Int
    /// What it takes off, or adds to, other lines, by their places.
    var shares: [Int: Int] = [:]
  }

  enum Stage: Int, Comparable {
    case usage, discount, least, most, bought, drawn
    static func < (one: Stage, other: Stage) -> Bool { one.rawValue < other.rawValue }
  }

  let terms: AgreedTerms
  /// Those that were told so far, oldest first.
  var versions: [AgreedTerms.Version]
  /// Those that count: told, and not taken back.
  var uses: [Use]
  /// From when until when each asset serves the contract.
  var served: [String: [Range<Day>]]
  let local: LocalTime
  /// What credit notes on each period gave back to grants, by clauses and the names of grants.
  var returned: [Month: [String: [String: Int]]] = [:]
  /// Recurring fees count as far as they are for the time before that day; nil where they count as
  /// they are charged.
  var accrued: Day?

  // MARK: - Time

  var until: Day? { versions.last!.until }

  func version(on day: Day) -> AgreedTerms.Version {
    versions.last { $0.effective <= max(day, terms.from) }!
  }

  /// The days of a period on which the contract is in force, before a cut.
  func days(of period: Month, through cut: Day? = nil) -> Range<Day> {
    let start = max(terms.firstDay(of: period), terms.from)
    var end = terms.nextDay(of: period)
    if let until { end = min(end, until) }
    if let cut { end = min(end, cut) }
    return start..<max(start, end)
  }

  private func seconds(_ days: Range<Day>) -> Int {
    local.midnight(days.upperBound) - local.midnight(days.lowerBound)
  }

  func wholePeriod(_ period: Month) -> Range<Day> {
    terms.firstDay(of: period)..<terms.nextDay(of: period)
  }

  func serves(_ asset: String, _ day: Day) -> Bool {
    (served[asset] ?? []).contains { $0.contains(day) }
  }

  /// The stretches of days on which a clause says the same.
  func spans(of key: String, in days: Range<Day>) -> [(days: Range<Day>, clause: AgreedClause)] {
    var spans: [(days: Range<Day>, clause: AgreedClause)] = []
    var day = days.lowerBound
    while day < days.upperBound {
      if let clause = version(on: day).clauses.first(where: { $0.key == key }) {
        if let last = spans.last, last.days.upperBound == day, last.clause == clause {
          spans[spans.count - 1].days = last.days.lowerBound..<day + 1
        } else {
          spans.append((day..<day + 1, clause))
        }
      }
      day = day + 1
    }
    return spans
  }

  /// The assets that serve the contract at some time of these days.
  func assets(in days: Range<Day>) -> [String] {
    served.keys.sorted().filter { asset in
      served[asset]!.contains { $0.overlaps(days) && !days.isEmpty }
    }
  }

  // MARK: - Lines of usage

  /// What clauses of usage come to, each line with its asset where the clause has one for each.
  func usageLines(of period: Month, through cut: Day? = nil) -> [Line] {
    let days = days(of: period, through: cut)
    guard !days.isEmpty else { return [] }
    var keys: [String] = []
    for version in versions {
      keys += version.clauses.filter(\.isOfUsage).map(\.key).filter { !keys.contains($0) }
    }
    return keys.flatMap { key -> [Line] in
      guard let sample = versions.flatMap(\.clauses).first(where: { $0.key == key }) else {
        return []
      }
      var scopes: [String?] = sample.isPerAsset ? assets(in: days) : [nil]
      // An interval may have begun with an asset that has left, but not with one that is to come.
      if sample.isPerAsset, case .recurring = sample.kind {
        scopes = served.keys.sorted().filter { asset in
          cut.map { cut in served[asset]!.contains { $0.lowerBound < cut } } ?? true
        }
      }
      return scopes.flatMap { asset in
        amounts(of: key, period, days, cut, for: asset).map {
          Line(clause: key, asset: asset, stage: .usage, amount: $0)
        }
      }
    }
  }

  private func amounts(
    of key: String, _ period: Month, _ days: Range<Day>, _ cut: Day?, for asset: String?
  ) -> [Int] {
    let spans = spans(of: key, in: days)
    // From when until when it holds in the period, whether or not all of that has passed.
    let all = self.spans(of: key, in: self.days(of: period)).map(\.days)
    let whole = (all.first?.lowerBound ?? days.lowerBound)..<(all.last ?? days).upperBound
    let sample = versions.flatMap(\.clauses).first { $0.key == key }!
    switch sample.kind {
    case .fee: return spans.isEmpty ? [] : feeLines(spans, period, whole, cut, for: asset)
    case .recurring: return recurringLines(key, period, cut, for: asset)
    case .usage(let usage):
      return usageLines(spans, usage.meter, whole, for: asset)
    case .discount, .least, .most, .credit: return []
    }
  }

  /// Lines of the parts of a whole, rounded so that they come to the rounded whole.
  func rounded(_ parts: [Fraction]) -> [Int] {
    var (exact, before) = (Fraction.zero, 0)
    return parts.map { part in
      exact = exact + part
      defer { before = exact.rounded }
      return exact.rounded - before
    }
  }

  private func feeLines(
    _ spans: [(days: Range<Day>, clause: AgreedClause)], _ period: Month, _ held: Range<Day>,
    _ cut: Day?, for asset: String?
  ) -> [Int] {
    let whole = seconds(wholePeriod(period))
    // One that comes after the fee has gone, or left before it came, costs nothing.
    let isEverPaid = spans.contains { span in
      days(span.days).contains { day in asset.map { serves($0, day) } ?? true }
    }
    let parts = spans.enumerated().map { place, span -> Fraction in
      guard case .fee(let amount, let isProrated) = span.clause.kind else { return .zero }
      guard isProrated else {
        return place == 0 && isEverPaid ? Fraction(amount) * passed(of: held, cut) : .zero
      }
      let time = days(span.days).filter { day in asset.map { serves($0, day) } ?? true }
        .reduce(0) { $0 + seconds($1..<$1 + 1) }
      return Fraction(amount) * Fraction(time, over: whole)
    }
    return rounded(parts)
  }

  /// How much of a stretch lies before a cut.
  func passed(of days: Range<Day>, _ cut: Day?) -> Fraction {
    guard let cut, !days.isEmpty else { return .one }
    let end = min(max(cut, days.lowerBound), days.upperBound)
    return Fraction(seconds(days.lowerBound..<end), over: seconds(days))
  }

  /// How much of the time of some days lies before another one.
  private func earned(of days: [Day], before end: Day) -> Fraction {
    let time = days.map { (isEarned: $0 < end, seconds: seconds($0..<$0 + 1)) }
    let whole = time.reduce(0) { $0 + $1.seconds }
    return Fraction(time.filter(\.isEarned).reduce(0) { $0 + $1.seconds }, over: whole)
  }

  private func days(_ range: Range<Day>) -> [Day] {
    (range.lowerBound.number..<range.upperBound.number).map(Day.init(number:))
  }

  // MARK: - Recurring fees

  /// One line for each interval that is due in the period: in advance where it begins to cost
  /// something, in arrears where it ends. A day costs its part of the amount that holds on it. One
  /// that is not prorated is paid whole, at the terms on which it begins.
  private func recurringLines(
    _ key: String, _ period: Month, _ cut: Day?, for asset: String?
  ) -> [Int] {
    let term = terms.from..<(until ?? terms.nextDay(of: period) + 800)
    let due = wholePeriod(period)
    guard let first = versions.flatMap(\.clauses).first(where: { $0.key == key }),
      case .recurring(let grid) = first.kind
    else { return [] }
    return intervals(grid, around: days(of: period)).flatMap { interval -> [Int] in
      let inForce = interval.clamped(to: term)
      let agreed = days(inForce).compactMap { day -> (Day, Int)? in
        guard term.contains(day),
          let clause = version(on: day).clauses.first(where: { $0.key == key }),
          case .recurring(let terms) = clause.kind
        else { return nil }
        return (day, terms.amount)
      }
      let paid = agreed.filter { day, _ in asset.map { serves($0, day) } ?? true }
      guard !paid.isEmpty, !inForce.isEmpty else { return [] }
      let begin = grid.share == .none ? agreed[0].0 : paid[0].0
      guard due.contains(grid.isInAdvance ? begin : inForce.upperBound + -1) else { return [] }
      let time = agreed[0].0..<agreed.last!.0 + 1
      let passed =
        if let accrued {
          earned(of: grid.share == .none ? days(time) : paid.map(\.0), before: accrued)
        } else {
          self.passed(of: time.clamped(to: due), cut)
        }
      guard passed > .zero else { return [] }
      if grid.share == .none { return [(Fraction(agreed[0].1) * passed).rounded] }
      let whole = grid.share == .second ? seconds(interval) : interval.count
      let exact = paid.map { day, amount in
        Fraction(amount * (grid.share == .second ? seconds(day..<day + 1) : 1), over: whole)
      }.sum
      return [(exact * passed).rounded]
    }
  }

  /// The intervals that may touch these days.
  private func intervals(
    _ grid: AgreedClause.Recurring, around days: Range<Day>
  ) -> [Range<Day>] {
    var starts: [Day] = []
    let (first, last) = (days.lowerBound + -800, days.upperBound + 800)
    switch grid.every {
    case .week:
      var day = terms.from
      while let start = grid.day, day.ofWeek != start { day = day + -1 }
      while day < last {
        starts.append(day)
        day = day + 7
      }
    case .month, .quarter, .year:
      let step = [.month: 1, .quarter: 3, .year: 12][grid.every]!
      let anchor = Month(terms.from.month.year, grid.month ?? terms.from.month.ofYear)
      var month = anchor
      while month.first > first || month.first > terms.from + -800 { month = month + -step }
      while month.first < last {
        starts.append(month.day(grid.day ?? terms.from.ofMonth))
        month = month + step
      }
    }
    return zip(starts, starts.dropFirst()).map { $0..<$1 }
  }
}
