import Base
import Contracts

/// The intervals of a recurring fee: a grid of days through the one on which it is anchored.
struct FeeCalendar {
  /// An interval, and the part of it that the contract covers.
  struct Interval {
    let whole: Period
    let active: Period
  }

  private let terms: RecurringFeeTerms
  private let windows: RatingWindows
  /// The day on which the contract started.
  private let start: CivilDate

  init(_ terms: RecurringFeeTerms, _ windows: RatingWindows) {
    self.terms = terms
    self.windows = windows
    start = windows.zone.date(at: windows.term.start)
  }

  /// The intervals that the billing month charges: those that start in it where they are due in
  /// advance, those that end in it or with it where they are due in arrears.
  var due: [Interval] {
    places.map(interval).filter { interval in
      guard !interval.active.isEmpty else { return false }
      let month = windows.wholePeriod
      switch terms.due {
      case .advance: return month.contains(interval.active.start)
      case .arrears: return month.contains(interval.active.last)
      }
    }
  }

  private func interval(_ place: Int) -> Interval {
    let zone = windows.zone
    let whole = Period(
      start: zone.startOfDay(bound(place)), end: zone.startOfDay(bound(place + 1)))
    return Interval(whole: whole, active: whole.intersection(windows.term))
  }

  /// The intervals that may touch the billing month, by their places on the grid.
  private var places: ClosedRange<Int> {
    if terms.interval == .week {
      let days = windows.firstDay.daysSinceEpoch - firstWeek
      let place = Int(floorDivide(Int64(days), by: 7))
      return place - 1...place + 6
    }
    let months = index(windows.billingMonth) - index(firstMonth)
    let place = Int(floorDivide(Int64(months), by: Int64(monthCount)))
    return place - 1...place + 1
  }

  private func bound(_ place: Int) -> CivilDate {
    guard terms.interval != .week else {
      return CivilDate(daysSinceEpoch: firstWeek + 7 * place)
    }
    let month = firstMonth.advanced(by: place * monthCount)
    let dayCount = CivilDate.dayCount(year: month.year, month: month.month)
    return CivilDate(
      year: month.year, month: month.month, day: min(terms.day ?? start.day, dayCount))!
  }

  private var monthCount: Int {
    switch terms.interval {
    case .week, .month: 1
    case .quarter: 3
    case .year: 12
    }
  }

  private var firstMonth: BillingMonth {
    BillingMonth(year: start.year, month: terms.month ?? start.month)!
  }

  /// The day a week starts on, at or before the start of the contract, since 1970.
  private var firstWeek: Int {
    let days = start.daysSinceEpoch
    guard let day = terms.day else { return days }
    // 1970-01-05 was a Monday.
    let past = Int64(days - (4 + day - 1))
    return days - Int(past - floorDivide(past, by: 7) * 7)
  }

  private func index(_ month: BillingMonth) -> Int { month.year * 12 + month.month - 1 }
}
