import GRDB

/// The work on runs that does not have to happen at once: writing out, merging, taking away. It is
/// done in slices beside the commits that cause it, so that no commit waits for all of it.
struct SegmentCompaction {
  private enum Task {
    case flush(RecentIdentities, SegmentWriter)
    case merge([IdentitySegment], SegmentWriter)
    case drop(run: Int64, place: Int64)
  }

  /// What a finished task changes.
  enum Change {
    case flushed(IdentitySegment)
    case merged([IdentitySegment], into: IdentitySegment)
  }

  /// In the order in which they are worked off.
  private var tasks: [Task] = []
  /// Whether runs are merged and taken away; otherwise they are only written out.
  private let isMaintained: Bool
  private static let rowsDroppedAtOnce: Int64 = 32
  /// Going over chunks that hold nothing is work too.
  private static let workWithoutEntries = 50

  /// Takes up what a crash has left: half-written runs go, and so do those that were going.
  init(_ db: Database, isMaintained: Bool) throws {
    self.isMaintained = isMaintained
    try db.execute(sql: "UPDATE identity_run SET state = 'dropping' WHERE state = 'building'")
    guard isMaintained else { return }
    let runs = try Int64.fetchAll(db, sql: "SELECT run FROM identity_run WHERE state = 'dropping'")
    tasks = runs.map { .drop(run: $0, place: 0) }
  }

  /// Memory must become free again before anything else does.
  mutating func flush(_ identities: RecentIdentities, _ db: Database) throws {
    tasks.insert(
      .flush(identities, try SegmentWriter(level: 0, through: identities.through, db)), at: 0)
  }

  /// Merges the oldest runs of a level that has enough of them and is not being merged.
  mutating func mergeWhereDue(_ runs: [IdentitySegment], _ db: Database) throws {
    for (level, runs) in Dictionary(grouping: runs, by: \.level)
    where isMaintained && runs.count >= IdentitySegment.fanOut && !isMerging(level) {
      let inputs = Array(runs.sorted { $0.number < $1.number }.prefix(IdentitySegment.fanOut))
      let through = inputs.map(\.through).max()!
      tasks.append(.merge(inputs, try SegmentWriter(level: level + 1, through: through, db)))
    }
  }

  private func isMerging(_ level: Int) -> Bool {
    tasks.contains {
      if case .merge(let inputs, _) = $0 { inputs[0].level == level } else { false }
    }
  }

  /// Works on the first task until `entries` are spent or it is done; then says what it changed.
  mutating func work(_ entries: inout Int, _ db: Database) throws -> Change? {
    while entries > 0, let task = tasks.first {
      switch task {
      case .flush(let identities, var writer):
        let chunk = identities.entries(ofChunk: writer.chunksWritten)
        try writer.write(chunk, db)
        entries -= max(chunk.count, Self.workWithoutEntries)
        tasks[0] = .flush(identities, writer)
        if writer.isFinished { return try finish(.flushed(writer.run), writer, db) }
      case .merge(let inputs, var writer):
        entries -= try SegmentCompaction.merge(inputs, &writer, db)
        tasks[0] = .merge(inputs, writer)
        if writer.isFinished {
          return try finish(.merged(inputs, into: writer.run), writer, db)
        }
      case .drop(let run, let place):
        entries -= IdentitySegment.entriesPerChunk
        let next = try SegmentCompaction.drop(run, from: place, db)
        if let next { tasks[0] = .drop(run: run, place: next) } else { tasks.removeFirst() }
      }
    }
    return nil
  }

  private mutating func finish(
    _ change: Change, _ writer: SegmentWriter, _ db: Database
  ) throws -> Change {
    tasks.removeFirst()
    try writer.makeLive(db)
    if case .merged(let inputs, _) = change {
      for input in inputs {
        try db.execute(
          sql: "UPDATE identity_run SET state = 'dropping' WHERE run = ?",
          arguments: [input.number])
        tasks.append(.drop(run: input.number, place: 0))
      }
    }
    return change
  }

  /// One chunk of each input becomes as many chunks of the output.
  private static func merge(
    _ inputs: [IdentitySegment], _ writer: inout SegmentWriter, _ db: Database
  ) throws -> Int {
    let chunk = writer.chunksWritten / IdentitySegment.fanOut
    var entries = try inputs.flatMap { try $0.entries(ofChunk: chunk, db) }
    entries.sort { $0.fingerprint < $1.fingerprint }
    var rest = entries[...]
    for _ in 0..<IdentitySegment.fanOut {
      let next = writer.chunksWritten
      let count = rest.prefix { $0.fingerprint.chunk(of: writer.run.chunkBits) == next }.count
      try writer.write(rest.prefix(count), db)
      rest = rest.dropFirst(count)
    }
    precondition(rest.isEmpty, "every entry of a chunk has its place in the chunks it becomes")
    return max(entries.count, workWithoutEntries)
  }

  /// Takes some rows of a run away; where to go on, or nil where it is gone.
  private static func drop(_ run: Int64, from place: Int64, _ db: Database) throws -> Int64? {
    let end = (run + 1) << 32
    let start = max(place, run << 32)
    let next = try Int64.fetchOne(
      db,
      sql: """
        SELECT place FROM identity_chunk WHERE place >= ? AND place < ?
        ORDER BY place LIMIT 1 OFFSET ?
        """, arguments: [start, end, rowsDroppedAtOnce])
    for table in ["identity_chunk", "identity_filter"] {
      // The filter goes with the last rows: its rows are few.
      guard table == "identity_chunk" || next == nil else { continue }
      try db.execute(
        sql: "DELETE FROM \(table) WHERE place >= ? AND place < ?",
        arguments: [table == "identity_chunk" ? start : run << 32, next ?? end])
    }
    if next == nil {
      try db.execute(sql: "DELETE FROM identity_run WHERE run = ?", arguments: [run])
    }
    return next
  }
}
