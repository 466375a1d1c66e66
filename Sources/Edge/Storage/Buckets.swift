package import Base
import GRDB
import Ingestion
import Metering

/// A subject and the stretch of time in which its events count.
package struct SubjectStretch: Hashable, Sendable {
  package let subject: String
  package let period: Period

  package init(_ subject: String, _ period: Period) {
    self.subject = subject
    self.period = period
  }
}

/// Reads usage: whole hours from buckets, what sticks out at either side from the log.
enum Buckets {
  /// Of all groups together.
  static func usage(
    _ meter: MeterDefinition, _ stretches: [SubjectStretch], _ db: Database
  ) throws -> Usage {
    try usageByGroup(meter, stretches, db).values.reduce(into: Usage()) { $0.add($1) }
  }

  /// By the values of the group, a JSON array each; one without a name where the meter has no
  /// groups. A group that has nothing to show is left out.
  static func usageByGroup(
    _ meter: MeterDefinition, _ stretches: [SubjectStretch], _ db: Database
  ) throws -> [String: Usage] {
    var usage: [String: Usage] = [:]
    let series = try MeterSeries.all(of: meter, db)
    for stretch in stretches where !stretch.period.isEmpty {
      let subject = try Names.find(stretch.subject, db)
      if let hold = meter.aggregation.holdSeconds {
        try Timelines.read(meter, series, subject, stretch.period, hold, db, into: &usage)
      } else if let subject {
        let split = HourSplit(stretch.period)
        for series in series {
          let hours = try hours(split.hours, series, subject: subject, db)
          if hours != Usage() { usage[series.group, default: Usage()].add(hours) }
        }
        for edge in split.edges { try read(meter, subject, edge, db, into: &usage) }
      }
    }
    return usage
  }

  /// The first and the last hour of a subject's buckets; nothing where it has none.
  static func span(
    _ meter: MeterDefinition, subject: Int64, _ db: Database
  ) throws -> [Int64] {
    try MeterSeries.all(of: meter, db).flatMap { series in
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

  private static func hours(
    _ hours: Range<Int64>, _ series: MeterSeries, subject: Int64, _ db: Database
  ) throws -> Usage {
    var usage = Usage()
    let aggregation = series.meter.aggregation
    try RawStatement(
      """
      SELECT events, units_high, units_low, hour_seen.hour FROM hour_seen
      CROSS JOIN bucket ON bucket.hour = hour_seen.hour AND meter = ? AND subject = ?
      WHERE hour_seen.hour >= ? AND hour_seen.hour < ?
      """, db
    ).bind(series.number, subject, hours.lowerBound, hours.upperBound).forEach { row in
      let sum = WideSum(high: row.number(1), low: row.number(2))
      usage.add(Tally(count: row.number(0), units: sum.units))
      if case .percentile = aggregation { usage.add(.hours([row.number(3): sum.units])) }
      return true
    }
    guard let rule = aggregation.sampleRule else { return usage }
    let samples = try samples(rule, hours, series, subject: subject, db)
    if !samples.samples.isEmpty { usage.add(.samples(samples)) }
    return usage
  }

  static func samples(
    _ rule: SampleSet.Rule, _ hours: Range<Int64>, _ series: MeterSeries, subject: Int64,
    _ db: Database
  ) throws -> SampleSet {
    var samples = SampleSet(rule)
    try RawStatement(
      """
      SELECT samples, hour_seen.hour FROM hour_seen
      CROSS JOIN bucket_samples
        ON bucket_samples.hour = hour_seen.hour AND meter = ? AND subject = ?
      WHERE hour_seen.hour >= ? AND hour_seen.hour < ?
      ORDER BY hour_seen.hour
      """, db
    ).bind(series.number, subject, hours.lowerBound, hours.upperBound).forEach { row in
      samples.merge(try SampleDeltas.read(row.blob(0), rule, hour: row.number(1)))
      return true
    }
    return samples
  }

  /// What lies at the edge of a window, from the log.
  private static func read(
    _ meter: MeterDefinition, _ subject: Int64, _ edge: Period, _ db: Database,
    into usage: inout [String: Usage]
  ) throws {
    var found: [String: Usage] = [:]
    try EventLog.readings(of: meter, subject: subject, edge, db) { _, record, reading, tally in
      var more = Usage(tally)
      if case .percentile = meter.aggregation {
        more.add(.hours([reading.occurred.hour: tally.units]))
      }
      if let rule = meter.aggregation.sampleRule,
        let sample = meter.sample(of: reading, source: record.source)
      {
        more.add(.samples(SampleSet(rule, [sample])))
      }
      found[reading.group, default: Usage()].add(more)
    }
    usage.merge(found) { $0.adding($1) }
  }
}
