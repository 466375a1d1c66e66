import Base
import Foundation
import GRDB
import Ingestion

/// What stands in the place of corrected events. The log itself never changes: whoever counts it
/// leaves these events out, and takes what stands for them instead.
enum CorrectedEvents {
  /// What stands for one event.
  enum Standing {
    case itself
    case retracted(by: Int64)
    /// A page that holds the one record.
    case amended(LogPage, by: Int64)
  }

  static func standing(for event: Int64, _ db: Database) throws -> Standing {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT event, received, body, checksum, correction FROM event_amended WHERE event = ?"
      ),
      arguments: [event])
    guard let row else { return .itself }
    return try page(row).map { .amended($0, by: row[4]) } ?? .retracted(by: row[4])
  }

  /// Those of some events that something else stands for.
  static func corrected(_ sequences: Range<Int64>, _ db: Database) throws -> Set<Int64> {
    var corrected: Set<Int64> = []
    try RawStatement("SELECT event FROM event_amended WHERE event >= ? AND event < ?", db)
      .bind(sequences.lowerBound, sequences.upperBound).forEach { row in
        corrected.insert(row.number(0))
        return true
      }
    return corrected
  }

  /// Events, one a page and in order, on pages from `first` on for whose events something else
  /// stands: of a subject, where one is given, in some hours.
  static func pages(
    of subject: Int64?, hours: ClosedRange<Int64>, from first: Int64, limit: Int, _ db: Database
  ) throws -> [Int64] {
    try Int64.fetchAll(
      db,
      sql: """
        SELECT DISTINCT (SELECT max(first) FROM event_page WHERE first <= event) AS page
        FROM event_amended
        WHERE \(condition(subject)) AND hour >= ?2 AND hour <= ?3 AND event >= ?4
          AND body IS NOT NULL
        ORDER BY page LIMIT ?5
        """, arguments: [subject, hours.lowerBound, hours.upperBound, first, limit])
  }

  private static func condition(_ subject: Int64?) -> String {
    subject == nil ? "?1 IS NULL" : "subject = ?1"
  }

  /// What stands for corrected events, of one subject in some hours, or all of it.
  static func forEach(
    of subject: Int64? = nil, hours: ClosedRange<Int64> = .min ... .max, _ db: Database,
    _ body: (LogPage) throws -> Void
  ) throws {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT event, received, body, checksum FROM event_amended
          WHERE \(condition(subject)) AND hour >= ?2 AND hour <= ?3 AND body IS NOT NULL
          """), arguments: [subject, hours.lowerBound, hours.upperBound])
    while let row = try rows.next() {
      if let page = try page(row) { try body(page) }
    }
  }

  private static func page(_ row: Row) throws -> LogPage? {
    let body: Data? = row[2]
    guard let body else { return nil }
    return try body.withUnsafeBytes { body in
      try LogReader.page(first: row[0], count: 1, received: row[1], checksum: row[3], body)
    }
  }
}
