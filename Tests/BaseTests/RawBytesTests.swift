import Base
import TestSupport
import Testing

struct RawBytesTests {
  /// LEB128: seven bits a byte, the lowest first.
  static let numbers: [(UInt64, [UInt8])] = [
    (0, [0]), (1, [1]), (127, [0x7F]), (128, [0x80, 1]), (300, [0xAC, 2]),
    (16_383, [0xFF, 0x7F]), (16_384, [0x80, 0x80, 1]), (624_485, [0xE5, 0x8E, 0x26]),
    (.max, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]),
  ]

  @Test(arguments: numbers)
  func writesANumber(number: UInt64, bytes: [UInt8]) {
    var written: [UInt8] = []
    written.append(varint: number)
    #expect(written == bytes)
  }

  static let signed: [(Int64, UInt64)] = [
    (0, 0), (-1, 1), (1, 2), (-2, 3), (2, 4), (.max, .max - 1), (.min, .max),
  ]

  @Test(arguments: signed)
  func foldsTheSignIntoTheLowestBit(number: Int64, folded: UInt64) {
    #expect(zigzag(number) == folded)
    #expect(unzigzag(folded) == number)
  }

  @Test func foldsEveryNumberAndBack() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<10_000 {
      let number = Int64(bitPattern: random.next()) >> random.number(Int64(0)...63)
      #expect(unzigzag(zigzag(number)) == number)
    }
  }

  @Test func comparesEveryByte() {
    for count in 0..<40 {
      let bytes = (0..<count).map { UInt8($0) }
      bytes.withUnsafeBytes { bytes in
        #expect(bytes.isSame(as: bytes))
        for place in 0..<count {
          var other = Array(bytes)
          other[place] ^= 0x80
          other.withUnsafeBytes { #expect(!bytes.isSame(as: $0)) }
        }
        (Array(bytes) + [0]).withUnsafeBytes { #expect(!bytes.isSame(as: $0)) }
      }
    }
  }
}
