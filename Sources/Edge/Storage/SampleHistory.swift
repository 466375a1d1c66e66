import Base
import GRDB
import Metering

/// The samples of one subject and group, through time.
struct SampleHistory {
  private let series: MeterSeries
  private let subject: Int64

  init(_ series: MeterSeries, subject: Int64) {
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
