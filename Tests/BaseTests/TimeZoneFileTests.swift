import Base
import TestSupport
import Testing

/// A file of the form of RFC 9636, put together by hand.
private struct ZoneFileBytes {
  var version = UInt8(ascii: "2")
  var times: [Int64] = []
  var kinds: [UInt8] = []
  var offsets: [Int32] = [0]
  var isSummer: UInt8 = 0
  var nameIndex: UInt8 = 0
  var leapSeconds: UInt32 = 0
  var universal: UInt32 = 0
  var kindCount: UInt32?
  var rule = "\n\n"

  var bytes: [UInt8] {
    // The block for programs that know no more than 32 bits may say next to nothing.
    var bytes = head([0, 0, 0, 0, 1, 4]) + [0, 0, 0, 0, 0, 0] + Array("UTC\0".utf8)
    bytes += head([
      universal, 0, leapSeconds, UInt32(times.count), kindCount ?? UInt32(offsets.count), 4,
    ])
    for time in times { bytes += bigEndian(time) }
    bytes += kinds
    for offset in offsets { bytes += bigEndian(offset) + [isSummer, nameIndex] }
    return bytes + Array("UTC\0".utf8) + Array(rule.utf8)
  }

  private func head(_ counts: [UInt32]) -> [UInt8] {
    Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
      + counts.flatMap { bigEndian($0) }
  }

  private func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}

struct TimeZoneFileTests {
  private static let spring2007: Int64 = 1_173_596_400
  private static let autumn2007: Int64 = 1_194_156_000

  /// New York as a slim file has it: the changes of 2007, and a rule for all that follow.
  private static var newYork: ZoneFileBytes {
    ZoneFileBytes(
      times: [spring2007, autumn2007], kinds: [1, 0], offsets: [-18_000, -14_400],
      rule: "\nEST5EDT,M3.2.0,M11.1.0\n")
  }

  private static func rules(_ file: ZoneFileBytes, _ years: Range<Int>) throws -> [String] {
    let rules = try TimeZoneFile(file.bytes).rules("Test/Zone", years: years)
    return ["\(rules.initialOffsetSeconds)"]
      + rules.changes.map {
        "\(Instant(clampingSeconds: $0.secondsSinceEpoch)) \($0.offsetSeconds)"
      }
  }

  @Test("changes that are written down come first, then those of the rule")
  func changes() throws {
    #expect(
      try Self.rules(Self.newYork, 2006..<2010) == [
        "-18000", "2007-03-11T07:00:00Z -14400", "2007-11-04T06:00:00Z -18000",
        "2008-03-09T07:00:00Z -14400", "2008-11-02T06:00:00Z -18000",
        "2009-03-08T07:00:00Z -14400", "2009-11-01T06:00:00Z -18000",
      ])
    #expect(
      try Self.rules(Self.newYork, 2050..<2051) == [
        "-18000", "2050-03-13T07:00:00Z -14400", "2050-11-06T06:00:00Z -18000",
      ])
  }

  @Test("the first year begins as the one before it ended, which may be in summer")
  func initial() throws {
    let sydney = ZoneFileBytes(
      offsets: [36_000], rule: "\nAEST-10AEDT,M10.1.0,M4.1.0/3\n")
    #expect(
      try Self.rules(sydney, 2050..<2051) == [
        "39600", "2050-04-02T16:00:00Z 36000", "2050-10-01T16:00:00Z 39600",
      ])
  }

  @Test("summer time all the year goes on at the end of the last year too")
  func always() throws {
    let file = ZoneFileBytes(offsets: [36_000], rule: "\nAEST-10AEDT,0/0,J365/25\n")
    #expect(try Self.rules(file, 2050..<2055) == ["39600"])
  }

  /// As the compiler of the database wrote it for the last days of October 2022.
  @Test("the last change that is written down holds until the rule makes its first")
  func lastChange() throws {
    let ojinaga = ZoneFileBytes(
      times: [1_647_162_000, 1_667_116_800], kinds: [0, 1], offsets: [-18_000, -21_600],
      rule: "\nCST6CDT,M3.2.0,M11.1.0\n")
    #expect(
      try Self.rules(ojinaga, 2022..<2024) == [
        "-18000", "2022-10-30T08:00:00Z -21600", "2023-03-12T08:00:00Z -18000",
        "2023-11-05T07:00:00Z -21600",
      ])
  }

  @Test("without a rule the last offset stays; a change of the name alone is no change")
  func withoutRule() throws {
    let file = ZoneFileBytes(
      times: [.min, 0, 86_400, 172_800], kinds: [0, 1, 2, 0], offsets: [600, 1200, 1200])
    #expect(
      try Self.rules(file, 1970..<2100) == ["1200", "1970-01-03T00:00:00Z 600"])
    #expect(try Self.rules(file, 2000..<2100) == ["600"])
    #expect(try Self.rules(file, 1960..<1961) == ["600"])
  }

  private static let damages: [(String, @Sendable (inout ZoneFileBytes) -> Void)] = [
    ("version 1", { $0.version = 0 }),
    ("leap seconds", { $0.leapSeconds = 1 }),
    ("not in order", { $0.times.swapAt(0, 1) }),
    ("not in order", { $0.times[1] = $0.times[0] }),
    ("leads to no offset", { $0.kinds[1] = 2 }),
    ("a kind of time that cannot be", { $0.offsets[1] = 86_400 }),
    ("a kind of time that cannot be", { $0.offsets[0] = .min }),
    ("a kind of time that cannot be", { $0.isSummer = 2 }),
    ("a kind of time that cannot be", { $0.nameIndex = 4 }),
    ("contradict each other", { $0.kindCount = 0 }),
    ("contradict each other", { $0.kindCount = 257 }),
    ("contradict each other", { $0.universal = 1 }),
    ("breaks off", { $0.universal = 2 }),
    ("breaks off", { $0.rule = "" }),
    ("breaks off", { $0.rule = "\n" }),
    ("breaks off", { $0.rule = "EST5EDT,M3.2.0,M11.1.0\n" }),
    ("no rule", { $0.rule = "\nEST5EDT,M3.2.0\n" }),
    ("contradicts its last change", { $0.rule = "\nPST8PDT,M3.2.0,M11.1.0\n" }),
  ]

  @Test("what the form forbids is said, never guessed at", arguments: 0..<18)
  func damaged(place: Int) throws {
    let (complaint, damage) = Self.damages[place]
    var file = Self.newYork
    #expect(throws: Never.self) { try TimeZoneFile(file.bytes) }
    damage(&file)
    let fault = fault { try TimeZoneFile(file.bytes) }
    #expect(fault?.code == .internalError)
    #expect(fault?.detail.contains(complaint) == true, "\(complaint): \(fault?.detail ?? "none")")
  }

  @Test("counts of four thousand million are refused before anything is read for them")
  func hugeCounts() {
    var bytes = Self.newYork.bytes
    for place in 20..<44 { bytes[place] = 0xFF }
    bytes[28...31] = [0, 0, 0, 0]
    bytes[36...39] = [0, 0, 0, 1]
    bytes[20...27] = [0, 0, 0, 0, 0, 0, 0, 0]
    #expect(fault { try TimeZoneFile(bytes) }?.detail.contains("breaks off") == true)
  }
}
