import Base
import Testing

struct CivilDateTests {
  /// Walks the calendar day by day with the rules of a wall calendar, beside the formulas.
  @Test func everyDayFrom1583To2400CountsOneFurther() {
    var (year, month, day) = (1583, 1, 1)
    var count = CivilDate(year: 1583, month: 1, day: 1)!.daysSinceEpoch
    var wrong: [String] = []
    while year <= 2400 {
      let date = CivilDate(daysSinceEpoch: count)
      if date.year != year || date.month != month || date.day != day { wrong.append("\(date)") }
      if date.daysSinceEpoch != count { wrong.append("\(date) counts \(date.daysSinceEpoch)") }
      count += 1
      day += 1
      if day > CivilDate.dayCount(year: year, month: month) { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
    #expect(wrong.prefix(10) == [])
    #expect(count - CivilDate(year: 1583, month: 1, day: 1)!.daysSinceEpoch == 298_769)
  }

  /// Known day numbers.
  @Test(arguments: [
    ("0001-01-01", -719_162), ("1582-10-15", -141_427), ("1969-12-31", -1), ("1970-01-01", 0),
    ("1970-01-02", 1), ("2000-02-29", 11_016), ("2013-01-01", 15_706), ("2038-01-19", 24_855),
    ("9999-12-31", 2_932_896),
  ])
  func countsDaysSince1970(text: String, days: Int) {
    #expect(CivilDate(daysSinceEpoch: days).description == text)
    #expect(CivilDate(daysSinceEpoch: days).daysSinceEpoch == days)
  }

  @Test(arguments: [
    (1600, true), (1700, false), (1800, false), (1900, false), (2000, true), (2012, true),
    (2013, false), (2100, false), (2400, true),
  ])
  func hasALeapYearEveryFourthButNotEveryHundredthButEveryFourHundredth(year: Int, isLeap: Bool) {
    #expect(CivilDate.isLeap(year) == isLeap)
    #expect(CivilDate.dayCount(year: year, month: 2) == (isLeap ? 29 : 28))
    #expect((CivilDate(year: year, month: 2, day: 29) != nil) == isLeap)
  }

  @Test(arguments: [
    (2013, 2, 29), (2013, 4, 31), (2013, 1, 0), (2013, 1, 32), (2013, 0, 1), (2013, 13, 1),
    (0, 1, 1), (10_000, 1, 1), (2013, -1, 1), (2013, 1, -1), (-1, 1, 1),
  ])
  func refusesDaysTheCalendarDoesNotHave(year: Int, month: Int, day: Int) {
    #expect(CivilDate(year: year, month: month, day: day) == nil)
  }

  @Test func ordersByYearMonthAndDay() {
    let ascending = [(2012, 12, 31), (2013, 1, 1), (2013, 1, 2), (2013, 2, 1)]
      .map { CivilDate(year: $0.0, month: $0.1, day: $0.2)! }
    #expect(ascending.sorted() == ascending)
    #expect(ascending.shuffled().sorted() == ascending)
  }
}
