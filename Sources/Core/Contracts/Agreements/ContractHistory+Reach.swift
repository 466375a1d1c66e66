package import Base

/// How far a period reaches beyond itself: what may still change it when it is over.
extension ContractHistory {
  /// Whether versions that came behind the first so many may change what a period comes to.
  ///
  /// They leave alone the days before they take effect, but for two things: when the contract ends,
  /// and what the period charges in advance.
  package func mayChange(_ month: BillingMonth, knowing count: Int) -> Bool {
    guard 0 < count, count < versions.count else { return count < versions.count }
    if ends[count - 1] != newest.until { return true }
    let day = lastDayCharged(in: month)
    return versions[count...].contains { $0.contract.effective <= day }
  }

  /// No fee that a period charges is for a day behind that.
  private func lastDayCharged(in month: BillingMonth) -> CivilDate {
    let billing = newest.billing
    let end = billing.firstDay(of: billing.next(after: month)).daysSinceEpoch
    let ahead = versions.flatMap(\.contract.clauses).map { clause in
      guard let terms = clause.terms as? RecurringFeeTerms, terms.due == .advance else { return 0 }
      return terms.interval.daysMax
    }
    return CivilDate(daysSinceEpoch: end - 1 + (ahead.max() ?? 0))
  }

  /// Until when what is said of a period's outcomes belongs to it: to its end, where the next one
  /// hears of them; where that has no such clause, to the start of the next one that has; else for
  /// ever.
  package func lastWord(on clause: String, of month: BillingMonth) -> CivilDate? {
    let billing = newest.billing
    var next = billing.next(after: month)
    let days = versions.map(\.contract.effective)
    let last = max(days.max()!, billing.firstDay(of: next))
    while newest.until.map({ billing.firstDay(of: next) < $0 }) ?? true {
      let day = billing.firstDay(of: next)
      if has(clause, on: day) { return day }
      let following = billing.next(after: next)
      guard day < last, following > next else { return nil }
      next = following
    }
    return nil
  }

  /// Whether something that is said behind a period, at whatever time, may belong to it.
  package func hasLastWord(in month: BillingMonth) -> Bool {
    let start = max(newest.billing.firstDay(of: month), newest.from)
    let next = newest.billing.firstDay(of: newest.billing.next(after: month))
    return (inForce(on: start)?.contract.clauses ?? []).contains { clause in
      guard clause.terms is ConfirmedOutcomeTerms else { return false }
      return lastWord(on: clause.key, of: month) != next
    }
  }

  private func has(_ clause: String, on day: CivilDate) -> Bool {
    inForce(on: day)?.contract.clauses.contains { $0.key == clause } ?? false
  }
}

extension RecurringFeeTerms.Interval {
  fileprivate var daysMax: Int {
    switch self {
    case .week: 7
    case .month: 31
    case .quarter: 92
    case .year: 366
    }
  }
}
