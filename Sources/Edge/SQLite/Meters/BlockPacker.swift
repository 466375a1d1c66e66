import GRDB
import Metering
import Workflow

/// Packs the buckets of blocks that have fallen quiet, a slice beside each commit and more where
/// nobody has anything to commit, and takes back what was packed where a bucket changes afterwards:
/// late events and corrections may come at any time, and a block must never say anything else than
/// its buckets.
///
/// Quiet is what the last few commits left alone; no clock is asked, so that history that is
/// imported falls quiet as well.
struct BlockPacker {
  private struct Place: Hashable {
    let meter: Int64
    let block: Int64
  }

  static let quietCommits = 4
  private static let subjectsAtOnce = 32...1024
  private static let renewedAtOnce = 64

  /// Every block that is packed or on the way to it. What is forgotten elsewhere (a meter is
  /// counted anew) may stay here: it costs a row that is read past.
  private var places: Set<Place> = []
  private var lastPacked = Int64.min
  /// The blocks with something to do, and the last commit that touched each.
  private var open: [Int64: Int] = [:]
  private var commit = 0
  private var lastNoted: Int64?
  /// The meters that serve; each version has a number of its own.
  private var meters: Set<Int64>?
  private var revision: Int?

  init(_ db: Database) throws {
    let rows = try Row.fetchCursor(db, sql: "SELECT meter, block FROM block_packed")
    while let row = try rows.next() { note(Place(meter: row[0], block: row[1])) }
  }

  /// To be called for every bucket that a transaction changes.
  mutating func note(_ bucket: Bucket, _ db: Database) throws {
    let block = HourBlock(holding: bucket.hour)
    if block.number != lastNoted {
      open[block.number] = commit
      lastNoted = block.number
    }
    guard block.number <= lastPacked,
      places.contains(Place(meter: bucket.meter, block: block.number))
    else { return }
    try RawStatement(
      """
      INSERT INTO bucket_shelf (shelf, meter, subject, changed, blocks) VALUES (?, ?, ?, ?, x'')
      ON CONFLICT DO UPDATE SET changed = changed | excluded.changed
      WHERE changed & excluded.changed = 0
      """, db
    ).bind(block.shelf, bucket.meter, bucket.subject, block.bit).run()
  }

  /// To be called at the end of a transaction that stored so many events.
  mutating func work(_ state: CatalogState, stored: Int, _ db: Database) throws {
    commit += 1
    let (few, many) = (BlockPacker.subjectsAtOnce.lowerBound, BlockPacker.subjectsAtOnce.upperBound)
    _ = try packNext(state, subjects: min(max(stored / 4, few), many), db)
  }

  /// A slice while nothing is stored; false where there is nothing to do.
  mutating func tidy(_ state: CatalogState, _ db: Database) throws -> Bool {
    try packNext(state, subjects: BlockPacker.subjectsAtOnce.upperBound, db)
  }

  /// How many blocks have fallen quiet, with something still to do.
  var waitingCount: Int { open.values.count(where: isQuiet) }

  private func isQuiet(since last: Int) -> Bool { commit - last > BlockPacker.quietCommits }

  private mutating func packNext(
    _ state: CatalogState, subjects width: Int, _ db: Database
  ) throws -> Bool {
    lastNoted = nil
    if state.revision != revision {
      revision = state.revision
      let meters = Set(state.meterNumbers)
      if meters != self.meters { try lookAround(meters, db) }
      self.meters = meters
    }
    guard let quiet = open.filter({ isQuiet(since: $0.value) }).keys.min() else { return false }
    for meter in state.meterNumbers
    where try pack(meter, HourBlock(quiet), subjects: Int64(width), db) { return true }
    if try !renew(HourBlock(quiet), db) { open[quiet] = nil }
    return true
  }

  /// Finds what is to be done: after a start, and after a meter was counted anew.
  private mutating func lookAround(_ meters: Set<Int64>, _ db: Database) throws {
    var done: [Int64: Int] = [:]
    try RawStatement("SELECT meter, block FROM block_packed WHERE next IS NULL", db).forEach {
      row in
      if meters.contains(row.number(0)) { done[row.number(1), default: 0] += 1 }
      return true
    }
    try RawStatement("SELECT hour FROM hour_seen", db).forEach { row in
      let block = HourBlock(holding: row.number(0)).number
      if done[block] != meters.count { find(block) }
      return true
    }
    let changed = "SELECT DISTINCT shelf, changed FROM bucket_shelf WHERE changed <> 0"
    for row in try Row.fetchAll(db, sql: changed) {
      for block in PackedWeek.blocks(row[0], changed: row[1]) { find(block.number) }
    }
    // The last one is most likely still being written.
    if let last = open.keys.max() { open[last] = commit }
  }

