import CChecksums

/// The pages of a database file that are free and hold nothing: what stands there is never read.
/// Source: https://www.sqlite.org/fileformat2.html#the_freelist.
struct FreePages {
  private(set) var leaves: Set<Int64> = []

  /// None where the file cannot be read; as far as the list can be followed.
  init(_ path: String) {
    guard let file = PageFile(path), let header = FreePages.page(1, file) else { return }
    var (trunk, left) = (FreePages.number(header, 32), FreePages.number(header, 36))
    var seen: Set<Int64> = []
    while trunk != 0, left > 0, seen.insert(trunk).inserted {
      // Where the list itself is damaged it may lead anywhere.
      guard let page = FreePages.page(trunk, file) else { return }
      let count = FreePages.number(page, 4)
      guard count * 4 + 8 <= Int64(usance_page_bytes) else { return }
      for place in 0..<Int(count) { leaves.insert(FreePages.number(page, 8 + place * 4)) }
      left -= count + 1
      trunk = FreePages.number(page, 0)
    }
  }

  private static func page(_ number: Int64, _ file: PageFile) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: Int(usance_page_bytes))
    let count = file.read(&bytes, at: (number - 1) * Int64(usance_page_bytes))
    return count == bytes.count ? bytes : nil
  }

  private static func number(_ bytes: [UInt8], _ place: Int) -> Int64 {
    bytes[place..<place + 4].reduce(0) { $0 << 8 | Int64($1) }
  }
}
