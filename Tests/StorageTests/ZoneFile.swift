import Foundation

/// A file of the IANA time zone database as RFC 9636 writes it, read afresh: nothing here knows
/// how the product comes by its rules.
struct ZoneFile {
  struct Stretch: Hashable {
    /// In seconds since 1970, both; the first stretch has no start, the last no end.
    let start: Int
    var end: Int
    let offset: Int
  }

  struct Unreadable: Error {
    let complaint: String
  }

  static let folder = URL(filePath: "/usr/share/zoneinfo", directoryHint: .isDirectory)

  /// Times with the same offset, one stretch behind the other, neighbours never of the same offset.
  let stretches: [Stretch]
  /// Until when the file itself says every change. A "fat" one does so to the end of 2037; a "slim"
  /// one leaves what follows its last change to the rule at its end, which nobody reads here.
  let end: Int

  /// The names of the database: files in it that begin as its files do. `posix` and `right` hold
  /// the same again, with and without leap seconds; `localtime` and `posixrules` are the machine's.
  static func names() throws -> [String] {
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return files.sorted().filter { name in
      !["posix/", "right/", "localtime", "posixrules"].contains { name.hasPrefix($0) }
        && (try? FileHandle(forReadingFrom: folder.appending(path: name)).read(upToCount: 4))
          == Data("TZif".utf8)
    }
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: name)))
  }

  init(_ name: String) throws {
    let bytes = try Self.bytes(name)
    let first = Header(bytes, at: 0)
    guard first.version >= UInt8(ascii: "2") else { throw Unreadable(complaint: "32 bits only") }
    // The block behind the old one says the same with eight bytes a time.
    let header = Header(bytes, at: Header.length + first.blockLength(timeLength: 4))
    let times = header.start
    let kinds = times + header.timeCount * 8
    let types = kinds + header.timeCount
    func offset(_ kind: Int) -> Int { number(bytes, at: types + kind * 6, length: 4) }
    var stretches = [Stretch(start: .min, end: .max, offset: offset(0))]
    for index in 0..<header.timeCount {
      let time = number(bytes, at: times + index * 8, length: 8)
      let changed = offset(Int(bytes[kinds + index]))
      guard changed != stretches[stretches.count - 1].offset else { continue }
      stretches[stretches.count - 1].end = time
      stretches.append(Stretch(start: time, end: .max, offset: changed))
    }
    let rule = String(
      decoding: bytes[(header.start + header.blockLength(timeLength: 8))...], as: UTF8.self)
    self.stretches = stretches
    end = rule.contains(",") ? stretches[stretches.count - 1].start + 1 : .max
  }

  /// The file without its last changes, as if it left them to its rule; nil where it has no rule
  /// that goes on changing, or where its changes do not end with the year 2037 as a rule does.
  static func bytes(_ name: String, without count: Int) throws -> [UInt8]? {
    let file = try ZoneFile(name)
    guard (year2037..<year2038).contains(file.end) else { return nil }
    var bytes = try bytes(name)
    let place = Header.length + Header(bytes, at: 0).blockLength(timeLength: 4)
    let header = Header(bytes, at: place)
    guard header.timeCount > count else { return nil }
    let left = header.timeCount - count
    let kinds = header.start + header.timeCount * 8
    bytes.removeSubrange(kinds + left..<kinds + header.timeCount)
    bytes.removeSubrange(header.start + left * 8..<kinds)
    for byte in 0..<4 { bytes[place + 32 + byte] = UInt8(left >> (24 - 8 * byte) & 0xFF) }
    return bytes
  }

  private static let (year2037, year2038) = (2_114_380_800, 2_145_916_800)

  /// The six counts in front of a block of data.
  private struct Header {
    static let length = 44
    let version: UInt8
    let start: Int
    private let counts: [Int]

    init(_ bytes: [UInt8], at place: Int) {
      version = bytes[place + 4]
      start = place + Self.length
      counts = (0..<6).map { number(bytes, at: place + 20 + $0 * 4, length: 4) }
    }

    var timeCount: Int { counts[3] }

    /// Indicators of UT and standard time, leap seconds, times and their kinds, kinds, names.
    func blockLength(timeLength: Int) -> Int {
      counts[0] + counts[1] + counts[2] * (timeLength + 4) + counts[3] * (timeLength + 1)
        + counts[4] * 6 + counts[5]
    }
  }
}

/// Big-endian, with a sign.
private func number(_ bytes: [UInt8], at place: Int, length: Int) -> Int {
  let bits = bytes[place..<place + length].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  return length == 8 ? Int(Int64(bitPattern: bits)) : Int(Int32(truncatingIfNeeded: bits))
}
