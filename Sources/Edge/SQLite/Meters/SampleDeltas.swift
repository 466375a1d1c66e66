import Base
import GRDB
import Ingestion
import Metering

/// What one transaction does to the samples of the hours it touches.
///
/// New samples are merged with those that are there. Where one was taken back, nobody knows whether
/// another event says the same: the hour is then read from the log, which by now says what stands.
struct SampleDeltas {
  private struct Change {
    let series: BucketSeries
    var samples: SampleSet
    var isTakenBack = false
  }

  private var changes: [Bucket: Change] = [:]

  mutating func add(_ sample: Sample, to bucket: Bucket, of series: BucketSeries) {
    changes[bucket, default: SampleDeltas.none(series)].samples.insert(sample)
  }

  mutating func takeBack(from bucket: Bucket, of series: BucketSeries) {
    changes[bucket, default: SampleDeltas.none(series)].isTakenBack = true
  }

  func save(_ db: Database) throws {
    let put = try RawStatement(
      """
      INSERT INTO bucket_samples (hour, meter, subject, samples) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (hour, meter, subject) DO UPDATE SET samples = excluded.samples
      """, db)
    for (bucket, change) in changes.sorted(by: { $0.key.precedes($1.key) }) {
      let samples =
        try change.isTakenBack
        ? SampleDeltas.logged(bucket, change.series, db)
        : SampleDeltas.stored(bucket, change.samples, db)
      guard !samples.samples.isEmpty else {
        try SampleDeltas.remove(bucket, db)
        continue
      }
      try samples.bytes(hour: bucket.hour).withUnsafeBytes {
        try put.bind(bucket.hour, bucket.meter, bucket.subject).run(blob: $0, at: 4)
      }
    }
  }

  private static func none(_ series: BucketSeries) -> Change {
    guard let rule = series.meter.aggregation.sampleRule else {
      preconditionFailure("a meter without samples has none to keep")
    }
    return Change(series: series, samples: SampleSet(rule))
  }

  private static func stored(
    _ bucket: Bucket, _ new: SampleSet, _ db: Database
  ) throws -> SampleSet {
    var samples = new
    try RawStatement(
      "SELECT samples FROM bucket_samples WHERE hour = ? AND meter = ? AND subject = ?", db
    ).bind(bucket.hour, bucket.meter, bucket.subject).forEach { row in
      samples.merge(try read(row.blob(0), new.rule, hour: bucket.hour))
      return false
    }
    return samples
  }

  private static func logged(
    _ bucket: Bucket, _ series: BucketSeries, _ db: Database
  ) throws -> SampleSet {
    let meter = series.meter
    let hour = Period(hours: bucket.hour..<bucket.hour + 1)
    var samples: [Sample] = []
    try EventLog.readings(of: meter, subject: bucket.subject, hour, db) { _, record, reading, _ in
      guard reading.group == series.group,
        let sample = meter.sample(of: reading, source: record.source)
      else { return }
      samples.append(sample)
    }
    return SampleSet(none(series).samples.rule, samples)
  }

  static func read(
    _ bytes: UnsafeRawBufferPointer, _ rule: SampleSet.Rule, hour: Int64
  ) throws(Fault) -> SampleSet {
    guard let samples = SampleSet(rule, bytes, hour: hour) else {
      throw Fault(.dataDamaged, "the samples of hour \(hour) are not what was written")
    }
    return samples
  }

  private static func remove(_ bucket: Bucket, _ db: Database) throws {
    try RawStatement(
      "DELETE FROM bucket_samples WHERE hour = ? AND meter = ? AND subject = ?", db
    ).bind(bucket.hour, bucket.meter, bucket.subject).run()
  }
}
