/// What time is cut into to be looked at; only with a zone and a period does it become `Windows`.
package enum WindowSize: String, CaseIterable, Sendable {
  case minute, hour, day
  /// From Monday to Monday, as in ISO 8601.
  case week
  case month

  /// When the window ends that holds `instant`.
  ///
  /// A day, a week and a month begin when the clocks there first reach their midnight: whatever
  /// the clocks do, one follows the other, and a day has the hours it has. An hour and a minute are
  /// those of the clocks too, and end where the offset changes as well: the hour that comes twice
  /// is two windows.
  package func end(after instant: Instant, in zone: ZoneRules) -> Instant {
    switch self {
    case .minute: WindowSize.end(after: instant, everySeconds: 60, in: zone)
    case .hour: WindowSize.end(after: instant, everySeconds: 3600, in: zone)
    case .day, .week, .month:
      dayStart(after: instant, in: zone)
    }
  }

  private static func end(
    after instant: Instant, everySeconds length: Int64, in zone: ZoneRules
  ) -> Instant {
    let offset = zone.offsetSeconds(at: instant)
    let local = instant.secondsSinceEpoch + offset
    let next = Instant(clampingSeconds: (floorDivide(local, by: length) + 1) * length - offset)
    return zone.change(after: instant).map { min(next, $0) } ?? next
  }

  private func dayStart(after instant: Instant, in zone: ZoneRules) -> Instant {
    var date = firstDay(after: zone.date(at: instant))
    // Where the clocks went back over midnight, the day on the wall has ended once already.
    while zone.startOfDay(date) <= instant { date = firstDay(after: date) }
    return zone.startOfDay(date)
  }

  /// The first day of the next window.
  private func firstDay(after date: CivilDate) -> CivilDate {
    let length =
      switch self {
      case .week: 7 - date.daysSinceMonday
      case .month: CivilDate.dayCount(year: date.year, month: date.month) - date.day + 1
      default: 1
      }
    return CivilDate(daysSinceEpoch: date.daysSinceEpoch + length)
  }
}

extension CivilDate {
  /// 0 on a Monday, 6 on a Sunday. 1970-01-01 was a Thursday.
  fileprivate var daysSinceMonday: Int {
    let days = (daysSinceEpoch + 3) % 7
    return days < 0 ? days + 7 : days
  }
}
