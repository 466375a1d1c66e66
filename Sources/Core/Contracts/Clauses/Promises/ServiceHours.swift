package import Base

/// The hours of the week in which a guarantee holds, by the clocks of the contract's zone.
package struct ServiceHours: Hashable, Sendable {
  /// The same hours on some days of the week; minutes since midnight.
  package struct Shift: Hashable, Sendable {
    package let days: [DayTimes.Weekday]
    package let fromMinute: Int
    package let untilMinute: Int

    /// `fromMinute` lies before `untilMinute`, which is at most 1440.
    package init(days: [DayTimes.Weekday], fromMinute: Int, untilMinute: Int) {
      self.days = days
      self.fromMinute = fromMinute
      self.untilMinute = untilMinute
    }
  }

  package let shifts: [Shift]

  package init(_ shifts: [Shift]) { self.shifts = shifts }

  /// Its stretches within a period, rising, none of them touching another.
  package func periods(in period: Period, zone: ZoneRules) -> [Period] {
    guard !period.isEmpty else { return [] }
    let (first, last) = (zone.date(at: period.start), zone.date(at: period.last))
    var spoken: [Period] = []
    for number in first.daysSinceEpoch...last.daysSinceEpoch {
      // 1970-01-01 was a Thursday.
      let day = DayTimes.Weekday.allCases[((number + 3) % 7 + 7) % 7]
      for shift in shifts where shift.days.contains(day) {
        let stretch = shift.period(onDay: number, zone).intersection(period)
        if !stretch.isEmpty { spoken.append(stretch) }
      }
    }
    var periods: [Period] = []
    for next in spoken.sorted(by: { $0.start < $1.start }) {
      if let open = periods.last, next.start <= open.end {
        periods[periods.count - 1] = Period(start: open.start, end: max(open.end, next.end))
      } else {
        periods.append(next)
      }
    }
    return periods
  }
}

extension ServiceHours.Shift {
  static let minutesPerDay = 24 * 60

  /// An end at 24:00 is the next midnight there is, however long the day was.
  fileprivate func period(onDay number: Int, _ zone: ZoneRules) -> Period {
    let day = CivilDate(daysSinceEpoch: number)
    let end =
      untilMinute == Self.minutesPerDay
      ? zone.startOfDay(CivilDate(daysSinceEpoch: number + 1))
      : zone.instant(day, secondOfDay: untilMinute * 60)
    return Period(start: zone.instant(day, secondOfDay: fromMinute * 60), end: end)
  }

  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let days: [DayTimes.Weekday]? = fields.required(
      "days", all: Node.list(each: Node.word, countMax: 7))
    let from = fields.required("from", Node.minuteOfDay)
    let until = fields.required("until", Node.minuteOfDay)
    if let from, let until, until <= from {
      fields.refuse("until", "hours end after they begin; what spans midnight is two of them")
    }
    guard fields.isValid, let days, let from, let until else { throw fields.failure }
    self.init(days: days, fromMinute: from, untilMinute: until)
  }

  var json: JSON {
    [
      "days": .array(days.map { .string($0.rawValue) }), "from": .string(clock(fromMinute)),
      "until": .string(clock(untilMinute)),
    ]
  }

  private func clock(_ minute: Int) -> String {
    "\(padded(minute / 60, to: 2)):\(padded(minute % 60, to: 2))"
  }
}

extension Node {
  /// `06:30` as minutes since midnight; the day ends at `24:00`.
  fileprivate static func minuteOfDay(_ node: Node) throws(Fault) -> Int {
    let text = try text(node)
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count == 5, parts[0].utf8.count == 2,
      let hour = UInt8(parts[0]), let minute = UInt8(parts[1]), minute < 60,
      Int(hour) * 60 + Int(minute) <= ServiceHours.Shift.minutesPerDay
    else { throw node.fault("a time of day from 00:00 to 24:00") }
    return Int(hour) * 60 + Int(minute)
  }
}
