import Gzip
import TestSupport
import Testing

struct InflaterTests {
  /// The text below, written by `gzip -9n`.
  private static let compressed: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2b, 0xc8, 0x2f, 0x4f,
    0x2d, 0x52, 0x48, 0xaa, 0x54, 0x28, 0xc9, 0x48, 0x55, 0xc8, 0xc8, 0x2f, 0x2d, 0xd2,
    0x51, 0x28, 0x40, 0x17, 0x02, 0x00, 0xd7, 0x8a, 0x22, 0x1b, 0x24, 0x00, 0x00, 0x00,
  ]
  private static let text = Array("power by the hour, power by the hour".utf8)

  @Test func aTextIsInflatedUpToItsBound() throws {
    let count = Self.text.count
    #expect(try Inflater.bytes(of: Self.compressed, byteCountMax: count) == Self.text)
    #expect(throws: Inflater.Failure.larger(thanBytes: count - 1)) {
      try Inflater.bytes(of: Self.compressed, byteCountMax: count - 1)
    }
  }

  @Test func noTruncatedTextIsInflated() {
    for count in Self.compressed.indices {
      #expect(throws: Inflater.Failure.truncated) {
        try Inflater.bytes(of: Array(Self.compressed.prefix(count)), byteCountMax: 100)
      }
    }
  }

  @Test func aChangedTextIsRefused() {
    // The first byte of the mark, of the compressed data, of the checksum and of the length.
    for index in [0, 10, Self.compressed.count - 8, Self.compressed.count - 4] {
      var changed = Self.compressed
      changed[index] ^= 0x40
      #expect(throws: Inflater.Failure.self) {
        try Inflater.bytes(of: changed, byteCountMax: 100)
      }
    }
  }

  /// RFC 1952, section 2.2: files that were put together are one file.
  @Test func anotherMemberIsReadTooAndNothingElseStandsBehindTheEnd() throws {
    let twice = Self.compressed + Self.compressed
    #expect(try Inflater.bytes(of: twice, byteCountMax: 100) == Self.text + Self.text)
    for rest in [[0], [0x1f], [0x1f, 0x8b, 0x08], Array("more".utf8)] as [[UInt8]] {
      #expect(throws: Inflater.Failure.self) {
        try Inflater.bytes(of: Self.compressed + rest, byteCountMax: 100)
      }
    }
  }

  @Test(arguments: [1, 7, 1000, 1 << 20])
  func itDoesNotMatterHowTheTextComesIn(pieceBytes: Int) throws {
    var random = SeededRandom(seed: 7)
    let text = (0..<300_000).map { _ in UInt8.random(in: 0..<16, using: &random) }
    let compressed = gzipped(text)
    let inflater = Inflater()
    var inflated: [UInt8] = []
    for start in stride(from: 0, to: compressed.count, by: pieceBytes) {
      inflater.feed(Array(compressed[start..<min(start + pieceBytes, compressed.count)]))
      while let piece = try inflater.next() {
        #expect(piece.count <= Inflater.pieceBytesMax)
        inflated += piece
      }
    }
    try inflater.end()
    #expect(inflated == text)
  }

  @Test func whatGrowsComesInPiecesThatCanBeStopped() throws {
    let inflater = Inflater()
    inflater.feed(gzipped([UInt8](repeating: 0x20, count: 4 << 20)))
    let first = try inflater.next()
    #expect(first?.count == Inflater.pieceBytesMax, "and no more than that is made of it yet")
  }
}
