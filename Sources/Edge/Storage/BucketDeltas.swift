import Base
import GRDB
import Metering

/// What one transaction adds to the buckets, summed up before it is written.
struct BucketDeltas {
  private var usage: [Bucket: Usage] = [:]

  mutating func add(_ units: Int64, to bucket: Bucket) {
    usage[bucket, default: Usage()].add(Usage(count: 1, units: Int128(units)))
  }

  mutating func take(_ units: Int64, from bucket: Bucket) {
    usage[bucket, default: Usage()].add(Usage(count: -1, units: -Int128(units)))
  }

  func save(_ hours: inout HoursSeen, _ db: Database) throws {
    let statement = try RawStatement(
      """
      INSERT INTO bucket (hour, meter, subject, events, units_high, units_low)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (hour, meter, subject) DO UPDATE SET
        events = events + excluded.events,
        units_high = units_high + excluded.units_high
          + ((units_low + excluded.units_low) >> \(WideSum.lowBits)),
        units_low = (units_low + excluded.units_low) & \(WideSum.lowMask)
      """, db)
    // In the order of the table, so that neighbours are written one behind the other.
    for (bucket, usage) in usage.sorted(by: { $0.key.precedes($1.key) }) {
      let sum = WideSum(usage.units)
      try hours.note(bucket.hour, db)
      try statement.bind(
        bucket.hour, bucket.meter, bucket.subject, usage.count, sum.high, sum.low
      ).run()
    }
  }
}

extension Bucket {
  fileprivate func precedes(_ other: Bucket) -> Bool {
    if hour != other.hour { return hour < other.hour }
    if meter != other.meter { return meter < other.meter }
    return subject < other.subject
  }
}

/// A sum of up to 125 bits as the two integers of a row: high * 2^62 + low, with low never
/// negative.
struct WideSum {
  static let lowBits: Int128 = 62
  static let lowMask: Int64 = (1 << 62) - 1

  let high: Int64
  let low: Int64

  init(_ units: Int128) {
    high = Int64(units >> WideSum.lowBits)
    low = Int64(units & Int128(WideSum.lowMask))
  }

  init(high: Int64, low: Int64) {
    self.high = high
    self.low = low
  }

  var units: Int128 { Int128(high) << WideSum.lowBits + Int128(low) }
}
