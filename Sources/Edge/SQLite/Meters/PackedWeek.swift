import Base
import GRDB

/// What one row keeps of a subject: the blocks of seven days, side by side. Each that has any usage
/// is its place, how many bytes it takes, and those (see `PackedHours`). A row of usual numbers
/// stays below a quarter of a page, and needs no other page beside it.
struct PackedWeek {
  static let blockCount: Int64 = 28

  let number: Int64
  /// The blocks whose buckets have changed since they were packed, as bits of their places.
  private(set) var changed: Int64
  private(set) var bytes: [UInt8]

  init(_ number: Int64, changed: Int64 = 0, _ bytes: [UInt8] = []) {
    self.number = number
    self.changed = changed
    self.bytes = bytes
  }

  var isEmpty: Bool { changed == 0 && bytes.isEmpty }

  /// Puts a block in its place, in order, as it is now; nil where nothing is left of it. False
  /// where that changes nothing.
  mutating func put(_ hours: [UInt8]?, as block: HourBlock) throws -> Bool {
    var (before, last) = ([UInt8]?.none, HourBlock?.none)
    try forEach { other, bytes in
      if other == block { before = Array(bytes) }
      last = other
    }
    guard PackedWeek.isChanged(block, changed) || before != hours else { return false }
    changed &= ~block.bit
    // Most often it is the newest of all.
    if before == nil, let hours, last.map({ $0 < block }) ?? true {
      append(hours, as: block)
      return true
    }
    var parts = hours.map { [(block, $0)] } ?? []
    try forEach { other, bytes in
      if other != block { parts.append((other, Array(bytes))) }
    }
    bytes = []
    for (block, hours) in parts.sorted(by: { $0.0 < $1.0 }) { append(hours, as: block) }
    return true
  }

  private func forEach(_ body: (HourBlock, UnsafeRawBufferPointer) throws -> Void) throws {
    try bytes.withUnsafeBytes { try PackedWeek.forEach($0, of: number, body) }
  }

  /// Puts a block behind all others.
  mutating func append(_ hours: [UInt8], as block: HourBlock) {
    bytes.append(UInt8(block.place))
    bytes.append(varint: UInt64(hours.count))
    bytes += hours
  }

  /// Writes the row, or takes it away where nothing is left of it.
  func write(_ meter: Int64, _ subject: Int64, _ db: Database) throws {
    guard !isEmpty else {
      return try RawStatement(
        "DELETE FROM bucket_shelf WHERE shelf = ? AND meter = ? AND subject = ?", db
      ).bind(number, meter, subject).run()
    }
    try bytes.withUnsafeBytes {
      try RawStatement(
        """
        INSERT OR REPLACE INTO bucket_shelf (shelf, meter, subject, changed, blocks)
        VALUES (?, ?, ?, ?, ?)
        """, db
      ).bind(number, meter, subject, changed).run(blob: $0, at: 5)
    }
  }

  static func isChanged(_ block: HourBlock, _ changed: Int64) -> Bool {
    changed & block.bit != 0
  }

  /// The blocks of a shelf that such bits name.
  static func blocks(_ shelf: Int64, changed: Int64) -> [HourBlock] {
    guard changed != 0 else { return [] }
    return (shelf * blockCount..<(shelf + 1) * blockCount).map { HourBlock($0) }
      .filter { isChanged($0, changed) }
  }

  /// Gives every block of a shelf in order, with its bytes.
  static func forEach(
    _ bytes: UnsafeRawBufferPointer, of shelf: Int64,
    _ body: (HourBlock, UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var numbers = PackedNumbers(bytes)
    while !numbers.isAtEnd {
      guard let place = numbers.next(), place < UInt64(blockCount), let count = numbers.next(),
        let hours = numbers.bytes(count)
      else { throw Fault(.dataDamaged, "shelf \(shelf) of the buckets is damaged") }
      try body(HourBlock(shelf * blockCount + Int64(place)), hours)
    }
  }
}

extension HourBlock {
  /// What stands for the block among those of its shelf.
  var bit: Int64 { 1 << place }
}
