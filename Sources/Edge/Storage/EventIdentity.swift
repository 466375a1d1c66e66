import Base
import GRDB
import Ingestion
import Workflow

/// What an event is whose source and id are known already: a repeat, or a conflict.
enum EventIdentity {
  static func judge(
    _ row: EventRow, _ admitted: AdmittedEvent, _ batch: EventBatch, _ received: Instant,
    _ db: Database
  ) throws -> EventOutcome {
    let id = batch.text(row.id)
    guard
      let first = try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT sequence, type, subject, occurred, attributes, data FROM event
            WHERE source = ? AND id = ?
            """), arguments: [row.source, id])
    else { throw Fault(.internalError, "an event is both there and not there") }
    let isUndated = admitted.event.time == nil
    let sent = PayloadIdentity(
      type: row.type, subject: row.subject,
      occurredMicroseconds: row.occurred.microsecondsSinceEpoch,
      attributes: row.attributes.map { Array(batch.bytes[$0]) },
      data: row.data.map { Array(batch.bytes[$0]) })
    if sent.isSame(as: payload(first), ignoringTime: isUndated) { return .duplicate }
    try quarantine(
      sent, conflictingWith: first["sequence"], isUndated: isUndated, received, db)
    return .conflicting
  }

  /// Keeps the second payload, once however often it is sent and however it is spelt.
  private static func quarantine(
    _ sent: PayloadIdentity, conflictingWith sequence: Int64, isUndated: Bool,
    _ received: Instant, _ db: Database
  ) throws {
    let kept = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT type, subject, occurred, attributes, data FROM event_conflict WHERE event = ?
          """), arguments: [sequence])
    while let row = try kept.next() {
      if sent.isSame(as: payload(row), ignoringTime: isUndated) { return }
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO event_conflict (event, type, subject, occurred, received, attributes, data)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      sequence, sent.type, sent.subject, sent.occurredMicroseconds,
      received.microsecondsSinceEpoch, text(sent.attributes), text(sent.data),
    ])
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
