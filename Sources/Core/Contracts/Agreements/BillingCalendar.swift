package import Base

/// Which periods of a contract there are to bill. Behind its end a contract is settled month by
/// month, however long its periods were: there is nothing left to use, only to correct.
extension Contract {
  /// No contract starts before: a year that was mistyped, such as 1024, would be billed for a
  /// thousand years.
  package static let firstStart = CivilDate(year: 1900, month: 1, day: 1)!

  /// Why a contract cannot be agreed on with this start; nil where it can. One that is kept already
  /// is not asked: it is billed from wherever it starts.
  package var startFault: Fault? {
    guard from < Contract.firstStart else { return nil }
    return Fault(
      .invalidValue, "a contract starts on \(Contract.firstStart) or later, not on \(from)",
      at: "/from")
  }

  /// Whether one of its periods has that month's name.
  package func isBilled(in month: BillingMonth) -> Bool {
    billing.begins(in: month) && from < billing.firstDay(of: billing.next(after: month))
      && until.map { billing.firstDay(of: month) < $0 } ?? true
  }

  /// The periods that are over on a day, the oldest first. A period is over at its end, or at that
  /// of the contract. All of them, however long ago the contract started: the calendar ends.
  package func periods(overOn day: CivilDate) -> [BillingMonth] {
    var periods: [BillingMonth] = []
    var month = billing.period(holding: from)
    while isBilled(in: month) {
      let next = billing.next(after: month)
      let end = billing.firstDay(of: next)
      guard min(end, until ?? end) <= day, next > month else { break }
      periods.append(month)
      month = next
    }
    return periods
  }

  /// Those of some final months whose corrections a later one carries: it is the first period after
  /// them that is not final itself.
  package func carries(
    _ month: BillingMonth, over finals: [BillingMonth]
  ) -> [BillingMonth] {
    let before = finals.filter { $0 < month }.sorted()
    guard let first = before.first else { return [] }
    var open = billing.month(before: month)
    while open > first, before.contains(open) || !isBilled(in: open) {
      open = billing.previous(before: open)
    }
    return before.filter { $0 > open || open <= first }
  }

  /// The months of what is settled behind the end.
  package var cycleBehindEnd: BillingCycle { BillingCycle(.month, anchorDay: billing.anchorDay) }

  /// Whether that month lies behind the end of the contract as a whole.
  package func isOver(before month: BillingMonth) -> Bool {
    until.map { $0 <= cycleBehindEnd.firstDay(of: month) } ?? false
  }

  /// The last month behind the end that is itself over on a day; nil where there is none.
  package func lastMonthBehindEnd(overOn day: CivilDate) -> BillingMonth? {
    var month = BillingMonth(year: day.year, month: day.month)!
    while cycleBehindEnd.firstDay(of: month.next) > day {
      // The first month of the calendar has none before it.
      guard month.previous < month else { return nil }
      month = month.previous
    }
    return isOver(before: month) ? month : nil
  }
}
