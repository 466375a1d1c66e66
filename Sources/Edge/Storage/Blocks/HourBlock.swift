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

  /// Gives every hour in the order in which they were appended: which, how many events, their sum.
  static func forEach(
    _ bytes: UnsafeRawBufferPointer, of block: HourBlock,
    _ body: (Int64, Int64, WideSum) throws -> Void
  ) throws {
    var numbers = PackedNumbers(bytes)
    let first = block.hours.lowerBound
    while !numbers.isAtEnd {
      guard let place = numbers.next(), let count = numbers.next(), let high = numbers.next(),
        let low = numbers.next()
      else { throw Fault(.internalError, "block \(block.number) of the buckets is damaged") }
      try body(
        first + Int64(truncatingIfNeeded: place), Int64(truncatingIfNeeded: count),
        WideSum(
          high: high == 0 ? 0 : unzigzag(high), low: Int64(truncatingIfNeeded: low)))
    }
  }
}

/// Reads what `VarintReader` reads, right where it is called: a month of a fleet is a hundred
/// thousand small numbers, and a call into another module for each was most of their cost.
private struct PackedNumbers {
  private var rest: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  @inline(__always)
  mutating func next() -> UInt64? {
    guard var byte = rest.first else { return nil }
    var (number, shift, length) = (UInt64(byte & 0x7F), UInt64(7), 1)
    while byte >= 0x80 {
      guard length < rest.count else { return nil }
      byte = rest[length]
      // In the tenth byte there is room for one more bit.
      guard shift < 63 || byte <= 1 else { return nil }
      number |= UInt64(byte & 0x7F) &<< shift
      shift += 7
      length += 1
    }
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(length))
    return number
  }
}
