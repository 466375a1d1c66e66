import Base
import GRDB

/// Holds the runs of identities against the log: each fingerprint of each event they cover, once,
/// and the filters in front of them.
struct IdentityVerification {
  /// So many leading bits of a fingerprint say where something differs.
  private static let placeBits = 10

  private(set) var filterFindings: [String] = []
  private var sums = MultisetSum()
  private let covered: Int64

  init(_ db: Database) throws {
    let rows = try Row.fetchAll(
      db, sql: "SELECT run, level, through FROM identity_run WHERE state = 'live' ORDER BY run")
    covered = rows.map { $0[2] }.max() ?? 0
    for row in rows {
      guard (0...IdentitySegment.levelMax).contains(row[1] as Int) else {
        filterFindings.append("run \(row[0] as Int64) of identities is damaged")
        continue
      }
      try read(IdentitySegment(number: row[0], level: row[1], through: row[2]), db)
    }
  }

  /// To be called for every event of the log.
  mutating func take(_ hash: UInt64, _ sequence: Int64) {
    guard sequence <= covered else { return }
    add(Fingerprint(hash: max(hash, 1)), sequence, isRemoved: true)
  }

  var findings: [String] {
    filterFindings
      + sums.differing.map {
        "the identities whose fingerprints begin with \(String($0, radix: 2)) are not those of the "
          + "log"
      }
  }

  private mutating func read(_ run: IdentitySegment, _ db: Database) throws {
    let filter = IdentityFilter(chunkBits: run.chunkBits)
    var isInOrder = true
    for chunk in 0..<run.chunkCount {
      let entries = try run.entries(ofChunk: chunk, db)
      for (entry, next) in zip(entries, entries.dropFirst())
      where next.fingerprint < entry.fingerprint { isInOrder = false }
      for entry in entries {
        filter.insert(entry.fingerprint)
        add(entry.fingerprint, entry.sequence, isRemoved: false)
      }
    }
    if !isInOrder { filterFindings.append("run \(run.number) of identities is not in order") }
    try check(filter, of: run, db)
  }

  private mutating func check(
    _ filter: IdentityFilter, of run: IdentitySegment, _ db: Database
  ) throws {
    let parts = run.chunkCount / SegmentWriter.chunksPerPart
    var (part, isSame) = (0, true)
    try RawStatement(
      "SELECT bits FROM identity_filter WHERE place >= ? AND place < ? ORDER BY place", db
    ).bind(run.place(0), run.place(parts)).forEach { row in
      let chunks = part * SegmentWriter.chunksPerPart..<(part + 1) * SegmentWriter.chunksPerPart
      isSame = isSame && filter.bytes(ofChunks: chunks).elementsEqual(row.blob(0))
      part += 1
      return true
    }
    if !isSame || part != parts {
      filterFindings.append("the filter of run \(run.number) of identities is not what it holds")
    }
  }

  private mutating func add(_ fingerprint: Fingerprint, _ sequence: Int64, isRemoved: Bool) {
    let row = MultisetSum.mix(Int64(fingerprint.value), sequence)
    let place = Int64(fingerprint.chunk(of: Self.placeBits))
    if isRemoved { sums.remove(row, at: place) } else { sums.add(row, at: place) }
  }
}
