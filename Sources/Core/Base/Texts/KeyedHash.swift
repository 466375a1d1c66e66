/// SipHash-1-3 under a secret key: whoever chooses the bytes cannot choose their hashes.
/// Source: J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF", 2012.
package struct KeyedHash: Sendable {
  private let key: (UInt64, UInt64)

  package init(key: (UInt64, UInt64)) { self.key = key }

  /// The hash of `label` (eight bytes, the lowest first) and `bytes` behind it, so that the same
  /// bytes under another label have another one.
  package func callAsFunction(_ bytes: UnsafeRawBufferPointer, label: UInt64 = 0) -> UInt64 {
    var state = State(key)
    state.take(label)
    var position = 0
    while position + 8 <= bytes.count {
      state.take(
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
      position += 8
    }
    var last = UInt64(truncatingIfNeeded: bytes.count + 8) << 56
    var shift: UInt64 = 0
    while position < bytes.count {
      last |= UInt64(bytes[position]) << shift
      shift += 8
      position += 1
    }
    state.take(last)
    return state.finish()
  }

  private struct State {
    private var a: UInt64
    private var b: UInt64
    private var c: UInt64
    private var d: UInt64

    init(_ key: (UInt64, UInt64)) {
      a = key.0 ^ 0x736f_6d65_7073_6575
      b = key.1 ^ 0x646f_7261_6e64_6f6d
      c = key.0 ^ 0x6c79_6765_6e65_7261
      d = key.1 ^ 0x7465_6462_7974_6573
    }

    mutating func take(_ word: UInt64) {
      d ^= word
      round()
      a ^= word
    }

    mutating func finish() -> UInt64 {
      c ^= 0xff
      round()
      round()
      round()
      return a ^ b ^ c ^ d
    }

    private mutating func round() {
      a = a &+ b
      b = b << 13 | b >> 51
      b ^= a
      a = a << 32 | a >> 32
      c = c &+ d
      d = d << 16 | d >> 48
      d ^= c
      a = a &+ d
      d = d << 21 | d >> 43
      d ^= a
      c = c &+ b
      b = b << 17 | b >> 47
      b ^= c
      c = c << 32 | c >> 32
    }
  }
}
