/// A file of the IANA time zone database, as its compiler writes it.
///
/// Source: RFC 9636, The Time Zone Information Format (TZif). Only the block with 64-bit times
/// counts, which files have since version 2, and the rule behind it for the years to come. What
/// the RFC forbids is a fault, and so are leap seconds: the times of events do not count them.
package struct TimeZoneFile {
  /// What the offset was before the first change, in seconds east of Greenwich.
  private let firstOffsetSeconds: Int64
  private let changes: [ZoneRules.Change]
  private let recurrence: ZoneRecurrence?

  /// Real ones have some 4,000 bytes.
  package static let bytesMax = 1 << 20

  /// Whether the bytes begin as such a file does.
  package static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: "TZif".utf8) }

  package init(_ bytes: [UInt8]) throws(Fault) {
    var reader = Reader(bytes)
    let old = try Counts(&reader)
    _ = try reader.take(old.blockLength(timeLength: 4))
    let counts = try Counts(&reader)
    let times = try reader.numbers(counts.times, length: 8)
    let kinds = try reader.take(counts.times)
    let offsets = try TimeZoneFile.offsets(&reader, counts)
    _ = try reader.take(counts.indicators)
    guard zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw TimeZoneFile.damage("its changes are not in order")
    }
    guard kinds.allSatisfy({ $0 < offsets.count }) else {
      throw TimeZoneFile.damage("a change leads to no offset")
    }
    changes = zip(times, kinds).map {
      ZoneRules.Change(secondsSinceEpoch: $0, offsetSeconds: offsets[Int($1)])
    }
    recurrence = try TimeZoneFile.recurrence(&reader)
    firstOffsetSeconds = changes.isEmpty ? recurrence?.offsetSeconds ?? offsets[0] : offsets[0]
    guard let last = changes.last, let recurrence else { return }
    // The last change may come some days before the first that the rule makes, and differ from it
    // until then, as that of America/Ojinaga in 2022.
    guard recurrence.has(offsetSeconds: last.offsetSeconds) else {
      throw TimeZoneFile.damage("its rule for the years to come contradicts its last change")
    }
  }

  /// The rules within some years; what was before them is as it was at their start.
  package func rules(_ name: String, years: Range<Int>) -> ZoneRules {
    let start = TimeZoneFile.second(ofYear: years.lowerBound)
    let end = TimeZoneFile.second(ofYear: years.upperBound)
    var all = changes
    if let recurrence {
      let last = changes.last?.secondsSinceEpoch ?? start
      // The year before says what holds at the start, the one behind what goes on at the end.
      let first = max(years.lowerBound, TimeZoneFile.year(of: last)) - 1
      let later = recurrence.changes(min(first, years.upperBound)..<years.upperBound + 1)
      all += later.filter { changes.isEmpty || $0.secondsSinceEpoch > last }
    }
    let initial =
      all.last { $0.secondsSinceEpoch <= start }?.offsetSeconds ?? firstOffsetSeconds
    var offset = initial
    var kept: [ZoneRules.Change] = []
    for change in all where start < change.secondsSinceEpoch && change.secondsSinceEpoch < end {
      // A change of the name alone (of `EST` to `CDT`) is none of the offset.
      guard change.offsetSeconds != offset else { continue }
      kept.append(change)
      offset = change.offsetSeconds
    }
    return ZoneRules(name: name, initialOffsetSeconds: initial, changes: kept)
  }

  private static func second(ofYear year: Int) -> Int64 {
    Int64(CivilDate(year: year, month: 1, day: 1)!.daysSinceEpoch) * 86_400
  }

  private static func year(of second: Int64) -> Int {
    CivilDate(daysSinceEpoch: Int(floorDivide(second, by: 86_400))).year
  }

  /// The offset of each kind of time; whether it is called summer time does not matter, nor how it
  /// is abbreviated.
  private static func offsets(
    _ reader: inout Reader, _ counts: Counts
  ) throws(Fault) -> [Int64] {
    var offsets: [Int64] = []
    for _ in 0..<counts.kinds {
      let offset = try reader.number(length: 4)
      let rest = try reader.take(2)
      guard ZoneRecurrence.offsetRange.contains(offset), rest[rest.startIndex] <= 1,
        rest[rest.startIndex + 1] < counts.nameBytes
      else { throw damage("it has a kind of time that cannot be") }
      offsets.append(offset)
    }
    return offsets
  }

  /// Between two ends of lines; nothing between them where the last offset holds for ever.
  private static func recurrence(_ reader: inout Reader) throws(Fault) -> ZoneRecurrence? {
    let rest = try reader.take(reader.count)
    guard rest.count >= 2, rest.first == UInt8(ascii: "\n"), rest.last == UInt8(ascii: "\n") else {
      throw damage("it breaks off before its end")
    }
    let text = rest.dropFirst().dropLast()
    return text.isEmpty ? nil : try ZoneRecurrence(Array(text))
  }

  fileprivate static func damage(_ detail: String) -> Fault {
    Fault(.internalError, "the file of the time zone cannot be used: \(detail)")
  }
}

/// The head of a block: how many there are of what behind it.
private struct Counts {
  let universal: Int
  let standard: Int
  let times: Int
  let kinds: Int
  let nameBytes: Int

  init(_ reader: inout Reader) throws(Fault) {
    let head = try reader.take(20)
    guard head.starts(with: "TZif".utf8) else {
      throw TimeZoneFile.damage("a block does not begin as one")
    }
    guard head[head.startIndex + 4] >= UInt8(ascii: "2") else {
      throw TimeZoneFile.damage("it is of version 1, which does not reach beyond 2037")
    }
    let counts = try reader.numbers(6, length: 4).map { Int(UInt32(truncatingIfNeeded: $0)) }
    guard counts[2] == 0 else { throw TimeZoneFile.damage("it counts leap seconds") }
    (universal, standard, times) = (counts[0], counts[1], counts[3])
    (kinds, nameBytes) = (counts[4], counts[5])
    guard (1...256).contains(kinds), [0, kinds].contains(universal), [0, kinds].contains(standard)
    else { throw TimeZoneFile.damage("its counts contradict each other") }
  }

  /// Names, and what the times once were written in: nothing that matters here.
  var indicators: Int { nameBytes + standard + universal }

  func blockLength(timeLength: Int) -> Int {
    times * (timeLength + 1) + kinds * 6 + indicators
  }
}

/// Bytes from the front on, most significant first; what is not there is a fault.
private struct Reader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var count: Int { rest.count }

  mutating func take(_ length: Int) throws(Fault) -> ArraySlice<UInt8> {
    guard length <= rest.count else { throw TimeZoneFile.damage("it breaks off before its end") }
    defer { rest = rest.dropFirst(length) }
    return rest.prefix(length)
  }

  /// With a sign, in two's complement.
  mutating func number(length: Int) throws(Fault) -> Int64 {
    let bits = try take(length).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return length == 8
      ? Int64(bitPattern: bits) : Int64(Int32(truncatingIfNeeded: bits))
  }

  mutating func numbers(_ count: Int, length: Int) throws(Fault) -> [Int64] {
    guard count <= rest.count / length else {
      throw TimeZoneFile.damage("it breaks off before its end")
    }
    var numbers: [Int64] = []
    for _ in 0..<count { numbers.append(try number(length: length)) }
    return numbers
  }
}
