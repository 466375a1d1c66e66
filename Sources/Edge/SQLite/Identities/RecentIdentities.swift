import Foundation

/// The identities of the newest events, exactly, in memory: an open hash table in the order of the
/// hashes, so that it is written out as a sorted run by walking over it once.
final class RecentIdentities {
  /// Three quarters of the slots; more would make long chains.
  static let entriesMax = IdentitySegment.entriesPerChunk << IdentitySegment.chunkBitsMin
  private static let slotBits = 20
  /// Behind the last slot, so that no chain has to start over at the first one.
  private static let overhang = 1 << 12

  private struct Slot {
    /// Zero where the slot is free: a hash is never zero.
    var hash: UInt64 = 0
    var sequence: Int64 = 0
  }

  private let slots: UnsafeMutableBufferPointer<Slot>
  private let limit: Int
  private(set) var count = 0
  /// The last event it covers.
  var through: Int64 = 0

  /// Counts as full with `limit` entries.
  init(limit: Int) {
    self.limit = limit
    slots = zeroed(1 << Self.slotBits + Self.overhang)
  }

  deinit { free(slots.baseAddress) }

  var isFull: Bool { count >= limit }

  /// The first event with that hash for which `matches` holds.
  func first(_ hash: UInt64, where matches: (Int64) throws -> Bool) rethrows -> Int64? {
    let hash = max(hash, 1)
    var place = Self.home(hash)
    while slots[place].hash != 0 {
      if slots[place].hash == hash, try matches(slots[place].sequence) {
        return slots[place].sequence
      }
      place += 1
    }
    return nil
  }

  /// Puts an event in and says where, so that its sequence number can follow.
  func insert(_ hash: UInt64, _ sequence: Int64) -> Int {
    let hash = max(hash, 1)
    var place = Self.home(hash)
    while slots[place].hash != 0 { place += 1 }
    precondition(place < slots.count - 1, "a keyed hash spreads over all slots")
    slots[place] = Slot(hash: hash, sequence: sequence)
    count += 1
    return place
  }

  func settle(_ place: Int, _ sequence: Int64) { slots[place].sequence = sequence }

  /// The entries of one chunk of a run of the lowest level, sorted.
  func entries(ofChunk chunk: Int) -> [IdentityEntry] {
    let slotsPerChunk = 1 << (Self.slotBits - IdentitySegment.chunkBitsMin)
    let start = chunk * slotsPerChunk
    var entries: [IdentityEntry] = []
    entries.reserveCapacity(IdentitySegment.entriesPerChunk + 64)
    var place = start
    while place < start + slotsPerChunk || (place < slots.count && slots[place].hash != 0) {
      let slot = slots[place]
      let fingerprint = Fingerprint(hash: slot.hash)
      if slot.hash != 0, fingerprint.chunk(of: IdentitySegment.chunkBitsMin) == chunk {
        entries.append(IdentityEntry(fingerprint: fingerprint, sequence: slot.sequence))
      }
      place += 1
    }
    entries.sort { $0.fingerprint < $1.fingerprint }
    return entries
  }

  private static func home(_ hash: UInt64) -> Int { Int(hash >> UInt64(64 - slotBits)) }
}

/// Memory of which only what is used is ever taken from the machine; to be freed with `free`.
func zeroed<Element: BitwiseCopyable>(_ count: Int) -> UnsafeMutableBufferPointer<Element> {
  let memory = calloc(count, MemoryLayout<Element>.stride)!
  return UnsafeMutableBufferPointer(
    start: memory.bindMemory(to: Element.self, capacity: count), count: count)
}
