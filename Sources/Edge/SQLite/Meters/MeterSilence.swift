import Base
import GRDB
import Ingestion
import Metering

/// When a meter saw something last, and whether its subjects sent events of its types since.
enum MeterSilence {
  static func hasSpoken(
    _ meter: MeterDefinition, _ stretch: SubjectStretch, _ db: Database
  ) throws -> Bool {
    guard let subject = try TextInterner.find(stretch.subject, db) else { return false }
    let types = try Set(meter.eventTypes.compactMap { try TextInterner.find($0, db) })
    var hasSpoken = false
    try EventLog.forEach(of: subject, stretch.period, db) { _, record in
      if types.contains(record.type) { hasSpoken = true }
    }
    return hasSpoken
  }

  /// The hour is in the buckets, the time in the log.
  static func last(
    _ meter: MeterDefinition, _ stretches: [SubjectStretch], _ db: Database
  ) throws -> Instant? {
    let series = try BucketSeries.all(of: meter, db)
    var last: Instant?
    for stretch in stretches where !stretch.period.isEmpty {
      guard let subject = try TextInterner.find(stretch.subject, db) else { continue }
      var hours = stretch.period.hours.lowerBound..<stretch.period.hours.upperBound + 1
      while let hour = try lastHour(of: subject, hours, series, db) {
        let part = Period(hours: hour..<hour + 1).intersection(stretch.period)
        if let found = try lastEvent(of: subject, meter, part, db) {
          last = max(last ?? found, found)
          break
        }
        hours = hours.lowerBound..<hour
      }
    }
    return last
  }

  private static func lastHour(
    of subject: Int64, _ hours: Range<Int64>, _ series: [BucketSeries], _ db: Database
  ) throws -> Int64? {
    var last: Int64?
    for series in series where !hours.isEmpty {
      let blocks = try BlockReader(meter: series.number, hours, db)
      try blocks.forEachHour(
        hours, of: subject, db, whole: { _, _, _ in false },
        each: { hour, count, _ in if count > 0 { last = max(last ?? hour, hour) } })
    }
    return last
  }

  private static func lastEvent(
    of subject: Int64, _ meter: MeterDefinition, _ period: Period, _ db: Database
  ) throws -> Instant? {
    var last: Instant?
    try EventLog.readings(of: meter, subject: subject, period, db) { _, record, _, tally in
      if tally.count > 0 { last = max(last ?? record.occurred, record.occurred) }
    }
    return last
  }
}
