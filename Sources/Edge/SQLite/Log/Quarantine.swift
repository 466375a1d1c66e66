import Base
import Foundation
import GRDB
import Ingestion

/// Keeps second payloads under a known source and id: the first stands, these are shown.
enum Quarantine {
  struct Entry {
    /// As in `StoredEvent.place`.
    let known: Int64
    let sent: PayloadIdentity
    let isUndated: Bool
    let received: Instant
    /// The number of who posted it.
    let author: Int64?
  }

  /// Keeps a payload once, however often it is sent and however it is spelt.
  static func keep(_ entry: Entry, conflictingWith sequence: Int64, _ db: Database) throws {
    let kept = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT type, subject, occurred, attributes, data FROM event_conflict WHERE event = ?
          """), arguments: [sequence])
    while let row = try kept.next() {
      if entry.sent.isSame(as: payload(row), ignoringTime: entry.isUndated) { return }
    }
    let sent = entry.sent
    try db.cachedStatement(
      sql: """
        INSERT INTO event_conflict
          (event, type, subject, occurred, received, attributes, data, author)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      sequence, sent.type, sent.subject, sent.occurredMicroseconds,
      entry.received.microsecondsSinceEpoch, text(sent.attributes), text(sent.data), entry.author,
    ])
    try ProvenTable.conflict.prove(db.lastInsertedRowID, db: db)
  }

  private static func payload(_ row: Row) -> PayloadIdentity {
    PayloadIdentity(
      type: row["type"], subject: row["subject"], occurredMicroseconds: row["occurred"],
      attributes: bytes(row["attributes"]), data: bytes(row["data"]))
  }

  private static func bytes(_ text: String?) -> [UInt8]? { text.map { Array($0.utf8) } }

  private static func text(_ bytes: [UInt8]?) -> String? {
    bytes.map { String(decoding: $0, as: UTF8.self) }
  }
}
