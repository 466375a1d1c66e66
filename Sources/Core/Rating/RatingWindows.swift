package import Base

/// The stretches of time a month's rating looks at.
package struct RatingWindows: Hashable, Sendable {
  package let billingMonth: BillingMonth
  /// The part of the billing month in which the contract is in force.
  package let month: Period
  /// The billing month, whether or not the contract is in force.
  package let wholeMonth: Period
  /// The twelve months up to the end of the billing month.
  package let year: Period
  /// When the contract is in force at all.
  package let term: Period
  package let zone: ZoneRules

  package init(_ month: BillingMonth, term: Period, zone: ZoneRules) {
    billingMonth = month
    wholeMonth = month.period(in: zone)
    self.month = wholeMonth.intersection(term)
    self.term = term
    self.zone = zone
    year = Period(
      start: month.advanced(by: -11).period(in: zone).start, end: wholeMonth.end
    ).intersection(term)
  }

  /// The first day of the billing month: the index of that day is in force.
  package var firstDay: CivilDate { billingMonth.firstDay }

  /// From the start of one month to the end of another, as far as the contract is in force.
  package func months(_ months: ClosedRange<BillingMonth>) -> Period {
    Period(
      start: months.lowerBound.period(in: zone).start,
      end: months.upperBound.period(in: zone).end
    ).intersection(term)
  }
}
