import Base
import Contracts

/// The intervals of a recurring fee: a grid of days through the one on which it is anchored.
struct FeeCalendar {
  private let terms: RecurringFeeTerms
  private let windows: RatingWindows
  /// The day on which the contract started.
  private let start: CivilDate

  init(_ terms: RecurringFeeTerms, _ windows: RatingWindows) {
    self.terms = terms
    self.windows = windows
    start = windows.zone.date(at: windows.term.start)
  }

  /// The intervals that touch the period, in order, whether or not the contract is in force.
  var intervals: [Period] {
    let last = CivilDate(daysSinceEpoch: windows.nextDay.daysSinceEpoch - 1)
    let first = windows.billing.firstDay(of: windows.billingMonth)
    return (place(of: first) - 1...place(of: last) + 1).map(interval).filter {
      !$0.intersection(windows.wholePeriod).isEmpty
    }
  }

  /// The interval that holds a moment.
  func interval(holding moment: Instant) -> Period {
    let place = place(of: windows.zone.date(at: moment))
    return (place - 1...place + 1).map(interval).first { $0.contains(moment) } ?? interval(place)
  }

  private func interval(_ place: Int) -> Period {
    let zone = windows.zone
    return Period(start: zone.startOfDay(bound(place)), end: zone.startOfDay(bound(place + 1)))
  }

  /// That of the interval that holds a day, or of the one behind it.
  private func place(of day: CivilDate) -> Int {
    if terms.interval == .week {
      return Int(floorDivide(Int64(day.daysSinceEpoch - firstWeek), by: 7))
    }
    let months = day.year * 12 + day.month - 1 - (firstMonth.year * 12 + firstMonth.month - 1)
    return Int(floorDivide(Int64(months), by: Int64(monthCount)))
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
}

extension RecurringFeeTerms {
  /// Whether its intervals are those of other terms too.
  func hasIntervals(of other: RecurringFeeTerms) -> Bool {
    interval == other.interval && day == other.day && month == other.month
  }
}
