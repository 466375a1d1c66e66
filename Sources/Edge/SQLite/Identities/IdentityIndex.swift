import Base
import GRDB
import Ingestion

/// Finds the event that has a source and an id, among all that were ever stored, without an index
/// in the log: a table of the recent ones in memory, and sorted runs behind Bloom filters.
///
/// It changes inside the transaction that stores the events. Where that one fails, make a new one.
struct IdentityIndex {
  /// How many entries of runs are moved for every event that is stored. An event is written out
  /// once and merged once a level, and of those there are five at a hundred million events.
  private static let upkeepPerEvent = 6
  /// A run has as many chunks however little was in memory: then more of them fall to each event.
  private var upkeepPerEvent: Int {
    Self.upkeepPerEvent * max(1, RecentIdentities.entriesMax / recentMax)
  }
  private static let upkeepPerCommit = 100

  let hash: IdentityHash
  private let recentMax: Int
  private var recent: RecentIdentities
  /// Full, and being written out.
  private var frozen: RecentIdentities?
  private var runs: [IdentitySegment]
  private var upkeep: SegmentCompaction
  /// Where the pages of the log start whose identities nobody knows, for they cannot be read.
  private(set) var unreadPages: [Int64] = []

  /// Reads the filters of the runs, and the tail of the log that no run covers.
  /// `recentMax` of them are held in memory before they are written out. Runs are merged and taken
  /// away where that `isMaintained`.
  init(_ db: Database, recentMax: Int, isMaintained: Bool) throws {
    self.recentMax = recentMax
    recent = RecentIdentities(limit: recentMax)
    hash = try IdentityHash(db)
    runs = try IdentitySegment.live(db)
    upkeep = try SegmentCompaction(db, isMaintained: isMaintained)
    try upkeep.mergeWhereDue(runs, db)
    let covered = runs.map(\.through).max() ?? 0
    unreadPages = try LogReader.forEachSound(from: covered + 1, db) { try remember($0, db) }
  }

  private mutating func remember(_ page: LogPage, _ db: Database) throws {
    page.bytes.withUnsafeBytes { bytes in
      for sequence in page.sequences {
        let record = page[sequence]
        _ = recent.insert(hash(of: record, in: bytes), sequence)
      }
    }
    recent.through = page.sequences.upperBound - 1
    try freezeWhereFull(db)
  }

  /// The first event with that hash for which `matches` holds.
  func first(
    _ hash: UInt64, _ db: Database, where matches: (Int64) throws -> Bool
  ) throws -> Int64? {
    if let found = try recent.first(hash, where: matches) { return found }
    if let found = try frozen?.first(hash, where: matches) { return found }
    let fingerprint = Fingerprint(hash: max(hash, 1))
    for run in runs {
      if let found = try run.first(fingerprint, db, where: matches) { return found }
    }
    return nil
  }

  /// Puts an event in whose sequence number is not known yet; `standIn` is what `first` gives for
  /// it until then.
  func insert(_ hash: UInt64, standIn: Int64) -> Int { recent.insert(hash, standIn) }

  func settle(_ place: Int, _ sequence: Int64) { recent.settle(place, sequence) }

  /// To be called when all the events of a transaction have their numbers.
  mutating func finish(through sequence: Int64, stored: Int, _ db: Database) throws {
    recent.through = sequence
    try freezeWhereFull(db)
    var entries = stored * upkeepPerEvent + Self.upkeepPerCommit
    try work(&entries, db)
  }

  private mutating func freezeWhereFull(_ db: Database) throws {
    guard recent.isFull else { return }
    while frozen != nil {
      var entries = RecentIdentities.entriesMax
      try work(&entries, db)
    }
    try upkeep.flush(recent, db)
    frozen = recent
    recent = RecentIdentities(limit: recentMax)
  }

  private mutating func work(_ entries: inout Int, _ db: Database) throws {
    while let change = try upkeep.work(&entries, db) {
      switch change {
      case .flushed(let run):
        runs.append(run)
        frozen = nil
      case .merged(let inputs, let run):
        let gone = Set(inputs.map(\.number))
        runs.removeAll { gone.contains($0.number) }
        runs.append(run)
      }
      try upkeep.mergeWhereDue(runs, db)
    }
  }
}
