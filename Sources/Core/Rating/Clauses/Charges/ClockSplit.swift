import Base
import Contracts

/// A period cut wherever the clocks of a zone show midnight or one of some times of day, and where
/// their offset changes: in each window the clocks run on without a jump. An hour that the clocks
/// show twice is in both of its passes what they show.
struct ClockSplit {
  let windows: Windows
  private let zone: ZoneRules
  /// Days that are no day of the week.
  private let holidays: Set<CivilDate>

  /// `minutes` are after midnight, 0 to 1440; it is cut at `moments` too, which lie inside it.
  init(
    _ period: Period, at minutes: Set<Int>, in zone: ZoneRules, holidays: [CivilDate] = [],
    and moments: ArraySlice<Instant> = []
  ) {
    self.zone = zone
    self.holidays = Set(holidays)
    let seconds = minutes.union([0]).map { Int64($0) * 60 }.sorted()
    var bounds = [period.start]
    while let start = bounds.last, start < period.end {
      let end = min(zone.change(after: start) ?? period.end, period.end)
      bounds += ClockSplit.bounds(
        Period(start: start, end: end), at: seconds, zone.offsetSeconds(at: start))
      bounds.append(end)
    }
    windows = Windows(bounds: Set(bounds + moments).sorted())
  }

  /// The times of day inside a period without a change of offset, not at its ends.
  private static func bounds(
    _ period: Period, at seconds: [Int64], _ offset: Int64
  ) -> [Instant] {
    let first = floorDivide(period.start.secondsSinceEpoch + offset, by: 86_400)
    let last = floorDivide(period.end.secondsSinceEpoch + offset, by: 86_400)
    var bounds: [Instant] = []
    for day in first...last {
      for second in seconds {
        let bound = Instant(clampingSeconds: day * 86_400 + second - offset)
        guard bounds.last.map({ $0 < bound }) ?? true else { continue }
        if period.start < bound, bound < period.end { bounds.append(bound) }
      }
    }
    return bounds
  }

  /// What the clocks show when a window begins; on a holiday the day is nil.
  func clock(_ window: Period) -> (day: DayTimes.Weekday?, minute: Int) {
    let local = window.start.secondsSinceEpoch + zone.offsetSeconds(at: window.start)
    let day = floorDivide(local, by: 86_400)
    // 1970-01-01 was a Thursday, three days behind a Monday.
    let place = Int(day + 3 - floorDivide(day + 3, by: 7) * 7)
    let isHoliday = holidays.contains(CivilDate(daysSinceEpoch: Int(day)))
    return (isHoliday ? nil : DayTimes.Weekday.allCases[place], Int(local - day * 86_400) / 60)
  }
}
