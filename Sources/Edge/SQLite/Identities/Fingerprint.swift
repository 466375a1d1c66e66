/// What the identity of an event is found by: the upper bits of its keyed hash. Two identities may
/// share one; then the log itself tells them apart.
struct Fingerprint: Comparable {
  /// 43 bits: the first 11 choose a chunk of the smallest runs, 32 are kept in an entry.
  static let bits = 43
  static let keptBits = 32

  let value: UInt64

  init(hash: UInt64) { value = hash >> UInt64(64 - Self.bits) }

  /// From the chunk an entry lies in, and what the entry keeps.
  init(chunk: Int, of chunkBits: Int, kept: UInt32) {
    let leading = UInt64(chunk) >> UInt64(chunkBits - (Self.bits - Self.keptBits))
    value = leading << UInt64(Self.keptBits) | UInt64(kept)
  }

  var kept: UInt32 { UInt32(truncatingIfNeeded: value) }

  /// Which of 2^chunkBits chunks it lies in.
  func chunk(of chunkBits: Int) -> Int { Int(value >> UInt64(Self.bits - chunkBits)) }

  static func < (left: Fingerprint, right: Fingerprint) -> Bool { left.value < right.value }
}

/// An entry of a run: a fingerprint, and the event that has it.
struct IdentityEntry {
  static let bytes = 9

  let fingerprint: Fingerprint
  let sequence: Int64

  static func append(_ entry: IdentityEntry, to bytes: inout [UInt8]) {
    let kept = entry.fingerprint.kept
    for shift in stride(from: UInt32(24), through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: kept >> shift))
    }
    for shift in stride(from: Int64(32), through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: entry.sequence >> shift))
    }
  }

  static func kept(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt32 {
    UInt32(
      bigEndian: bytes.loadUnaligned(fromByteOffset: place * Self.bytes, as: UInt32.self))
  }

  static func sequence(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Int64 {
    let start = place * Self.bytes + 4
    let high = Int64(bytes[start])
    let low = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 1, as: UInt32.self))
    return high << 32 | Int64(low)
  }
}
