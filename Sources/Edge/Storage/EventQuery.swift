package import Base
import Contracts
import GRDB

/// An event as it is shown: itself, and what has become of it.
package struct LoggedEvent: Hashable, Sendable {
  package enum Status: String, CaseIterable, Sendable {
    /// Some meter counted it for some customer.
    case counted
    /// Kept, and not counted; the reason says why not.
    case unmatched
    /// Another payload under a known source and id, kept aside.
    case conflicting
  }

  package let sequence: Int64
  package let source: String
  package let id: String
  package let type: String
  package let subject: String?
  package let occurred: Instant
  package let received: Instant
  package let attributes: String?
  package let data: String?
  package let status: Status
  package let reason: Fault.Code?
}

/// Looks up events of the log. Nothing a device sent is ever out of sight.
package struct EventQuery: Sendable {
  private let store: Store
  private let catalogs: Catalogs

  package init(_ store: Store, _ catalogs: Catalogs) {
    self.store = store
    self.catalogs = catalogs
  }

  /// At most `limit` events behind the position `after`, in order of admission.
  package func list(
    status: LoggedEvent.Status?, subject: String?, after: Int64, limit: Int
  ) throws -> [LoggedEvent] {
    try store.pool.read { db in
      let arguments: StatementArguments = [after, subject, limit]
      switch status {
      case .conflicting:
        return try Row.fetchAll(db, sql: EventQuery.conflicting, arguments: arguments)
          .map { try event($0, isConflict: true) }
      case nil, .counted, .unmatched:
        let condition =
          switch status {
          case .counted: "AND NOT \(EventQuery.isUnmatched)"
          case .unmatched: "AND \(EventQuery.isUnmatched)"
          default: ""
          }
        return try Row.fetchAll(
          db, sql: EventQuery.logged(condition), arguments: arguments
        ).map { try event($0, isConflict: false) }
      }
    }
  }

  /// How many events the log holds: their numbers have no gaps.
  package func storedCount() throws -> Int {
    try store.pool.read { try Int.fetchOne($0, sql: "SELECT max(sequence) FROM event") } ?? 0
  }

  /// What `Catalog.doubt(aboutSubject:at:)` says, in the words of the database.
  private static let isUnmatched = """
    (event.doubt IS NOT NULL OR event.subject IS NULL
      OR (NOT EXISTS (SELECT 1 FROM assignment WHERE asset = subject.text
            AND starts <= event.occurred AND event.occurred < ends)
        AND NOT (
          EXISTS (SELECT 1 FROM catalog_object WHERE kind = 'customer' AND key = subject.text)
          AND NOT EXISTS (
            SELECT 1 FROM catalog_object WHERE kind = 'asset' AND key = subject.text))))
    """

  private static func logged(_ condition: String) -> String {
    """
    SELECT event.sequence, source.text AS source, event.id, type.text AS type,
      subject.text AS subject, event.occurred, event.received, event.attributes, event.data,
      event.doubt
    FROM event JOIN name AS source ON source.id = event.source
      JOIN name AS type ON type.id = event.type
      LEFT JOIN name AS subject ON subject.id = event.subject
    WHERE event.sequence > ?1 AND (?2 IS NULL OR subject.text = ?2) \(condition)
    ORDER BY event.sequence LIMIT ?3
    """
  }

  private static let conflicting = """
    SELECT event_conflict.sequence, source.text AS source, event.id, type.text AS type,
      subject.text AS subject, event_conflict.occurred, event_conflict.received,
      event_conflict.attributes, event_conflict.data, NULL AS doubt
    FROM event_conflict JOIN event ON event.sequence = event_conflict.event
      JOIN name AS source ON source.id = event.source
      JOIN name AS type ON type.id = event_conflict.type
      LEFT JOIN name AS subject ON subject.id = event_conflict.subject
    WHERE event_conflict.sequence > ?1 AND (?2 IS NULL OR subject.text = ?2)
    ORDER BY event_conflict.sequence LIMIT ?3
    """

  private func event(_ row: Row, isConflict: Bool) throws -> LoggedEvent {
    let occurred = Instant(microsecondsSinceEpoch: row["occurred"]) ?? .earliest
    let doubt: String? = row["doubt"]
    let subject: String? = row["subject"]
    let reason =
      isConflict
      ? Fault.Code.conflictingEvent
      : catalogs.current.catalog.doubt(aboutSubject: subject, at: occurred)
        ?? doubt.flatMap(Fault.Code.init(rawValue:))
    return LoggedEvent(
      sequence: row["sequence"], source: row["source"], id: row["id"], type: row["type"],
      subject: subject, occurred: occurred,
      received: Instant(microsecondsSinceEpoch: row["received"]) ?? .earliest,
      attributes: row["attributes"], data: row["data"],
      status: isConflict ? .conflicting : reason == nil ? .counted : .unmatched, reason: reason)
  }
}
