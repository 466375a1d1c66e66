import Base
import GRDB

/// Holds what is packed of usage against the buckets that it was packed from: a packed block says
/// all that its buckets say, and nothing else.
struct PackedWeekVerification {
  private struct Place: Hashable {
    let meter: Int64
    let block: Int64
  }

  private struct Row: Hashable {
    let shelf: Int64
    let meter: Int64
    let subject: Int64
  }

  /// Up to which subject each block is packed.
  private var packed: [Place: Int64] = [:]
  /// Blocks whose buckets say more than they do, as bits.
  private var changed: [Row: Int64] = [:]
  private var sums: [Place: UInt64] = [:]
  private var broken: Set<Int64> = []

  static func findings(_ db: Database) throws -> [String] {
    var verification = PackedWeekVerification()
    try verification.readState(db)
    try verification.readBuckets(db)
    try verification.readShelves(db)
    return verification.findings
  }

  private mutating func readState(_ db: Database) throws {
    try RawStatement(
      "SELECT meter, block, coalesce(next, 9223372036854775807) FROM block_packed", db
    ).forEach { row in
      packed[Place(meter: row.number(0), block: row.number(1))] = row.number(2)
      return true
    }
    try RawStatement(
      "SELECT shelf, meter, subject, changed FROM bucket_shelf WHERE changed <> 0", db
    ).forEach { row in
      let place = Row(shelf: row.number(0), meter: row.number(1), subject: row.number(2))
      changed[place] = row.number(3)
      return true
    }
  }

  private mutating func readBuckets(_ db: Database) throws {
    guard !packed.isEmpty else { return }
    try RawStatement(
      "SELECT hour, meter, subject, events, units_high, units_low FROM bucket", db
    ).forEach { row in
      let (hour, meter, subject) = (row.number(0), row.number(1), row.number(2))
      let block = HourBlock(holding: hour)
      let place = Place(meter: meter, block: block.number)
      let shelf = Row(shelf: block.shelf, meter: meter, subject: subject)
      guard let next = packed[place], subject < next,
        !PackedWeek.isChanged(block, changed[shelf] ?? 0)
      else { return true }
      let units = WideSum(high: row.number(4), low: row.number(5)).units
      sums[place, default: 0] &+= PackedWeekVerification.sum(subject, hour, row.number(3), units)
      return true
    }
  }

  private mutating func readShelves(_ db: Database) throws {
    let statement = "SELECT shelf, meter, subject, changed, blocks FROM bucket_shelf"
    try RawStatement(statement, db).forEach { row in
      let (shelf, meter, subject) = (row.number(0), row.number(1), row.number(2))
      let changed = row.number(3)
      do {
        try PackedWeek.forEach(row.blob(4), of: shelf) { block, bytes in
          guard !PackedWeek.isChanged(block, changed) else { return }
          try read(bytes, of: block, meter: meter, subject: subject)
        }
      } catch {
        guard Fault(ofDamage: error) != nil else { throw error }
        broken.insert(shelf)
      }
      return true
    }
  }

  private mutating func read(
    _ bytes: UnsafeRawBufferPointer, of block: HourBlock, meter: Int64, subject: Int64
  ) throws {
    var (events, total) = (Int64(0), Int128(0))
    let place = Place(meter: meter, block: block.number)
    try PackedHours.forEach(bytes, of: block) { hour, count, units in
      (events, total) = (events &+ count, total &+ units)
      sums[place, default: 0] &-= PackedWeekVerification.sum(subject, hour, count, units)
    }
    guard try PackedHours.total(bytes, of: block) == (events, total) else {
      throw Fault(.dataDamaged, "block \(block.number) of the buckets does not add up")
    }
  }

  private static func sum(
    _ subject: Int64, _ hour: Int64, _ events: Int64, _ units: Int128
  ) -> UInt64 {
    let row = MultisetSum.mix(
      MultisetSum.mix(subject, hour, events), Int64(truncatingIfNeeded: units))
    return MultisetSum.mix(row, Int64(truncatingIfNeeded: units >> 64))
  }

  private var findings: [String] {
    let blocks = Set(sums.filter { $0.value != 0 }.keys.map(\.block))
    return broken.sorted().map { "shelf \($0) of packed usage is damaged" }
      + blocks.sorted().map {
        let hour = Instant(clampingSeconds: $0 * HourBlock.hourCount * 3600)
        return "what is packed of the usage from \(hour) on is not what the buckets say"
      }
  }
}
