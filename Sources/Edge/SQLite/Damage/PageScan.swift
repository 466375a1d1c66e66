import CChecksums
import Foundation

/// Reads pages of the database file itself, whether or not SQLite would come by them.
///
/// Not beside a checkpoint: a page that is being written is neither the old one nor the new one.
struct PageScan {
  static let bytesAtOnce = 1 << 20
  private static let pageBytes = Int(usance_page_bytes)

  private(set) var damaged: [Int64] = []
  /// Pages that another program wrote out of the journal: nothing vouches for them.
  private(set) var unsealed: [Int64] = []
  /// The page to go on with.
  private(set) var next: Int64 = 1
  private(set) var isAtEnd = false

  /// Reads on over at most so many bytes. A file that cannot be read has no pages.
  mutating func read(_ file: PageFile?, bytesMax: Int) {
    guard let file else {
      isAtEnd = true
      return
    }
    var left = bytesMax
    var bytes = [UInt8](repeating: 0, count: Self.bytesAtOnce)
    while left > 0, !isAtEnd {
      let count = file.read(&bytes, at: (next - 1) * Int64(Self.pageBytes))
      check(bytes, pages: count / Self.pageBytes)
      left -= Self.bytesAtOnce
      if count < Self.bytesAtOnce { isAtEnd = true }
    }
  }

  /// The whole file.
  static func whole(_ path: String) -> PageScan {
    var scan = PageScan()
    scan.read(PageFile(path), bytesMax: .max)
    return scan
  }

  /// Those of some pages that are damaged.
  static func damaged(_ pages: [Int64], of path: String) -> [Int64] {
    let file = PageFile(path)
    return pages.filter { page in
      var scan = PageScan()
      scan.next = page
      scan.read(file, bytesMax: 1)
      return scan.damaged.contains(page)
    }
  }

  /// Of some damaged pages those that somebody may read: of the others the journal has a newer
  /// version. A power cut may leave half of such a page.
  static func current(_ damaged: [Int64], of path: String) -> [Int64] {
    guard !damaged.isEmpty else { return [] }
    let newer = journaled(path + "-wal")
    return damaged.filter { !newer.contains($0) }
  }

  /// Source: https://www.sqlite.org/fileformat2.html#walformat.
  private static func journaled(_ path: String) -> Set<Int64> {
    let bytes = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
    var (pages, place) = (Set<Int64>(), 32)
    while place + 24 + pageBytes <= bytes.count, bytes[place + 8..<place + 16] == bytes[16..<24] {
      pages.insert(bytes[place..<place + 4].reduce(0) { $0 << 8 | Int64($1) })
      place += 24 + pageBytes
    }
    return pages
  }

  private mutating func check(_ bytes: [UInt8], pages: Int) {
    bytes.withUnsafeBufferPointer { bytes in
      for place in 0..<pages {
        let number = next + Int64(place)
        switch usance_page_check(bytes.baseAddress! + place * Self.pageBytes, number) {
        case usance_page_damaged: damaged.append(number)
        case usance_page_unsealed: unsealed.append(number)
        default: break
        }
      }
    }
    next += Int64(pages)
  }
}
