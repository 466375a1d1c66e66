import Base

/// What one row keeps of a subject: the blocks of seven days, side by side. Each that has any usage
/// is its place, how many bytes it takes, and those (see `PackedHours`). A row of usual numbers
/// stays below a quarter of a page, and needs no other page beside it.
struct Shelf {
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
    var before: [UInt8] = []
    var (parts, isAnyThere) = ([(HourBlock, [UInt8])](), false)
    try bytes.withUnsafeBytes {
      try Shelf.forEach($0, of: number) { other, bytes in
        if other == block {
          (before, isAnyThere) = (Array(bytes), true)
        } else {
          parts.append((other, Array(bytes)))
        }
      }
    }
    guard Shelf.isChanged(block, changed) || isAnyThere != (hours != nil) || before != hours ?? []
    else { return false }
    if let hours { parts.append((block, hours)) }
    changed &= ~block.bit
    bytes = []
    for (block, hours) in parts.sorted(by: { $0.0 < $1.0 }) {
      bytes.append(UInt8(block.place))
      bytes.append(varint: UInt64(hours.count))
      bytes += hours
    }
    return true
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
