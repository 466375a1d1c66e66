import Base
import GRDB
import Metering

/// The samples of one subject and group, through time.
struct SampleHistory {
  private let series: BucketSeries
  private let subject: Int64

  init(_ series: BucketSeries, subject: Int64) {
    self.series = series
    self.subject = subject
  }

  /// Those of a period, and those before it that the meter remembers; in order.
  func samples(
    of period: Period, _ memory: MeterDefinition.Memory, _ db: Database
  ) throws -> [Sample] {
    let hours = period.start.hour..<period.hours.upperBound + 1
    let end = period.end.microsecondsSinceEpoch
    let samples =
      switch memory {
      case .last: try last(before: hours.lowerBound, db) + samples(hours, db)
      case .all: try samples(Int64.min..<hours.upperBound, db)
      case .within(let seconds):
        try samples(
          period.start.advanced(bySeconds: -Int64(seconds)).hour..<hours.upperBound, db)
      }
    return Array(samples[..<samples.indices.partitionPoint { samples[$0].time >= end }])
  }

  /// Those that what a meter shows of some times rests on, by group; nil for all groups. The times
  /// rise, and there is at least one.
  static func basis(
    of meter: MeterDefinition, _ memory: MeterDefinition.Memory, subject: Int64, group: String?,
    in times: [Period], _ db: Database
  ) throws -> [String: Set<Sample>] {
    let whole = Period(start: times[0].start, end: times[times.count - 1].end)
    var basis: [String: Set<Sample>] = [:]
    for series in try BucketSeries.all(of: meter, db) where group == nil || group == series.group {
      let samples = try SampleHistory(series, subject: subject).samples(of: whole, memory, db)
      basis[series.group] = meter.basis(of: samples, in: times)
    }
    return basis
  }

  private func samples(_ hours: Range<Int64>, _ db: Database) throws -> [Sample] {
    var samples: [Sample] = []
    try RawStatement(
      """
      SELECT samples, hour FROM bucket_samples INDEXED BY bucket_samples_by_subject
      WHERE meter = ? AND subject = ? AND hour >= ? AND hour < ? ORDER BY hour
      """, db
    ).bind(series.number, subject, hours.lowerBound, hours.upperBound).forEach { row in
      samples += try SampleDeltas.read(row.blob(0), .all, hour: row.number(1)).samples
      return true
    }
    return samples
  }

  /// Of the last hour before one that has any.
  private func last(before hour: Int64, _ db: Database) throws -> [Sample] {
    var samples: [Sample] = []
    try RawStatement(
      """
      SELECT samples, hour FROM bucket_samples INDEXED BY bucket_samples_by_subject
      WHERE meter = ? AND subject = ? AND hour < ? ORDER BY hour DESC LIMIT 1
      """, db
    ).bind(series.number, subject, hour).forEach { row in
      samples = try SampleDeltas.read(row.blob(0), .all, hour: row.number(1)).samples
      return false
    }
    return samples
  }
}
