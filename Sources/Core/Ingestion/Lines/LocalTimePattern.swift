package import Base

/// How a table writes what a clock showed: `dd.MM.yyyy HH:mm`. Letters stand for parts of the time,
/// everything else for itself.
package struct LocalTimePattern: Hashable, Sendable {
  private enum Part: String, Hashable {
    case year = "yyyy"
    case month = "MM"
    case monthShort = "M"
    case day = "dd"
    case dayShort = "d"
    case hour = "HH"
    case hourShort = "H"
    case minute = "mm"
    case second = "ss"

    /// How many digits there are.
    var digits: ClosedRange<Int> {
      switch self {
      case .year: 4...4
      case .monthShort, .dayShort, .hourShort: 1...2
      default: 2...2
      }
    }

    /// The same part, whether it is written short.
    var whole: Part {
      switch self {
      case .monthShort: .month
      case .dayShort: .day
      case .hourShort: .hour
      default: self
      }
    }
  }

  private enum Step: Hashable {
    case part(Part)
    case literal(UInt8)
  }

  private let steps: [Step]

  static let wanted = """
    rfc3339, epochSeconds, epochMilliseconds, or a pattern of yyyy, MM, dd, HH, mm and ss such as \
    dd.MM.yyyy HH:mm
    """

  /// Nil where the pattern is none, or names no day.
  package init?(_ text: String) {
    var steps: [Step] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.first {
      guard LocalTimePattern.isLetter(byte) else {
        guard byte >= 0x20, byte < 0x7F, !LocalTimePattern.isDigit(byte) else { return nil }
        steps.append(.literal(byte))
        rest.removeFirst()
        continue
      }
      let run = rest.prefix { $0 == byte }
      guard let part = Part(rawValue: String(decoding: run, as: UTF8.self)) else { return nil }
      steps.append(.part(part))
      rest.removeFirst(run.count)
    }
    let parts = steps.compactMap { step -> Part? in
      if case .part(let part) = step { part.whole } else { nil }
    }
    let isDay = parts.contains(.year) && parts.contains(.month) && parts.contains(.day)
    guard isDay, Set(parts).count == parts.count,
      !parts.contains(.minute) || parts.contains(.hour),
      !parts.contains(.second) || parts.contains(.minute)
    else { return nil }
    self.steps = steps
  }

  /// The day and the second of it that a clock showed; nil where the text is not written so, or
  /// there is no such day or time.
  package func read(_ text: String) -> (day: CivilDate, second: Int)? {
    var values: [Part: Int] = [:]
    var rest = Array(text.utf8)[...]
    for step in steps {
      switch step {
      case .literal(let byte):
        guard rest.popFirst() == byte else { return nil }
      case .part(let part):
        let digits = rest.prefix(part.digits.upperBound).prefix(while: LocalTimePattern.isDigit)
        guard part.digits.contains(digits.count) else { return nil }
        values[part.whole] = Int(String(decoding: digits, as: UTF8.self))
        rest.removeFirst(digits.count)
      }
    }
    let (hour, minute) = (values[.hour] ?? 0, values[.minute] ?? 0)
    let second = values[.second] ?? 0
    guard rest.isEmpty, hour < 24, minute < 60, second < 60,
      let year = values[.year], let month = values[.month], let day = values[.day],
      let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    return (date, hour * 3600 + minute * 60 + second)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
