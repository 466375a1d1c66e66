import GRDB

/// A sorted run of fingerprints in the database, written once; its filter is in memory.
///
/// Level 0 is a table of recent identities as it was written out; level n + 1 is four runs of level
/// n merged. A chunk holds the fingerprints that share their leading bits, about 380 of them, and
/// lies on one page of the database.
struct IdentitySegment {
  static let entriesPerChunk = 380
  static let chunkBitsMin = 11
  /// Runs merged into one; each level has as many more chunks.
  static let fanOut = 4
  private static let fanOutBits = 2
  /// That of a run of a hundred billion events; a row that says more is damaged.
  static let levelMax = 9

  let number: Int64
  let level: Int
  let through: Int64
  let filter: IdentityFilter

  init(number: Int64, level: Int, through: Int64) {
    self.number = number
    self.level = level
    self.through = through
    filter = IdentityFilter(chunkBits: Self.chunkBits(level))
  }

  static func chunkBits(_ level: Int) -> Int { chunkBitsMin + fanOutBits * level }

  var chunkBits: Int { Self.chunkBits(level) }
  var chunkCount: Int { 1 << chunkBits }

  /// The key of a chunk, or of a part of the filter.
  func place(_ number: Int) -> Int64 { self.number << 32 | Int64(number) }

  /// The first event with that fingerprint for which `matches` holds.
  func first(
    _ fingerprint: Fingerprint, _ db: Database, where matches: (Int64) throws -> Bool
  ) throws -> Int64? {
    guard filter.mayContain(fingerprint) else { return nil }
    var candidates: [Int64] = []
    try withChunk(fingerprint.chunk(of: chunkBits), db) { bytes in
      let count = bytes.count / IdentityEntry.bytes
      var place = IdentitySegment.lowerBound(fingerprint.kept, bytes, count)
      while place < count, IdentityEntry.kept(bytes, place) == fingerprint.kept {
        candidates.append(IdentityEntry.sequence(bytes, place))
        place += 1
      }
    }
    return try candidates.first(where: matches)
  }

  /// The entries of one chunk, sorted.
  func entries(ofChunk chunk: Int, _ db: Database) throws -> [IdentityEntry] {
    var entries: [IdentityEntry] = []
    try withChunk(chunk, db) { bytes in
      let count = bytes.count / IdentityEntry.bytes
      entries.reserveCapacity(count)
      for place in 0..<count {
        entries.append(
          IdentityEntry(
            fingerprint: Fingerprint(
              chunk: chunk, of: chunkBits, kept: IdentityEntry.kept(bytes, place)),
            sequence: IdentityEntry.sequence(bytes, place)))
      }
    }
    return entries
  }

  private func withChunk(
    _ chunk: Int, _ db: Database, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws {
    try RawStatement("SELECT entries FROM identity_chunk WHERE place = ?", db).bind(place(chunk))
      .forEach { row in
        body(row.blob(0))
        return false
      }
  }

  private static func lowerBound(
    _ kept: UInt32, _ bytes: UnsafeRawBufferPointer, _ count: Int
  ) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if IdentityEntry.kept(bytes, middle) < kept { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
