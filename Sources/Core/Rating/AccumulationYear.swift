package import Base
package import Contracts

/// The twelve months that a clause adds up over, and how far they have come.
package struct AccumulationYear: Hashable, Sendable {
  package let months: ClosedRange<BillingMonth>
  /// All twelve months, whether or not the contract is in force.
  package let whole: Period
  /// The part in which it is.
  package let inForce: Period
  /// The same, up to the end of the billing month.
  package let soFar: Period
  /// The first day of the year that the contract covers: the index of that day is in force.
  package let firstDay: CivilDate

  /// The year that holds the billing month. A contract's years start in the month of its start,
  /// also where that was not on the first day.
  package init(_ basis: YearBasis, _ windows: RatingWindows) {
    let start = windows.zone.date(at: windows.term.start)
    let startMonth = basis == .calendar ? 1 : start.month
    let month = windows.billingMonth
    let first = month.advanced(by: -((month.month - startMonth + 12) % 12))
    self.init(first, windows)
  }

  /// A year that starts in that month.
  private init(_ first: BillingMonth, _ windows: RatingWindows) {
    months = first...first.advanced(by: 11)
    whole = Period(
      start: months.lowerBound.period(in: windows.zone).start,
      end: months.upperBound.period(in: windows.zone).end)
    inForce = whole.intersection(windows.term)
    soFar = Period(start: inForce.start, end: min(inForce.end, windows.wholeMonth.end))
    firstDay = max(first.firstDay, windows.zone.date(at: windows.term.start))
  }

  /// The years before this one in which the contract was in force, in order, at most so many.
  package func before(countMax: Int, _ windows: RatingWindows) -> [AccumulationYear] {
    let starts = windows.term.start
    let years = (1...max(1, countMax)).map { back in
      AccumulationYear(months.lowerBound.advanced(by: -12 * back), windows)
    }
    return years.filter { $0.whole.end > starts && $0.whole.end <= whole.start }.reversed()
  }

  package var seconds: Ratio { get throws(Fault) { try AccumulationYear.seconds(whole) } }

  static func seconds(_ period: Period) throws(Fault) -> Ratio {
    try Ratio(Int128(period.microseconds), over: 1_000_000)
  }
}
