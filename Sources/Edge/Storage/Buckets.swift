package import Base
import GRDB
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
  static func usage(
    _ meter: MeterDefinition, _ stretches: [SubjectStretch], _ db: Database
  ) throws -> Usage {
    var usage = Usage()
    guard let number = try Names.find(meter.key.text, db) else { return usage }
    for stretch in stretches {
      guard let subject = try Names.find(stretch.subject, db) else { continue }
      let split = HourSplit(stretch.period)
      let blocks = try BlockReader(meter: number, split.hours, db)
      try blocks.forEachHour(split.hours, of: subject, db) { usage.add($1) }
      for edge in split.edges {
        for event in try EventLog.counted(by: meter, subject: subject, edge, db) {
          usage.add(Usage(count: 1, units: Int128(event.units)))
        }
      }
    }
    return usage
  }

  /// The first and the last hour of a subject's buckets; nothing where it has none.
  static func span(meter: Int64, subject: Int64, _ db: Database) throws -> [Int64] {
    try ["ASC", "DESC"].compactMap { order in
      try Int64.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT bucket.hour FROM hour_seen
            CROSS JOIN bucket ON bucket.hour = hour_seen.hour AND meter = ? AND subject = ?
            ORDER BY hour_seen.hour \(order) LIMIT 1
            """), arguments: [meter, subject])
    }
  }

  /// Gives the usage of every hour that has a bucket.
  static func forEachHour(
    _ hours: Range<Int64>, meter: Int64, subject: Int64, _ db: Database,
    _ body: (Int64, Usage) -> Void
  ) throws {
    try RawStatement(
      """
      SELECT bucket.hour, events, units_high, units_low FROM hour_seen
      CROSS JOIN bucket ON bucket.hour = hour_seen.hour AND meter = ? AND subject = ?
      WHERE hour_seen.hour >= ? AND hour_seen.hour < ?
      """, db
    ).bind(meter, subject, hours.lowerBound, hours.upperBound).forEach { row in
      let sum = WideSum(high: row.number(2), low: row.number(3))
      body(row.number(0), Usage(count: row.number(1), units: sum.units))
      return true
    }
  }
}
