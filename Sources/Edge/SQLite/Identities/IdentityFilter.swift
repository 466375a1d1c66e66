import Foundation

/// A Bloom filter over the fingerprints of a run, cut by chunk, so that it grows as the run is
/// written. Each fingerprint sets its bits within one cache line.
/// Source: F. Putze, P. Sanders, J. Singler, "Cache-, hash- and space-efficient Bloom filters",
/// 2007, section 3.
final class IdentityFilter {
  /// 13.5 bits a fingerprint: of a thousand strangers about four pass.
  static let linesPerChunk = 10
  static let wordsPerLine = 8
  static let wordsPerChunk = linesPerChunk * wordsPerLine
  private static let probes = 6

  private let words: UnsafeMutableBufferPointer<UInt64>
  private let chunkBits: Int

  init(chunkBits: Int) {
    self.chunkBits = chunkBits
    words = zeroed(Self.wordsPerChunk << chunkBits)
  }

  deinit { free(words.baseAddress) }

  func insert(_ fingerprint: Fingerprint) {
    var (line, bits) = place(fingerprint)
    for _ in 0..<Self.probes {
      words[line + Int(bits >> 6 & 7)] |= 1 << (bits & 63)
      bits >>= 9
    }
  }

  /// False where the run does not hold it; true where it may.
  func mayContain(_ fingerprint: Fingerprint) -> Bool {
    var (line, bits) = place(fingerprint)
    for _ in 0..<Self.probes {
      if words[line + Int(bits >> 6 & 7)] & 1 << (bits & 63) == 0 { return false }
      bits >>= 9
    }
    return true
  }

  /// The words of some chunks, as they are kept.
  func bytes(ofChunks chunks: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      UnsafeBufferPointer(
        rebasing: words[
          chunks.lowerBound * Self.wordsPerChunk..<chunks.upperBound * Self.wordsPerChunk]))
  }

  /// Takes kept words back; false where they are not as many as they should be.
  func load(_ bytes: UnsafeRawBufferPointer, chunks: Range<Int>) -> Bool {
    guard bytes.count == chunks.count * Self.wordsPerChunk * 8,
      chunks.upperBound * Self.wordsPerChunk <= words.count
    else { return false }
    UnsafeMutableRawBufferPointer(words).baseAddress!
      .advanced(by: chunks.lowerBound * Self.wordsPerChunk * 8)
      .copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
    return true
  }

  /// Where its line starts, and 54 bits to choose six of its 512 with.
  private func place(_ fingerprint: Fingerprint) -> (line: Int, bits: UInt64) {
    let mixed = (fingerprint.value ^ fingerprint.value >> 21) &* 0x9E37_79B9_7F4A_7C15
    let again = (mixed ^ mixed >> 29) &* 0xBF58_476D_1CE4_E5B9
    let line = Int(((mixed >> 32) * UInt64(Self.linesPerChunk)) >> 32)
    let chunk = fingerprint.chunk(of: chunkBits)
    return ((chunk * Self.linesPerChunk + line) * Self.wordsPerLine, again >> 10)
  }
}
