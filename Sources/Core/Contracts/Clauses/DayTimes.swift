import Base

/// The same stretch of some days of the week, by the clock on the wall: it starts with its first
/// minute and ends before its last.
package struct DayTimes: Hashable, Sendable {
  package enum Weekday: String, CaseIterable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday
  }

  /// None are all seven of them.
  package let days: [Weekday]
  /// Whether it is a stretch of public holidays too; on these no day of the week counts.
  package let isOfHolidays: Bool
  /// Minutes after midnight, 0 to 1440; the second is the greater one. A night is two stretches.
  package let from: Int
  package let until: Int

  package init(
    days: [Weekday] = [], isOfHolidays: Bool = false, from: Int, until: Int
  ) {
    precondition(0 <= from && from < until && until <= 1440, "a stretch of one day")
    self.days = days
    self.isOfHolidays = isOfHolidays
    self.from = from
    self.until = until
  }

  /// On a holiday, `day` is nil.
  package func holds(_ day: Weekday?, minute: Int) -> Bool {
    (day.map { isOf($0) } ?? isOfHolidays) && (from..<until).contains(minute)
  }

  /// Holidays alone have no day of the week.
  private func isOf(_ day: Weekday) -> Bool {
    days.isEmpty ? !isOfHolidays : days.contains(day)
  }

  static func overlap(_ times: [DayTimes]) -> Bool {
    times.indices.contains { place in
      times[..<place].contains { other in
        let (one, two) = (times[place], other)
        let isSameDay =
          one.isOfHolidays && two.isOfHolidays
          || Weekday.allCases.contains { one.isOf($0) && two.isOf($0) }
        return isSameDay && one.from < two.until && two.from < one.until
      }
    }
  }
}

extension DayTimes {
  /// The words of a document.
  private enum Day: String, CaseIterable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday, holiday
  }

  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let days: [Day]? = fields.optional("days", all: Node.list(each: Node.word, countMax: 8))
    let from = fields.required("from", DayTimes.minute)
    let until = fields.required("until", DayTimes.minute)
    if let from, let until, until <= from {
      fields.refuse(
        "until", "a stretch ends after it starts; a night is two, before and after 24:00")
    }
    guard fields.isValid, let from, let until else { throw fields.failure }
    self.init(
      days: (days ?? []).compactMap { Weekday(rawValue: $0.rawValue) },
      isOfHolidays: days?.contains(.holiday) ?? false, from: from, until: until)
  }

  var json: JSON {
    let words = days.map(\.rawValue) + (isOfHolidays ? [Day.holiday.rawValue] : [])
    return .object([
      "days": words.isEmpty ? nil : .array(words.map(JSON.string)),
      "from": .string(DayTimes.text(from)), "until": .string(DayTimes.text(until)),
    ])
  }

  /// Reads `08:30`, from `00:00` to `24:00`.
  private static func minute(_ node: Node) throws(Fault) -> Int {
    let text = try Node.text(node)
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy(\.isASCII) }),
      let hour = UInt8(parts[0]), let minute = UInt8(parts[1]), minute < 60,
      Int(hour) * 60 + Int(minute) <= 1440, !text.contains("+")
    else { throw node.fault("a time of day such as 08:30, at most 24:00") }
    return Int(hour) * 60 + Int(minute)
  }

  private static func text(_ minute: Int) -> String {
    "\(padded(minute / 60, to: 2)):\(padded(minute % 60, to: 2))"
  }
}
