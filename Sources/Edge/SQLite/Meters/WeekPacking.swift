import GRDB
import Metering

/// Packs whole shelves at once, for a database that nobody waits for: block by block, as
/// `BlockPacker` does it beside commits, a row is written anew for each of its blocks.
struct WeekPacking {
  private struct Row: Hashable {
    let meter: Int64
    let subject: Int64
  }

  /// A row, and the block of it that is not complete yet.
  private struct Growing {
    var shelf: PackedWeek
    var block: HourBlock
    var hours = PackedHours()

    mutating func append(_ tally: Tally, at hour: Int64, of next: HourBlock) {
      if next != block {
        shelf.append(hours.bytes, as: block)
        (block, hours) = (next, PackedHours())
      }
      hours.append(tally, at: hour, of: block)
    }

    var whole: PackedWeek {
      var shelf = shelf
      shelf.append(hours.bytes, as: block)
      return shelf
    }
  }

  /// The shelves whose buckets have changed since they were packed.
  private var open: Set<Int64> = []
  private var lastNoted: Int64?

  /// To be called for every bucket that changes: its shelf is read from buckets from now on.
  mutating func note(_ bucket: Bucket, _ db: Database) throws {
    let shelf = HourBlock(holding: bucket.hour).shelf
    guard shelf != lastNoted else { return }
    lastNoted = shelf
    guard open.insert(shelf).inserted else { return }
    let blocks = WeekPacking.blocks(of: shelf)
    try RawStatement("DELETE FROM block_packed WHERE block >= ? AND block < ?", db)
      .bind(blocks.lowerBound, blocks.upperBound).run()
  }

  /// The same for all there are, after a meter was counted anew.
  mutating func noteAll(_ db: Database) throws {
    open.formUnion(
      try Int64.fetchAll(db, sql: "SELECT hour FROM hour_seen").map {
        HourBlock(holding: $0).shelf
      })
  }

  /// Packs what has changed of some meters.
  mutating func pack(_ meters: [Int64], _ db: Database) throws {
    for shelf in open.sorted() {
      try RawStatement("DELETE FROM bucket_shelf WHERE shelf = ?", db).bind(shelf).run()
      for (row, growing) in try rows(of: shelf, Set(meters), db) {
        try growing.whole.write(row.meter, row.subject, db)
      }
      let packed = try RawStatement(
        "INSERT OR REPLACE INTO block_packed (meter, block, next) VALUES (?, ?, NULL)", db)
      for meter in meters {
        for block in WeekPacking.blocks(of: shelf) { try packed.bind(meter, block).run() }
      }
    }
    (open, lastNoted) = ([], nil)
  }

  private func rows(
    of shelf: Int64, _ meters: Set<Int64>, _ db: Database
  ) throws -> [(key: Row, value: Growing)] {
    var rows: [Row: Growing] = [:]
    let blocks = WeekPacking.blocks(of: shelf)
    try RawStatement(
      """
      SELECT hour, meter, subject, events, units_high, units_low FROM bucket
      WHERE hour >= ? AND hour < ?
      """, db
    ).bind(blocks.lowerBound * HourBlock.hourCount, blocks.upperBound * HourBlock.hourCount)
      .forEach { row in
        let (hour, place) = (row.number(0), Row(meter: row.number(1), subject: row.number(2)))
        guard meters.contains(place.meter) else { return true }
        let block = HourBlock(holding: hour)
        let units = WideSum(high: row.number(4), low: row.number(5)).units
        rows[place, default: Growing(shelf: PackedWeek(shelf), block: block)].append(
          Tally(count: row.number(3), units: units), at: hour, of: block)
        return true
      }
    return rows.sorted { ($0.key.meter, $0.key.subject) < ($1.key.meter, $1.key.subject) }
  }

  private static func blocks(of shelf: Int64) -> Range<Int64> {
    shelf * PackedWeek.blockCount..<(shelf + 1) * PackedWeek.blockCount
  }
}
