package import Base
package import Contracts

/// Twelve months of a contract that a clause adds up over, and how far they have come.
package struct AccumulationYear: Hashable, Sendable {
  package let months: ClosedRange<BillingMonth>
  /// All twelve months, whether or not the contract is in force.
  package let whole: Period
  /// The part in which it is.
  package let inForce: Period
  /// The same, as far as it has passed with the period that is rated.
  package let soFar: Period
  /// The first day of the year that the contract covers: the index of that day is in force.
  package let firstDay: CivilDate

  /// The years of which something lies in the period, in order: two at most, for a year may end
  /// inside a longer period. A contract's years start with the month in which it began, also where
  /// that was not on the first day.
  package static func years(
    _ basis: YearBasis, _ windows: RatingWindows
  ) -> [AccumulationYear] {
    let start = basis == .calendar ? 1 : windows.contractMonth.month
    var years: [AccumulationYear] = []
    for month in [windows.months.lowerBound, windows.months.upperBound] {
      let first = month.advanced(by: -((month.month - start + 12) % 12))
      guard years.last?.months.lowerBound != first else { continue }
      years.append(AccumulationYear(first, windows))
    }
    let touched = years.filter { !$0.inForce.intersection(windows.period).isEmpty }
    return touched.isEmpty ? years.suffix(1) : touched
  }

  /// A year that starts in that month.
  private init(_ first: BillingMonth, _ windows: RatingWindows) {
    let (billing, zone) = (windows.billing, windows.zone)
    months = first...first.advanced(by: 11)
    whole = Period(
      start: zone.startOfDay(billing.firstDay(of: first)),
      end: zone.startOfDay(billing.firstDay(of: first.advanced(by: 12))))
    inForce = whole.intersection(windows.term)
    soFar = Period(start: inForce.start, end: min(inForce.end, windows.passedUntil))
    firstDay = max(billing.firstDay(of: first), zone.date(at: windows.term.start))
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

  static func seconds(_ period: Period) throws(Fault) -> Ratio { try seconds([period]) }

  static func seconds(_ periods: [Period]) throws(Fault) -> Ratio {
    try Ratio(periods.reduce(0) { $0 + Int128($1.microseconds) }, over: 1_000_000)
  }

  /// Names the line of a year that begins inside a period, behind that of the year before.
  func part(_ windows: RatingWindows) -> String? {
    windows.months.lowerBound < months.lowerBound && windows.contractMonth < months.lowerBound
      ? "\(months.lowerBound)" : nil
  }
}
