import Base
import GRDB

/// Writes a run chunk by chunk, over as many transactions as it takes.
struct SegmentWriter {
  /// Chunks whose filter is kept as one row.
  static let chunksPerPart = 64

  let run: IdentitySegment
  private(set) var chunksWritten = 0
  private var bytes: [UInt8] = []

  /// Announces the run, so that one left half written is found after a crash.
  init(level: Int, through: Int64, _ db: Database) throws {
    let number = try Int64.fetchOne(
      db, sql: "SELECT coalesce(max(run), 0) + 1 FROM identity_run")!
    run = IdentitySegment(number: number, level: level, through: through)
    try db.execute(
      sql: "INSERT INTO identity_run (run, level, state, through) VALUES (?, ?, 'building', ?)",
      arguments: [number, level, through])
  }

  var isFinished: Bool { chunksWritten == run.chunkCount }

  /// Writes the next chunk; its entries come sorted.
  mutating func write(_ entries: some Sequence<IdentityEntry>, _ db: Database) throws {
    bytes.removeAll(keepingCapacity: true)
    for entry in entries {
      run.filter.insert(entry.fingerprint)
      IdentityEntry.append(entry, to: &bytes)
    }
    if !bytes.isEmpty {
      let statement = try RawStatement(
        "INSERT INTO identity_chunk (place, entries) VALUES (?, ?)", db
      ).bind(run.place(chunksWritten))
      try bytes.withUnsafeBytes { try statement.run(blob: $0, at: 2) }
    }
    chunksWritten += 1
    guard chunksWritten.isMultiple(of: Self.chunksPerPart) else { return }
    let chunks = chunksWritten - Self.chunksPerPart..<chunksWritten
    try RawStatement("INSERT INTO identity_filter (place, bits) VALUES (?, ?)", db)
      .bind(run.place(chunks.lowerBound / Self.chunksPerPart))
      .run(blob: run.filter.bytes(ofChunks: chunks), at: 2)
  }

  func makeLive(_ db: Database) throws {
    try db.execute(
      sql: "UPDATE identity_run SET state = 'live' WHERE run = ?", arguments: [run.number])
  }
}

extension IdentitySegment {
  /// The runs that are whole, with their filters.
  static func live(_ db: Database) throws -> [IdentitySegment] {
    let rows = try Row.fetchAll(
      db, sql: "SELECT run, level, through FROM identity_run WHERE state = 'live' ORDER BY run")
    return try rows.map { row in
      guard (0...levelMax).contains(row[1] as Int) else {
        throw Fault(.dataDamaged, "run \(row[0] as Int64) of identities is damaged")
      }
      let run = IdentitySegment(number: row[0], level: row[1], through: row[2])
      try run.loadFilter(db)
      return run
    }
  }

  private func loadFilter(_ db: Database) throws {
    let parts = chunkCount / SegmentWriter.chunksPerPart
    var loaded = 0
    try RawStatement(
      "SELECT bits FROM identity_filter WHERE place >= ? AND place < ? ORDER BY place", db
    ).bind(place(0), place(parts)).forEach { row in
      let chunks = loaded * SegmentWriter.chunksPerPart..<(loaded + 1) * SegmentWriter.chunksPerPart
      guard filter.load(row.blob(0), chunks: chunks) else { return false }
      loaded += 1
      return true
    }
    guard loaded == parts else {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT, message: "run \(number) of identities has lost its filter")
    }
  }
}
