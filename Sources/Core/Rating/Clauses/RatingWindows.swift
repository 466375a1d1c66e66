package import Base
package import Contracts

/// The stretches of time that a rating looks at, and the words for them.
///
/// - A *month* of a contract runs from its anchor day to that of the next month; it has the name of
///   the calendar month in which it begins. What lives by months (coupons, grants, allowances,
///   estimates, years) lives by these.
/// - A *period* is what one invoice covers: 1, 3, 6 or 12 months of the contract. It has the name
/// of
///   its first month.
/// - A *span* is several periods that a clause judges together, counted from the first period.
/// - A *window* is any other stretch of time for which usage is asked.
package struct RatingWindows: Hashable, Sendable {
  /// The first month of the period, which names it.
  package let billingMonth: BillingMonth
  /// What is rated: the part of the period in which the contract is in force, and that has passed.
  package let period: Period
  /// The same, also where the rest of it is still to pass.
  package let inForce: Period
  /// The period, whether or not the contract is in force.
  package let wholePeriod: Period
  /// The twelve months up to the end of the period.
  package let year: Period
  /// The first day that is rated, or of the period: the index of that day is in force.
  package let firstDay: CivilDate
  /// When the contract is in force at all.
  package let term: Period
  package let zone: ZoneRules
  package let billing: BillingCycle
  /// The period is rated as if only the time before that day had passed; nil where all of it has.
  package let cut: CivilDate?
  /// A recurring fee counts as far as it is for the time before that day, which may lie outside of
  /// the period; nil where it counts as it is charged.
  package let accrued: CivilDate?

  /// A `cut` lies within the period.
  package init(
    _ month: BillingMonth, _ billing: BillingCycle = .monthly, term: Period, zone: ZoneRules,
    through cut: CivilDate? = nil, accrued: CivilDate? = nil
  ) {
    self.accrued = accrued
    billingMonth = month
    self.billing = billing
    wholePeriod = billing.period(month, in: zone)
    inForce = wholePeriod.intersection(term)
    firstDay = billing.firstDay(of: month)
    self.term = term
    self.zone = zone
    self.cut = cut
    period = RatingWindows.passed(of: inForce, cut, zone)
    let first = month.advanced(by: billing.length.months - 12)
    year = Period(
      start: zone.startOfDay(billing.firstDay(of: first)), end: wholePeriod.end
    ).intersection(term)
  }

  private init(_ whole: RatingWindows, _ inForce: Period, from firstDay: CivilDate) {
    billingMonth = whole.billingMonth
    self.inForce = inForce
    period = RatingWindows.passed(of: inForce, whole.cut, whole.zone)
    wholePeriod = whole.wholePeriod
    year = whole.year
    term = whole.term
    zone = whole.zone
    billing = whole.billing
    cut = whole.cut
    accrued = whole.accrued
    self.firstDay = firstDay
  }

  private static func passed(of period: Period, _ cut: CivilDate?, _ zone: ZoneRules) -> Period {
    guard let cut else { return period }
    return Period(start: period.start, end: min(period.end, zone.startOfDay(cut)))
  }

  /// The same period, of which only the days from one until another are rated; nil for its bounds.
  package func part(from start: CivilDate?, until end: CivilDate?) -> RatingWindows {
    let part = Period(
      start: start.map(zone.startOfDay) ?? inForce.start,
      end: end.map(zone.startOfDay) ?? inForce.end)
    return RatingWindows(self, inForce.intersection(part), from: start ?? firstDay)
  }

  /// The moment before which time has passed: the end of the period, or of the part that is rated.
  package var passedUntil: Instant { cut.map(zone.startOfDay) ?? wholePeriod.end }

  /// Whether what is rated begins where the period does, or the contract in it.
  package var isFromStart: Bool { inForce.start == wholePeriod.intersection(term).start }

  /// Whether only some days of the period are rated, because others have terms of their own.
  package var isPart: Bool { inForce != wholePeriod.intersection(term) }

  /// The first day that is no longer of the period.
  package var nextDay: CivilDate { billing.firstDay(of: billing.next(after: billingMonth)) }

  /// The months of the period, in order.
  package var months: ClosedRange<BillingMonth> {
    billingMonth...billingMonth.advanced(by: billing.length.months - 1)
  }

  /// From the start of one month of the contract to the end of another, as far as the contract is
  /// in force.
  package func time(of months: ClosedRange<BillingMonth>) -> Period {
    Period(
      start: zone.startOfDay(billing.firstDay(of: months.lowerBound)),
      end: zone.startOfDay(billing.firstDay(of: months.upperBound.next))
    ).intersection(term)
  }

  /// The same months one by one; those outside of the contract have no window.
  package func windows(of months: ClosedRange<BillingMonth>) -> Windows {
    let time = time(of: months)
    let bounds = BillingMonth.all(in: months).dropFirst()
      .map { zone.startOfDay(billing.firstDay(of: $0)) }
      .filter { time.start < $0 && $0 < time.end }
    return time.isEmpty ? Windows(time) : Windows(bounds: [time.start] + bounds + [time.end])
  }

  /// The month of the contract that holds a moment.
  package func month(holding moment: Instant) -> BillingMonth {
    billing.month(holding: zone.date(at: moment))
  }

  /// The month of the contract in which it began.
  package var contractMonth: BillingMonth { month(holding: term.start) }

  /// The period in which the contract began: spans are counted from it.
  package var contractPeriod: BillingMonth { billing.period(holding: contractMonth) }

  /// Whether the contract ends with what has passed.
  package var isLast: Bool { term.end <= passedUntil }
}
