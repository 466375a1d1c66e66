/// A day of the calendar, by its number since 1970-01-01.
struct Day: Hashable, Comparable, CustomStringConvertible {
  let number: Int

  init(number: Int) { self.number = number }

  /// Counts the days of all years and months before it.
  init(_ year: Int, _ month: Int, _ day: Int) {
    let years = (1970..<year).reduce(0) { $0 + (Month.isLeap($1) ? 366 : 365) }
    let months = (1..<month).reduce(0) { $0 + Month(year, $1).dayCount }
    number = years + months + day - 1
  }

  var month: Month {
    var (year, rest) = (1970, number)
    while rest >= (Month.isLeap(year) ? 366 : 365) {
      rest -= Month.isLeap(year) ? 366 : 365
      year += 1
    }
    var month = Month(year, 1)
    while rest >= month.dayCount {
      rest -= month.dayCount
      month = month + 1
    }
    return month
  }

  /// 1...31
  var ofMonth: Int { number - month.first.number + 1 }

  /// 1 for Monday to 7.
  var ofWeek: Int { (number + 3) % 7 + 1 }

  static func + (day: Day, days: Int) -> Day { Day(number: day.number + days) }
  static func - (one: Day, other: Day) -> Int { one.number - other.number }
  static func < (one: Day, other: Day) -> Bool { one.number < other.number }

  var description: String {
    let day = ofMonth
    return "\(month)-\(day < 10 ? "0" : "")\(day)"
  }
}

/// A month of the calendar.
struct Month: Hashable, Comparable, CustomStringConvertible {
  let index: Int

  init(_ year: Int, _ month: Int) { index = year * 12 + month - 1 }

  /// Of a text such as `2026-01`.
  init?(_ text: String) {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 2 else { return nil }
    self.init(parts[0], parts[1])
  }

  private init(index: Int) { self.index = index }

  var year: Int { index / 12 }
  /// 1...12
  var ofYear: Int { index % 12 + 1 }

  static func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
  }

  var dayCount: Int {
    switch ofYear {
    case 2: Month.isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  var first: Day { Day(year, ofYear, 1) }

  /// That day, or the last one of a shorter month.
  func day(_ day: Int) -> Day { Day(year, ofYear, min(day, dayCount)) }

  static func + (month: Month, months: Int) -> Month { Month(index: month.index + months) }
  static func - (one: Month, other: Month) -> Int { one.index - other.index }
  static func < (one: Month, other: Month) -> Bool { one.index < other.index }

  var description: String { "\(year)-\(ofYear < 10 ? "0" : "")\(ofYear)" }
}
