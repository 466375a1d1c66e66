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

/// The usage of some hours of a block as bytes: what they come to together, then for each its place
/// in the block and what it comes to. A figure is the number of events and the two halves of the
/// sum as LEB128, the higher one in zigzag.
struct PackedHours {
  private var total = Tally()
  private var hours: [UInt8] = []

  mutating func append(_ tally: Tally, at hour: Int64, of block: HourBlock) {
    total.add(tally)
    hours.append(UInt8(hour - block.hours.lowerBound))
    PackedHours.append(tally, to: &hours)
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    PackedHours.append(total, to: &bytes)
    return bytes + hours
  }

  private static func append(_ tally: Tally, to bytes: inout [UInt8]) {
    let sum = WideSum(tally.units)
    bytes.append(varint: UInt64(tally.count))
    bytes.append(varint: zigzag(sum.high))
    bytes.append(varint: UInt64(sum.low))
  }

  /// What all hours come to: how many events, and their sum.
  static func total(
    _ bytes: UnsafeRawBufferPointer, of block: HourBlock
  ) throws -> (Int64, WideSum) {
    var numbers = PackedNumbers(bytes)
    guard let figure = numbers.nextFigure() else { throw damaged(block) }
    return figure
  }

  /// Gives every hour in the order in which they were appended: which, how many events, their sum.
  static func forEach(
    _ bytes: UnsafeRawBufferPointer, of block: HourBlock,
    _ body: (Int64, Int64, WideSum) throws -> Void
  ) throws {
    var numbers = PackedNumbers(bytes)
    let first = block.hours.lowerBound
    guard numbers.nextFigure() != nil else { throw damaged(block) }
    while !numbers.isAtEnd {
      guard let place = numbers.next(), let (count, sum) = numbers.nextFigure() else {
        throw damaged(block)
      }
      try body(first + Int64(truncatingIfNeeded: place), count, sum)
    }
  }

  private static func damaged(_ block: HourBlock) -> Fault {
    Fault(.internalError, "block \(block.number) of the buckets is damaged")
  }
}

/// Reads what `VarintReader` reads, right where it is called: a month of a fleet is a hundred
/// thousand small numbers, and a call into another module for each was most of their cost.
private struct PackedNumbers {
  private var rest: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  /// How many events, and their sum.
  @inline(__always)
  mutating func nextFigure() -> (Int64, WideSum)? {
    guard let count = next(), let high = next(), let low = next() else { return nil }
    let sum = WideSum(
      high: high == 0 ? 0 : unzigzag(high), low: Int64(truncatingIfNeeded: low))
    return (Int64(truncatingIfNeeded: count), sum)
  }

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
