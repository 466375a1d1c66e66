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
      usage.add(try hours(split.hours, meter: number, subject: subject, db))
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
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT min(hour), max(hour) FROM bucket WHERE meter = ? AND subject = ?"),
      arguments: [meter, subject])
    return [row?[0], row?[1]].compactMap { $0 as Int64? }
  }

  private static func hours(
    _ hours: Range<Int64>, meter: Int64, subject: Int64, _ db: Database
  ) throws -> Usage {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT events, units_high, units_low FROM bucket
          WHERE meter = ? AND subject = ? AND hour >= ? AND hour < ?
          """), arguments: [meter, subject, hours.lowerBound, hours.upperBound])
    var usage = Usage()
    while let row = try rows.next() {
      let sum = WideSum(high: row[1], low: row[2])
      usage.add(Usage(count: row[0], units: sum.units))
    }
    return usage
  }
}
