import Base
import Metering

/// The usage of the hours of a block as bytes: what they come to together, which of them have any
/// (a bit each, in two bytes), and what each of those comes to. A figure is the number of events
/// and the sum, as LEB128, the sum in zigzag.
struct PackedHours {
  private var total = Tally()
  private var places: UInt16 = 0
  private var figures: [UInt8] = []

  /// Hours are appended in their order.
  mutating func append(_ tally: Tally, at hour: Int64, of block: HourBlock) {
    let place = UInt16(hour - block.hours.lowerBound)
    precondition(places >> place == 0, "hours come in order")
    total.add(tally)
    places |= 1 << place
    PackedHours.append(tally, to: &figures)
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    PackedHours.append(total, to: &bytes)
    return bytes + [UInt8(truncatingIfNeeded: places), UInt8(places >> 8)] + figures
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
    guard numbers.nextFigure() != nil, let set = numbers.bytes(2) else { throw damaged(block) }
    var places = UInt16(set[0]) | UInt16(set[1]) << 8
    let first = block.hours.lowerBound
    while places != 0 {
      guard let (count, sum) = numbers.nextFigure() else { throw damaged(block) }
      try body(first + Int64(places.trailingZeroBitCount), count, sum)
      places &= places - 1
    }
    guard numbers.isAtEnd else { throw damaged(block) }
  }

  private static func damaged(_ block: HourBlock) -> Fault {
    Fault(.internalError, "block \(block.number) of the buckets is damaged")
  }
}

/// Reads what `VarintReader` reads, right where it is called: a month of a fleet is a hundred
/// thousand small numbers, and a call into another module for each was most of their cost.
struct PackedNumbers {
  private var rest: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func bytes(_ count: UInt64) -> UnsafeRawBufferPointer? {
    guard count <= UInt64(rest.count) else { return nil }
    defer { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(Int(count))) }
    return UnsafeRawBufferPointer(rebasing: rest.prefix(Int(count)))
  }

  /// How many events, and their sum.
  @inline(__always)
  mutating func nextFigure() -> (Int64, Int128)? {
    guard let count = next(), let sum = nextSum() else { return nil }
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

  /// Nearly every sum is one of 64 bits.
  @inline(__always)
  private mutating func nextSum() -> Int128? {
    if let number = next() { return Int128(unzigzag(number)) }
    return nextWide()
  }

  private mutating func nextWide() -> Int128? {
    var (number, shift) = (UInt128(0), UInt128(0))
    while shift < 126 || shift == 126 && rest.first ?? 0 <= 3, let byte = rest.first {
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
      number |= UInt128(byte & 0x7F) &<< shift
      if byte < 0x80 { return Int128(bitPattern: number >> 1) ^ -Int128(number & 1) }
      shift += 7
    }
    return nil
  }
}
