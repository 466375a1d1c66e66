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

  /// Such as `2025b`; nil where the database does not say.
  static var release: String? {
    let text = try? String(contentsOf: folder.appending(path: "tzdata.zi"), encoding: .utf8)
    return text?.split(separator: "\n").first?.split(separator: " ").last.map(String.init)
  }

  /// Times with the same offset, one stretch behind the other, neighbours never of the same offset.
  let stretches: [Stretch]

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

  init(_ name: String) throws {
    let bytes = Array(try Data(contentsOf: Self.folder.appending(path: name)))
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
    // A "slim" file leaves the years to come to the rule at its end, which nobody reads here.
    guard !rule.contains(",") || stretches[stretches.count - 1].start > Self.year2037 else {
      throw Unreadable(complaint: "\(name) ends before 2037: install the `fat` zone database")
    }
    self.stretches = stretches
  }

  private static let year2037 = 2_114_380_800

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
