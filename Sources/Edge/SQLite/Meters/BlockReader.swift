import Base
import GRDB
import Metering

/// Reads the hours of a meter for one subject after the other: from blocks where they are packed,
/// from buckets where they are not, or not any more.
struct BlockReader {
  private let meter: Int64
  /// Whether each block is packed, from the first that is.
  private let isPacked: [Bool]
  private let firstPacked: Int64
  private let shelves: [Int64]
  /// The hours that no packed block holds, as far as any subject has buckets there.
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
    let (first, last) = (packed.first?.number ?? 0, packed.last?.number ?? -1)
    firstPacked = first
    var isPacked = [Bool](repeating: false, count: Int(last - first) + 1)
    for block in packed { isPacked[Int(block.number - first)] = true }
    self.isPacked = isPacked
    shelves = Set(packed.map(\.shelf)).sorted()
    open = try BlockReader.hours(hours, without: packed).filter { try ActiveHours.any(in: $0, db) }
  }

  private func holds(_ block: HourBlock) -> Bool {
    let place = Int(block.number - firstPacked)
    return isPacked.indices.contains(place) && isPacked[place]
  }

  /// Gives the usage of every hour that has any, of some of those the reader is for: which hour,
  /// how many events, and their sum; in no order. A block is given to `whole` as one; where that
  /// will not have it, its hours come one by one.
  func forEachHour(
    _ hours: Range<Int64>, of subject: Int64, _ db: Database,
    whole: (Range<Int64>, Int64, Int128) -> Bool, each: (Int64, Int64, Int128) -> Void
  ) throws {
    var open = open
    let statement = try RawStatement(
      "SELECT changed, blocks FROM bucket_shelf WHERE shelf = ? AND meter = ? AND subject = ?", db)
    for shelf in shelves {
      try statement.bind(shelf, meter, subject).forEach { row in
        let changed = row.number(0)
        open += PackedWeek.blocks(shelf, changed: changed).filter(holds).map(\.hours)
        try PackedWeek.forEach(row.blob(1), of: shelf) { block, bytes in
          guard holds(block), !PackedWeek.isChanged(block, changed) else { return }
          let (count, sum) = try PackedHours.total(bytes, of: block)
          guard !whole(block.hours, count, sum) else { return }
          try PackedHours.forEach(bytes, of: block) { hour, count, sum in
            if hours.contains(hour) { each(hour, count, sum) }
          }
        }
        return true
      }
    }
    for open in open where open.overlaps(hours) {
      try BucketReader.forEachHour(
        open.clamped(to: hours), meter: meter, subject: subject, db
      ) { hour, tally in each(hour, tally.count, tally.units) }
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
