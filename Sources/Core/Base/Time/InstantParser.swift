extension Instant {
  /// Reads RFC 3339, `2013-01-01T06:00:00.123456-05:00`. Digits of a second beyond the sixth are
  /// cut, never rounded into the next period. A leap second belongs to the second before it.
  /// Nil for anything else, and for a date without a time or without an offset.
  package init?(text: UnsafeRawBufferPointer) {
    var parser = InstantParser(text: text)
    guard let instant = parser.instant() else { return nil }
    self = instant
  }

  package init?(_ text: String) {
    var text = text
    let instant = text.withUTF8 { Instant(text: UnsafeRawBufferPointer($0)) }
    guard let instant else { return nil }
    self = instant
  }
}

/// A cursor over the bytes of one timestamp; it allocates nothing.
private struct InstantParser {
  let text: UnsafeRawBufferPointer
  var position = 0

  mutating func instant() -> Instant? {
    guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2),
      let date = CivilDate(year: year, month: month, day: day), take("T") || take("t") || take(" "),
      let hour = digits(2), hour < 24, take(":"), let minute = digits(2), minute < 60,
      take(":"), let second = digits(2), second <= 60,
      let fraction = fraction(), let offset = offsetSeconds(), position == text.count
    else { return nil }
    let ofDay = hour * 3600 + minute * 60 + min(second, 59) - offset
    let seconds = Int64(date.daysSinceEpoch * 86_400 + ofDay)
    return Instant(microsecondsSinceEpoch: seconds * 1_000_000 + fraction)
  }

  private mutating func digits(_ count: Int) -> Int? {
    guard position + count <= text.count else { return nil }
    var number = 0
    for _ in 0..<count {
      let digit = text[position] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      number = number * 10 + Int(digit)
      position += 1
    }
    return number
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Microseconds behind the point; zero where there is none.
  private mutating func fraction() -> Int64? {
    guard take(".") else { return 0 }
    var microseconds: Int64 = 0
    var weight: Int64 = 100_000
    let start = position
    while position < text.count, position - start < 18, let digit = digits(1) {
      microseconds += Int64(digit) * weight
      weight /= 10
    }
    return position > start ? microseconds : nil
  }

  private mutating func offsetSeconds() -> Int? {
    if take("Z") || take("z") { return 0 }
    let sign: Int
    if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
    guard let hours = digits(2), hours < 24, take(":"), let minutes = digits(2), minutes < 60
    else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }
}
