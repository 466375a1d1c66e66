package import Base

/// The stretches of time a month's rating looks at.
package struct RatingWindows: Hashable, Sendable {
  /// The part of the billing month in which the contract is in force.
  package let month: Period
  /// The billing month, whether or not the contract is in force.
  package let wholeMonth: Period
  /// The twelve months up to the end of the billing month.
  package let year: Period
  /// The first day of the billing month: the index of that day is in force.
  package let firstDay: CivilDate

  package init(_ month: BillingMonth, term: Period, zone: ZoneRules) {
    wholeMonth = month.period(in: zone)
    self.month = wholeMonth.intersection(term)
    year = Period(
      start: month.advanced(by: -11).period(in: zone).start, end: wholeMonth.end
    ).intersection(term)
    firstDay = month.firstDay
  }
}
