import Base
import GRDB
import Metering

/// Reads the hours of a meter for one subject after the other: from blocks where they are packed,
/// from buckets where they are not, or not any more.
struct BlockReader {
  private let meter: Int64
  private let packed: Set<Int64>
  private let shelves: [Int64]
  /// The hours that no packed block holds.
  private let open: [Range<Int64>]

  init(meter: Int64, _ hours: Range<Int64>, _ db: Database) throws {
    self.meter = meter
    var packed: [HourBlock] = []
    if !hours.isEmpty {
      let (first, last) = (
        HourBlock(holding: hours.lowerBound), HourBlock(holding: hours.upperBound - 1)
      )
      try RawStatement(
        """
        SELECT block FROM block_packed
        WHERE meter = ? AND block >= ? AND block <= ? AND next IS NULL ORDER BY block
        """, db
      ).bind(meter, first.number, last.number).forEach { row in
        packed.append(HourBlock(row.number(0)))
        return true
      }
    }
    self.packed = Set(packed.map(\.number))
    shelves = Set(packed.map(\.shelf)).sorted()
    open = BlockReader.hours(hours, without: packed)
  }

  /// Gives the usage of every hour that has any, of some of those the reader is for; in no order.
  func forEachHour(
    _ hours: Range<Int64>, of subject: Int64, _ db: Database, _ body: (Int64, Tally) -> Void
  ) throws {
    var open = open
    let statement = try RawStatement(
      """
      SELECT block, hours IS NULL, hours FROM bucket_block
      WHERE shelf = ? AND meter = ? AND subject = ?
      """, db)
    for shelf in shelves {
      try statement.bind(shelf, meter, subject).forEach { row in
        let block = HourBlock(row.number(0))
        guard packed.contains(block.number) else { return true }
        if row.number(1) != 0 {
          open.append(block.hours)
        } else {
          try PackedHours.forEach(row.blob(2), of: block) { hour, tally in
            if hours.contains(hour) { body(hour, tally) }
          }
        }
        return true
      }
    }
    for open in open where open.overlaps(hours) {
      try Buckets.forEachHour(
        open.clamped(to: hours), meter: meter, subject: subject, db, body)
    }
  }

  private static func hours(
    _ hours: Range<Int64>, without blocks: [HourBlock]
  ) -> [Range<Int64>] {
    var open: [Range<Int64>] = []
    var next = hours.lowerBound
    for block in blocks {
      if next < block.hours.lowerBound { open.append(next..<block.hours.lowerBound) }
      next = max(next, block.hours.upperBound)
    }
    if next < hours.upperBound { open.append(next..<hours.upperBound) }
    return open
  }
}