  /// Nobody knows any more when it was touched; long ago, most likely.
  private mutating func find(_ block: Int64) {
    if open[block] == nil { open[block] = commit - BlockPacker.quietCommits - 1 }
  }

  /// Packs the next subjects of a block; false where all of them are packed already.
  private mutating func pack(
    _ meter: Int64, _ block: HourBlock, subjects width: Int64, _ db: Database
  ) throws -> Bool {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT next FROM block_packed WHERE meter = ? AND block = ?"),
      arguments: [meter, block.number])
    if let row, row["next"] == nil { return false }
    let first: Int64 = row?["next"] ?? 0
    note(Place(meter: meter, block: block.number))
    let last = try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(id) FROM name")) ?? 0
    try BlockPacker.write(block, meter, subjects: first..<first + width, db)
    try RawStatement(
      "INSERT OR REPLACE INTO block_packed (meter, block, next) VALUES (?, ?, ?)", db
    ).bind(meter, block.number, first + width > last ? nil : first + width).run()
    return true
  }

  /// Packs again what has changed since; false where nothing has.
  private func renew(_ block: HourBlock, _ db: Database) throws -> Bool {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT meter, subject FROM bucket_shelf
          WHERE shelf = ? AND changed <> 0 AND changed & ? <> 0
          LIMIT \(BlockPacker.renewedAtOnce)
          """), arguments: [block.shelf, block.bit])
    for row in rows {
      let subject: Int64 = row["subject"]
      try BlockPacker.write(block, row["meter"], subjects: subject..<subject + 1, db)
    }
    return !rows.isEmpty
  }

  /// Writes the rows of some subjects as their buckets are now.
  private static func write(
    _ block: HourBlock, _ meter: Int64, subjects: Range<Int64>, _ db: Database
  ) throws {
    var packed: [Int64: PackedHours] = [:]
    let buckets = try RawStatement(
      """
      SELECT subject, events, units_high, units_low FROM bucket
      WHERE hour = ? AND meter = ? AND subject >= ? AND subject < ?
      """, db)
    for hour in block.hours {
      try buckets.bind(hour, meter, subjects.lowerBound, subjects.upperBound).forEach { row in
        let sum = WideSum(high: row.number(2), low: row.number(3))
        packed[row.number(0), default: PackedHours()].append(
          Tally(count: row.number(1), units: sum.units), at: hour, of: block)
        return true
      }
    }
    var shelves = try shelves(block.shelf, meter, subjects, db)
    for subject in Set(packed.keys).union(shelves.keys).sorted() {
      var shelf = shelves.removeValue(forKey: subject) ?? PackedWeek(block.shelf)
      guard try shelf.put(packed[subject]?.bytes, as: block) else { continue }
      try shelf.write(meter, subject, db)
    }
  }

  private static func shelves(
    _ shelf: Int64, _ meter: Int64, _ subjects: Range<Int64>, _ db: Database
  ) throws -> [Int64: PackedWeek] {
    var shelves: [Int64: PackedWeek] = [:]
    try RawStatement(
      """
      SELECT subject, changed, blocks FROM bucket_shelf
      WHERE shelf = ? AND meter = ? AND subject >= ? AND subject < ?
      """, db
    ).bind(shelf, meter, subjects.lowerBound, subjects.upperBound).forEach { row in
      shelves[row.number(0)] = PackedWeek(shelf, changed: row.number(1), Array(row.blob(2)))
      return true
    }
    return shelves
  }

  private mutating func note(_ place: Place) {
    places.insert(place)
    lastPacked = max(lastPacked, place.block)
  }

  /// Forgets a meter that is about to be counted anew: nothing of it is packed any more.
  static func forget(meter: Int64, _ db: Database) throws {
    try db.execute(sql: "DELETE FROM block_packed WHERE meter = ?", arguments: [meter])
    try db.execute(sql: "DELETE FROM bucket_shelf WHERE meter = ?", arguments: [meter])
  }
}
