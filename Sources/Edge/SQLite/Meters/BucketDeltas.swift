import Base
import GRDB
import Metering

/// What one transaction adds to the buckets, summed up before it is written.
struct BucketDeltas {
  private var tallies: [Bucket: Tally] = [:]
  private var samples = SampleDeltas()

  /// Makes room for so many buckets: to grow as they come took 7 % of a large commit.
  mutating func reserve(_ buckets: Int) { tallies.reserveCapacity(buckets) }

  mutating func add(_ units: Int64, to bucket: Bucket) {
    add(Tally(count: 1, units: Int128(units)), to: bucket)
  }

  /// A tally below zero takes away what an event had added that no longer counts.
  mutating func add(_ tally: Tally, to bucket: Bucket) {
    tallies[bucket, default: Tally()].add(tally)
  }

  /// Adds what a meter read from an event, or takes it back.
  mutating func count(
    _ reading: Reading, in series: BucketSeries, subject: Int64, source: Int64,
    isTakenBack: Bool = false
  ) {
    for piece in reading.pieces {
      add(
        isTakenBack ? -piece.tally : piece.tally,
        to: Bucket(meter: series.number, subject: subject, hour: piece.hour))
    }
    guard let sample = series.meter.sample(of: reading, source: source) else { return }
    let bucket = Bucket(meter: series.number, subject: subject, hour: reading.occurred.hour)
    if isTakenBack {
      samples.takeBack(from: bucket, of: series)
    } else {
      samples.add(sample, to: bucket, of: series)
    }
  }

  /// `note` is told of each bucket before it changes: its block may be packed.
  func save(
    _ hours: inout ActiveHours, _ db: Database, note: (Bucket) throws -> Void
  ) throws {
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
    for (bucket, tally) in tallies.sorted(by: { $0.key.precedes($1.key) }) {
      let sum = WideSum(tally.units)
      try hours.note(bucket.hour, db)
      try note(bucket)
      try statement.bind(
        bucket.hour, bucket.meter, bucket.subject, tally.count, sum.high, sum.low
      ).run()
      // What a recount would not find must not be there.
      if tally.count <= 0 { try BucketDeltas.removeIfEmpty(bucket, db) }
    }
    try samples.save(db)
  }

  private static func removeIfEmpty(_ bucket: Bucket, _ db: Database) throws {
    try RawStatement(
      """
      DELETE FROM bucket WHERE hour = ? AND meter = ? AND subject = ?
        AND events = 0 AND units_high = 0 AND units_low = 0
      """, db
    ).bind(bucket.hour, bucket.meter, bucket.subject).run()
  }
}

extension Bucket {
  func precedes(_ other: Bucket) -> Bool {
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
