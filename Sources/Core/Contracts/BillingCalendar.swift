package import Base

/// Which periods of a contract there are to bill. Behind its end a contract is settled month by
/// month, however long its periods were: there is nothing left to use, only to correct.
extension Contract {
  /// How many periods are looked at: a hundred years of months.
  private static let periodsMax = 1200

  /// Whether one of its periods has that month's name.
  package func isBilled(in month: BillingMonth) -> Bool {
    billing.begins(in: month) && from < billing.firstDay(of: billing.next(after: month))
      && until.map { billing.firstDay(of: month) < $0 } ?? true
  }

  /// The periods that are over on a day, the oldest first. A period is over at its end, or at that
  /// of the contract.
  package func periods(overOn day: CivilDate) -> [BillingMonth] {
    var periods: [BillingMonth] = []
    var month = billing.period(holding: from)
    while isBilled(in: month), periods.count < Contract.periodsMax {
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
