import TestSupport
import Testing

@testable import SQLite
@testable import Services
@testable import TimeZones

struct IdentityFilterTests {
  private static func fingerprints(_ count: Int, seed: UInt64) -> [Fingerprint] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in Fingerprint(hash: random.next()) }
  }

  @Test("everything that was put in is found, and hardly anything else")
  func findsWhatIsThere() {
    let bits = 4
    let filter = IdentityFilter(chunkBits: bits)
    let kept = Self.fingerprints(IdentitySegment.entriesPerChunk << bits, seed: 1)
    for fingerprint in kept { filter.insert(fingerprint) }
    #expect(kept.allSatisfy(filter.mayContain))
    let strangers = Self.fingerprints(100_000, seed: 2)
    let passed = strangers.count(where: filter.mayContain)
    #expect(passed < 600, "of 100,000 strangers \(passed) passed")
  }

  @Test("what is kept of it and taken back says the same")
  func keepsItsWords() {
    let filter = IdentityFilter(chunkBits: 7)
    let kept = Self.fingerprints(20_000, seed: 3)
    for fingerprint in kept { filter.insert(fingerprint) }
    let again = IdentityFilter(chunkBits: 7)
    for part in 0..<2 {
      let chunks = part * 64..<(part + 1) * 64
      #expect(again.load(filter.bytes(ofChunks: chunks), chunks: chunks))
    }
    #expect(kept.allSatisfy(again.mayContain))
    let strangers = Self.fingerprints(10_000, seed: 4)
    #expect(strangers.map(again.mayContain) == strangers.map(filter.mayContain))
    #expect(!again.load(UnsafeRawBufferPointer(start: nil, count: 0), chunks: 0..<64))
  }
}
