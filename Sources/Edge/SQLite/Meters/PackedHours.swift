import Base
import Metering

/// The usage of the hours of a block as bytes: what they come to together, which of them have any
/// (a bit each, in a byte), and what each of those comes to. A figure is the number of events
/// and the sum, as LEB128, the sum in zigzag.
struct PackedHours {
  private var total = Tally()
  private var places: UInt8 = 0
  private var figures: [UInt8] = []

  /// Hours are appended in their order.
  mutating func append(_ tally: Tally, at hour: Int64, of block: HourBlock) {
    let place = UInt8(hour - block.hours.lowerBound)
    precondition(places >> place == 0, "hours come in order")
    total.add(tally)
    places |= 1 << place
    PackedHours.append(tally, to: &figures)
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    PackedHours.append(total, to: &bytes)
    return bytes + [places] + figures
  }

  private static func append(_ tally: Tally, to bytes: inout [UInt8]) {
    bytes.append(varint: UInt64(tally.count))
    var sum = UInt128(bitPattern: tally.units << 1 ^ tally.units >> 127)
    while sum >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: sum) | 0x80)
      sum >>= 7
    }
    bytes.append(UInt8(sum))
  }

  /// What all hours come to: how many events, and their sum.
  static func total(
    _ bytes: UnsafeRawBufferPointer, of block: HourBlock
  ) throws -> (Int64, Int128) {
    var numbers = PackedNumbers(bytes)
    guard let figure = numbers.nextFigure() else { throw damaged(block) }
    return figure
  }

  /// Gives every hour in order: which, how many events, their sum.
  static func forEach(
    _ bytes: UnsafeRawBufferPointer, of block: HourBlock,
    _ body: (Int64, Int64, Int128) throws -> Void
  ) throws {
    var numbers = PackedNumbers(bytes)
    guard numbers.nextFigure() != nil, var places = numbers.byte() else { throw damaged(block) }
    let first = block.hours.lowerBound
    while places != 0 {
      guard let (count, sum) = numbers.nextFigure() else { throw damaged(block) }
      try body(first + Int64(places.trailingZeroBitCount), count, sum)
      places &= places - 1
    }
    guard numbers.isAtEnd else { throw damaged(block) }
  }

  private static func damaged(_ block: HourBlock) -> Fault {
    Fault(.dataDamaged, "block \(block.number) of the buckets is damaged")
  }
}

/// Reads what `VarintReader` reads, right where it is called: a month of a fleet is a hundred
/// thousand small numbers, and a call into another module for each was most of their cost.
struct PackedNumbers {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  @inline(__always)
  var isAtEnd: Bool { position == bytes.count }

  mutating func bytes(_ count: UInt64) -> UnsafeRawBufferPointer? {
    guard count <= UInt64(bytes.count - position) else { return nil }
    defer { position += Int(count) }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + Int(count)])
  }

  @inline(__always)
  mutating func byte() -> UInt8? {
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  /// How many events, and their sum.
  @inline(__always)
  mutating func nextFigure() -> (Int64, Int128)? {
    guard let count = next(), let sum = nextSum() else { return nil }
    return (Int64(truncatingIfNeeded: count), sum)
  }

  @inline(__always)
  mutating func next() -> UInt64? {
    let start = position
    guard var byte = byte() else { return nil }
    var (number, shift) = (UInt64(byte & 0x7F), UInt64(7))
    while byte >= 0x80 {
      // In the tenth byte there is room for one more bit.
      guard let more = self.byte(), shift < 63 || more <= 1 else {
        position = start
        return nil
      }
      byte = more
      number |= UInt64(byte & 0x7F) &<< shift
      shift += 7
    }
    return number
  }

  /// Nearly every sum is one of 64 bits.
  @inline(__always)
  private mutating func nextSum() -> Int128? {
    guard let number = next() else { return nextWide() }
    return Int128(Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1))
  }

  private mutating func nextWide() -> Int128? {
    var (number, shift) = (UInt128(0), UInt128(0))
    while let byte = byte(), shift < 126 || byte <= 3 {
      number |= UInt128(byte & 0x7F) &<< shift
      if byte < 0x80 { return Int128(bitPattern: number >> 1) ^ -Int128(number & 1) }
      shift += 7
      guard shift <= 126 else { return nil }
    }
    return nil
  }
}
