import Base
import GRDB
import Ingestion
import Metering

/// Reads usage: whole hours from buckets, what sticks out at either side from the log.
enum BucketReader {
  /// The first and the last hour of a subject's buckets; nothing where it has none.
  static func span(
    _ meter: MeterDefinition, subject: Int64, _ db: Database
  ) throws -> [Int64] {
    try BucketSeries.all(of: meter, db).flatMap { series in
      try ["ASC", "DESC"].compactMap { order in
        try Int64.fetchOne(
          db.cachedStatement(
            sql: """
              SELECT bucket.hour FROM hour_seen
              CROSS JOIN bucket ON bucket.hour = hour_seen.hour AND meter = ? AND subject = ?
              ORDER BY hour_seen.hour \(order) LIMIT 1
              """), arguments: [series.number, subject])
      }
    }
  }

  /// Gives the usage of every hour that has a bucket.
  static func forEachHour(
    _ hours: Range<Int64>, meter: Int64, subject: Int64, _ db: Database,
    _ body: (Int64, Tally) -> Void
  ) throws {
    try RawStatement(
      """
      SELECT bucket.hour, events, units_high, units_low FROM hour_seen
      CROSS JOIN bucket ON bucket.hour = hour_seen.hour AND meter = ? AND subject = ?
      WHERE hour_seen.hour >= ? AND hour_seen.hour < ?
      """, db
    ).bind(meter, subject, hours.lowerBound, hours.upperBound).forEach { row in
      let sum = WideSum(high: row.number(2), low: row.number(3))
      body(row.number(0), Tally(count: row.number(1), units: sum.units))
      return true
    }
  }

  /// Gives the samples of every hour that has any, in order.
  static func forEachSamples(
    _ rule: SampleSet.Rule, _ hours: Range<Int64>, _ series: BucketSeries, subject: Int64,
    _ db: Database, _ body: (Int64, SampleSet) -> Void
  ) throws {
    try RawStatement(
      """
      SELECT samples, hour_seen.hour FROM hour_seen
      CROSS JOIN bucket_samples
        ON bucket_samples.hour = hour_seen.hour AND meter = ? AND subject = ?
      WHERE hour_seen.hour >= ? AND hour_seen.hour < ?
      ORDER BY hour_seen.hour
      """, db
    ).bind(series.number, subject, hours.lowerBound, hours.upperBound).forEach { row in
      body(row.number(1), try SampleDeltas.read(row.blob(0), rule, hour: row.number(1)))
      return true
    }
  }
}
