/// What holds in a zone year after year, until somebody decides otherwise: one offset, or two with
/// the moments of the year at which they change.
///
/// Source: the form of the variable `TZ` in IEEE Std 1003.1-2017, section 8.3, as RFC 9636,
/// section 3.3, widens it: `EST5EDT,M3.2.0,M11.1.0`, `<+1030>-10:30<+11>-11,M10.1.0,M4.1.0`. What
/// is between the sign's two sides counts: five hours behind Greenwich are written `5`.
package struct ZoneRecurrence {
  /// No zone has ever been a day or more from Greenwich.
  package static let offsetRange: ClosedRange<Int64> = -86_399...86_399

  /// In seconds east of Greenwich, of the time that the zone calls its standard.
  package let offsetSeconds: Int64
  private let summer: Summer?

  private struct Summer {
    let offsetSeconds: Int64
    let start: YearlyMoment
    let end: YearlyMoment

    init(_ reader: inout RecurrenceReader, besides standard: Int64) throws(Fault) {
      try reader.skipName()
      offsetSeconds = try reader.isAt(",") ? standard + 3600 : -reader.time(hoursMax: 24)
      try reader.expect(",")
      start = try YearlyMoment(&reader)
      try reader.expect(",")
      end = try YearlyMoment(&reader)
    }
  }

  package init(_ text: [UInt8]) throws(Fault) {
    var reader = RecurrenceReader(text)
    try reader.skipName()
    offsetSeconds = -(try reader.time(hoursMax: 24))
    summer = reader.isAtEnd ? nil : try Summer(&reader, besides: offsetSeconds)
    guard reader.isAtEnd, ZoneRecurrence.offsetRange.contains(offsetSeconds),
      ZoneRecurrence.offsetRange.contains(summer?.offsetSeconds ?? 0)
    else { throw reader.fault }
  }

  /// Whether the zone has that offset in some part of a year.
  package func has(offsetSeconds: Int64) -> Bool {
    offsetSeconds == self.offsetSeconds || offsetSeconds == summer?.offsetSeconds
  }

  /// Every change in the years, in order; years are held inside the calendar.
  package func changes(_ years: Range<Int>) -> [ZoneRules.Change] {
    guard let summer else { return [] }
    var changes: [Int64: Int64] = [:]
    for year in years.clamped(to: 1..<10_000) {
      changes[summer.end.localSecond(of: year) - summer.offsetSeconds] = offsetSeconds
    }
    // Where summer begins the moment it ends, as in a zone that has it all year, it goes on.
    for year in years.clamped(to: 1..<10_000) {
      changes[summer.start.localSecond(of: year) - offsetSeconds] = summer.offsetSeconds
    }
    return changes.sorted { $0.key < $1.key }.map {
      ZoneRules.Change(secondsSinceEpoch: $0.key, offsetSeconds: $0.value)
    }
  }
}

/// A moment of every year, as the clocks show it before they are changed.
private struct YearlyMoment {
  private enum Day {
    /// `J60` is the first of March in every year: the 29th of February does not count.
    case ofCommonYear(Int)
    /// From 0 on, and it does.
    case ofYear(Int)
    /// `M10.5.0`: in October, the last Sunday; the fifth is the last.
    case ofMonth(Int, week: Int, weekday: Int)
  }

  private let day: Day
  /// May lie days before or behind the day itself.
  private let second: Int64

  init(_ reader: inout RecurrenceReader) throws(Fault) {
    if reader.skip("J") {
      day = .ofCommonYear(try reader.number(1...365))
    } else if reader.skip("M") {
      let month = try reader.number(1...12)
      try reader.expect(".")
      let week = try reader.number(1...5)
      try reader.expect(".")
      day = .ofMonth(month, week: week, weekday: try reader.number(0...6))
    } else {
      day = .ofYear(try reader.number(0...365))
    }
    second = reader.skip("/") ? try reader.time(hoursMax: 167) : 7200
  }

  /// The year is one of the calendar.
  func localSecond(of year: Int) -> Int64 { Int64(dayNumber(of: year)) * 86_400 + second }

  /// From 1970-01-01 on.
  private func dayNumber(of year: Int) -> Int {
    func number(_ month: Int) -> Int {
      CivilDate(year: year, month: month, day: 1)!.daysSinceEpoch
    }
    switch day {
    case .ofCommonYear(let day):
      return number(1) + day - 1 + (day >= 60 && CivilDate.isLeap(year) ? 1 : 0)
    case .ofYear(let day): return number(1) + day
    case .ofMonth(let month, let week, let weekday):
      let first = number(month)
      // 1970-01-01 was a Thursday, and Sunday is 0.
      let ahead = (weekday - (first + 4) % 7 + 14) % 7
      let day = ahead + (week - 1) * 7
      return first + (day < CivilDate.dayCount(year: year, month: month) ? day : day - 7)
    }
  }
}

private struct RecurrenceReader {
  private let text: [UInt8]
  private var position = 0

  init(_ text: [UInt8]) { self.text = text }

  var isAtEnd: Bool { position == text.count }

  var fault: Fault {
    let shown = String(decoding: text.prefix(60), as: UTF8.self)
    return Fault(
      .internalError,
      "the file of the time zone cannot be used: `\(shown)` is no rule for the years to come")
  }

  func isAt(_ character: Unicode.Scalar) -> Bool {
    position < text.count && text[position] == UInt8(ascii: character)
  }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard isAt(character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(Fault) {
    guard skip(character) else { throw fault }
  }

  /// Letters, or anything a name may have between brackets: `EST`, `<+1030>`.
  mutating func skipName() throws(Fault) {
    let isQuoted = skip("<")
    let start = position
    while position < text.count,
      text[position].isLetter || isQuoted && (text[position].isDigit || isAt("+") || isAt("-"))
    {
      position += 1
    }
    guard position - start >= 3 else { throw fault }
    if isQuoted { try expect(">") }
  }

  mutating func number(_ range: ClosedRange<Int>) throws(Fault) -> Int {
    let digits = text[position...].prefix(3).prefix(while: \.isDigit)
    guard let number = Int(String(decoding: digits, as: UTF8.self)), range.contains(number) else {
      throw fault
    }
    position += digits.count
    return number
  }

  /// `-10:30`, with seconds or without; in seconds.
  mutating func time(hoursMax: Int) throws(Fault) -> Int64 {
    let isNegative = skip("-")
    if !isNegative { _ = skip("+") }
    var seconds = Int64(try number(0...hoursMax)) * 3600
    if skip(":") {
      seconds += Int64(try number(0...59)) * 60
      if skip(":") { seconds += Int64(try number(0...59)) }
    }
    return isNegative ? -seconds : seconds
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  fileprivate var isLetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }
}
