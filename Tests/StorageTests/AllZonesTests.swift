import Base
import TestSupport
import Testing

@testable import SQLite
@testable import Services
@testable import TimeZones

/// Every zone this machine knows, through every change of its offset from the beginning of clocks
/// to 2037, against the zone database's own files.
struct AllZonesTests {
  private static let years = -6_000_000_000..<2_145_916_800  // 1779 up to 2038

  @Test("every zone has the offsets of the zone database, at every second they change")
  func offsets() throws {
    let zones = ZoneDatabase()
    let names = try ZoneFile.names()
    try #require(names.count > 500 && names.contains("Japan") && names.contains("EST"))
    var changes = 0
    for name in names {
      let rules = try zones.rules(name)
      let file = try ZoneFile(name)
      let years = Self.years.clamped(to: Self.years.lowerBound..<file.end)
      let expected = file.stretches.filter { years.contains($0.start) }.map {
        ZoneRules.Change(secondsSinceEpoch: Int64($0.start), offsetSeconds: Int64($0.offset))
      }
      #expect(
        rules.changes.filter { years.contains(Int($0.secondsSinceEpoch)) } == expected, "\(name)")
      let first = file.stretches.last { $0.start <= Self.years.lowerBound }!
      #expect(rules.initialOffsetSeconds == Int64(first.offset), "\(name)")
      changes += expected.count
    }
    print("zones: \(names.count), changes of offset: \(changes)")
    #expect(changes > 10_000)
  }

  /// Files are compiled with the changes to come written out, or with the rule for them alone.
  @Test("where the last changes are left to the rule, the rules are the same to the year 2100")
  func slimFiles() throws {
    var count = 0
    for name in try ZoneFile.names() {
      guard let slim = try ZoneFile.bytes(name, without: 10) else { continue }
      let whole = try TimeZoneFile(ZoneFile.bytes(name)).rules(name, years: 1970..<2100)
      #expect(try TimeZoneFile(slim).rules(name, years: 1970..<2100) == whole, "\(name)")
      count += 1
    }
    print("zones with a rule that goes on changing: \(count)")
    #expect(count > 100)
  }

  @Test("days and hours around every change are those of a sweep over the file")
  func windows() throws {
    let zones = ZoneDatabase()
    var windowCount = 0
    for name in try ZoneFile.names() {
      let rules = try zones.rules(name)
      let stretches = try ZoneFile(name).stretches
      for change in stretches.map(\.start) where Self.years.contains(change) {
        for (size, reach) in [(WindowSize.day, 3 * 86_400), (.hour, 2 * 3600)] {
          let first = max(Self.years.lowerBound, change - reach)
          let range = first..<min(change + reach, Self.years.upperBound)
          let found = try Windows(
            of: Period(
              start: Instant(clampingSeconds: Int64(range.lowerBound)),
              end: Instant(clampingSeconds: Int64(range.upperBound))),
            size, in: rules, countMax: 10)
          let expected =
            size == .day ? Self.midnights(stretches, range) : Self.fullHours(stretches, range)
          let bounds = found.dropFirst().map { Int($0.start.secondsSinceEpoch) }
          if bounds != expected { Issue.record("\(name) at \(change): \(bounds), \(expected)") }
          windowCount += found.count
        }
      }
    }
    print("windows around changes of offset: \(windowCount)")
  }

  /// When a clock that is only ever put forward first shows each midnight, or jumps over it: where
  /// clocks are put back, it waits until it is right again.
  private static func midnights(_ stretches: [ZoneFile.Stretch], _ range: Range<Int>) -> [Int] {
    let sweep = range.lowerBound - 2 * 86_400..<range.upperBound
    var shown: Int?
    var starts: [Int] = []
    for stretch in stretches {
      let (start, end) = (max(stretch.start, sweep.lowerBound), min(stretch.end, sweep.upperBound))
      guard start < end else { continue }
      let before = shown ?? start + stretch.offset - 1
      let last = end + stretch.offset - 1
      for midnight in stride(from: floored(before, 86_400) + 86_400, through: last, by: 86_400) {
        let moment = max(start, midnight - stretch.offset)
        if starts.last != moment { starts.append(moment) }
      }
      shown = max(before, last)
    }
    return starts.filter { $0 > range.lowerBound }
  }

  /// When the clock shows a full hour, and when it is put forward or back.
  private static func fullHours(_ stretches: [ZoneFile.Stretch], _ range: Range<Int>) -> [Int] {
    stretches.flatMap { stretch -> [Int] in
      let (start, end) = (max(stretch.start, range.lowerBound), min(stretch.end, range.upperBound))
      guard start < end else { return [] }
      let full = floored(start + stretch.offset + 3599, 3600) - stretch.offset
      let hours = Array(stride(from: full, to: end, by: 3600))
      return hours.first == start ? hours : [start] + hours
    }.filter { $0 > range.lowerBound }
  }

  private static func floored(_ number: Int, _ divisor: Int) -> Int {
    let rest = number % divisor
    return number - (rest < 0 ? rest + divisor : rest)
  }
}
