private import Crypto

/// A SHA-256 digest.
package struct Digest: Hashable, Sendable {
  package let bytes: [UInt8]

  package init(of bytes: some Sequence<UInt8>) {
    var hasher = Hasher()
    hasher.update(Array(bytes))
    self = hasher.digest()
  }

  /// Lowercase hexadecimal.
  package var hex: String {
    String(
      decoding: bytes.flatMap { [Digest.digits[Int($0 >> 4)], Digest.digits[Int($0 & 15)]] },
      as: UTF8.self)
  }

  /// One that was made before; nil where it does not have 32 bytes.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == SHA256.byteCount else { return nil }
    self.bytes = bytes
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private static let digits = Array("0123456789abcdef".utf8)

  /// Digests a long list piece by piece.
  package struct Hasher {
    private var state = SHA256()

    package init() {}

    package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
      state.update(bufferPointer: bytes)
    }

    package func digest() -> Digest { Digest(bytes: Array(state.finalize())) }
  }
}
