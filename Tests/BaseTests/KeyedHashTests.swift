import Base
import TestSupport
import Testing

struct KeyedHashTests {
  private static let key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)

  /// SipHash-c-d as the paper says it, slowly: a list of words, and the rounds by name.
  static func sipHash(
    _ message: [UInt8], key: (UInt64, UInt64), compressions: Int, finalisations: Int
  ) -> UInt64 {
    var v = [
      key.0 ^ 0x736f_6d65_7073_6575, key.1 ^ 0x646f_7261_6e64_6f6d,
      key.0 ^ 0x6c79_6765_6e65_7261, key.1 ^ 0x7465_6462_7974_6573,
    ]
    func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 { word << bits | word >> (64 - bits) }
    func half(_ a: Int, _ b: Int, _ c: Int, _ d: Int, _ left: UInt64, _ right: UInt64) {
      v[a] = v[a] &+ v[b]
      v[c] = v[c] &+ v[d]
      v[b] = rotate(v[b], left) ^ v[a]
      v[d] = rotate(v[d], right) ^ v[c]
      v[a] = rotate(v[a], 32)
    }
    func round() {
      half(0, 1, 2, 3, 13, 16)
      half(2, 1, 0, 3, 17, 21)
    }
    var padded = message
    while padded.count % 8 != 7 { padded.append(0) }
    padded.append(UInt8(message.count % 256))
    for start in stride(from: 0, to: padded.count, by: 8) {
      let word = padded[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      v[3] ^= word
      for _ in 0..<compressions { round() }
      v[0] ^= word
    }
    v[2] ^= 0xff
    for _ in 0..<finalisations { round() }
    return v[0] ^ v[1] ^ v[2] ^ v[3]
  }

  /// The one test value of the paper, for two rounds and four.
  @Test func theSlowOneIsThatOfThePaper() {
    let value = Self.sipHash(
      Array(0..<15), key: Self.key, compressions: 2, finalisations: 4)
    #expect(value == 0xa129_ca61_49be_45e5)
  }

  @Test func isSipHashOfTheLabelAndTheBytesBehindIt() {
    var random = SeededRandom(seed: 13)
    for length in 0...300 {
      let bytes = (0..<length).map { _ in random.number(UInt8.min...UInt8.max) }
      let label = length % 3 == 0 ? UInt64(length) : random.next()
      let key = length % 2 == 0 ? Self.key : (random.next(), random.next())
      let words = (0..<8).map { UInt8(truncatingIfNeeded: label >> (UInt64($0) * 8)) }
      let expected = Self.sipHash(words + bytes, key: key, compressions: 1, finalisations: 3)
      let hash = bytes.withUnsafeBytes { KeyedHash(key: key)($0, label: label) }
      #expect(hash == expected, "\(length) bytes")
    }
  }

  @Test func readsBytesWhereverTheyStand() {
    let bytes = [UInt8](0..<100)
    let hash = KeyedHash(key: Self.key)
    bytes.withUnsafeBytes { all in
      for start in 0..<16 {
        let copy = Array(bytes[start..<start + 50])
        #expect(hash(all.slice(start..<start + 50)) == copy.withUnsafeBytes { hash($0) })
      }
    }
  }
}
