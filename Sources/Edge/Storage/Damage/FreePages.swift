import CChecksums
import Foundation

/// The pages of a database file that are free and hold nothing: what stands there is never read.
/// Source: https://www.sqlite.org/fileformat2.html#the_freelist.
struct FreePages {
  private(set) var leaves: Set<Int64> = []

  init(_ file: DatabaseFile) throws {
    let handle = try FileHandle(forReadingFrom: URL(filePath: file.path))
    defer { try? handle.close() }
    let header = try FreePages.page(1, handle)
    guard header.count == Int(usance_page_bytes) else { return }
    var (trunk, left) = (FreePages.number(header, 32), FreePages.number(header, 36))
    var seen: Set<Int64> = []
    while trunk != 0, left > 0, seen.insert(trunk).inserted {
      let page = try FreePages.page(trunk, handle)
      let count = page.count == Int(usance_page_bytes) ? FreePages.number(page, 4) : 0
      guard count >= 0, count * 4 + 8 <= Int64(usance_page_bytes) else { return }
      for place in 0..<Int(count) { leaves.insert(FreePages.number(page, 8 + place * 4)) }
      left -= count + 1
      trunk = FreePages.number(page, 0)
    }
  }

  private static func page(_ number: Int64, _ handle: FileHandle) throws -> [UInt8] {
    try handle.seek(toOffset: UInt64(number - 1) * UInt64(usance_page_bytes))
    return Array(try handle.read(upToCount: Int(usance_page_bytes)) ?? Data())
  }

  private static func number(_ bytes: [UInt8], _ place: Int) -> Int64 {
    bytes[place..<place + 4].reduce(0) { $0 << 8 | Int64($1) }
  }
}
