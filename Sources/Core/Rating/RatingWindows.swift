package import Base
package import Contracts

/// The stretches of time a month's rating looks at. Where a contract is billed by the quarter or
/// the year, the period that begins in a month stands for it.
package struct RatingWindows: Hashable, Sendable {
  package let billingMonth: BillingMonth
  /// The part of the billing month in which the contract is in force.
  package let month: Period
  /// The billing month, whether or not the contract is in force.
  package let wholeMonth: Period
  /// The twelve months up to the end of the billing month.
  package let year: Period
  /// The first day that is rated, or of the billing month: the index of that day is in force.
  package let firstDay: CivilDate
  /// When the contract is in force at all.
  package let term: Period
  package let zone: ZoneRules
  package let billing: BillingCycle

  package init(
    _ month: BillingMonth, _ billing: BillingCycle = .monthly, term: Period, zone: ZoneRules
  ) {
    billingMonth = month
    self.billing = billing
    wholeMonth = billing.period(month, in: zone)
    self.month = wholeMonth.intersection(term)
    firstDay = billing.firstDay(of: month)
    self.term = term
    self.zone = zone
    let first = month.advanced(by: billing.length.months - 12)
    year = Period(
      start: zone.startOfDay(billing.firstDay(of: first)), end: wholeMonth.end
    ).intersection(term)
  }

  private init(_ whole: RatingWindows, _ month: Period, from firstDay: CivilDate) {
    billingMonth = whole.billingMonth
    self.month = month
    wholeMonth = whole.wholeMonth
    year = whole.year
    term = whole.term
    zone = whole.zone
    billing = whole.billing
    self.firstDay = firstDay
  }

  /// The same month, of which only the days from one until another are rated; nil for its bounds.
  package func part(from start: CivilDate?, until end: CivilDate?) -> RatingWindows {
    let part = Period(
      start: start.map(zone.startOfDay) ?? month.start, end: end.map(zone.startOfDay) ?? month.end)
    return RatingWindows(self, month.intersection(part), from: start ?? firstDay)
  }

  /// Whether what is rated begins where the month does, or the contract in it.
  package var isFromStart: Bool { month.start == wholeMonth.intersection(term).start }

  /// The first day that is no longer of the billing month.
  package var nextDay: CivilDate { billing.firstDay(of: billing.next(after: billingMonth)) }

  /// The months themselves, each from the day on which billing periods begin, as far as the
  /// contract is in force.
  package func days(of months: ClosedRange<BillingMonth>) -> Period {
    Period(
      start: zone.startOfDay(billing.firstDay(of: months.lowerBound)),
      end: zone.startOfDay(billing.firstDay(of: months.upperBound.next))
    ).intersection(term)
  }

  /// From the start of one month to the end of another, as far as the contract is in force.
  package func months(_ months: ClosedRange<BillingMonth>) -> Period {
    Period(
      start: billing.period(months.lowerBound, in: zone).start,
      end: billing.period(months.upperBound, in: zone).end
    ).intersection(term)
  }
}
