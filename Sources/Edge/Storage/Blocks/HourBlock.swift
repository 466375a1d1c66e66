import Base
import GRDB
import Metering

/// Twelve hours in one row: as few rows a month as may be, while what is still open, and read hour
/// by hour, stays small.
struct HourBlock: Hashable, Comparable {
  static let hourCount: Int64 = 12
  private static let blocksPerShelf: Int64 = 16

  let number: Int64

  init(_ number: Int64) { self.number = number }
  init(holding hour: Int64) { number = floorDivide(hour, by: HourBlock.hourCount) }

  var hours: Range<Int64> {
    number * HourBlock.hourCount..<(number + 1) * HourBlock.hourCount
  }

  /// Blocks of a shelf lie side by side.
  var shelf: Int64 { floorDivide(number, by: HourBlock.blocksPerShelf) }

  static func < (left: HourBlock, right: HourBlock) -> Bool { left.number < right.number }
}

/// The usage of some hours of a block as bytes: for each, its place in the block, then the number
/// of events and the two halves of the sum as LEB128, the higher one in zigzag.
struct PackedHours {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ tally: Tally, at hour: Int64, of block: HourBlock) {
    let sum = WideSum(tally.units)
    bytes.append(UInt8(hour - block.hours.lowerBound))
    bytes.append(varint: UInt64(tally.count))
    bytes.append(varint: zigzag(sum.high))
    bytes.append(varint: UInt64(sum.low))
  }

  /// Gives every hour in the order in which they were appended.
  static func forEach(
    _ bytes: UnsafeRawBufferPointer, of block: HourBlock, _ body: (Int64, Tally) throws -> Void
  ) throws {
    var reader = VarintReader(bytes)
    while !reader.isAtEnd {
      guard let place = reader.next(), let count = reader.next(), let high = reader.next(),
        let low = reader.next()
      else { throw Fault(.internalError, "block \(block.number) of the buckets is damaged") }
      let sum = WideSum(high: unzigzag(high), low: Int64(truncatingIfNeeded: low))
      try body(
        block.hours.lowerBound + Int64(place),
        Tally(count: Int64(truncatingIfNeeded: count), units: sum.units))
    }
  }
}
