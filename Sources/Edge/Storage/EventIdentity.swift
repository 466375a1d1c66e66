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
    let sequence: Int64 = first["sequence"]
    let stored = PayloadIdentity(
      type: first["type"], subject: first["subject"],
      occurredMicroseconds: first["occurred"],
      attributes: bytes(first["attributes"]), data: bytes(first["data"]))
    let sent = PayloadIdentity(
      type: row.type, subject: row.subject,
      occurredMicroseconds: row.occurred.microsecondsSinceEpoch,
      attributes: row.attributes.map { Array(batch.bytes[$0]) },
      data: row.data.map { Array(batch.bytes[$0]) })
    if sent.isSame(as: stored, ignoringTime: admitted.event.time == nil) { return .duplicate }
    try quarantine(sent, conflictingWith: sequence, received, db)
    return .conflicting
  }

  /// Keeps the second payload, once however often it is sent.
  private static func quarantine(
    _ sent: PayloadIdentity, conflictingWith sequence: Int64, _ received: Instant, _ db: Database
  ) throws {
    let attributes = sent.attributes.map { String(decoding: $0, as: UTF8.self) }
    let data = sent.data.map { String(decoding: $0, as: UTF8.self) }
    try db.cachedStatement(
      sql: """
        INSERT INTO event_conflict (event, type, subject, occurred, received, attributes, data)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (
          SELECT 1 FROM event_conflict WHERE event = ?1 AND type = ?2 AND subject IS ?3
            AND occurred = ?4 AND attributes IS ?6 AND data IS ?7)
        """
    ).execute(arguments: [
      sequence, sent.type, sent.subject, sent.occurredMicroseconds,
      received.microsecondsSinceEpoch, attributes, data,
    ])
  }

  private static func bytes(_ text: String?) -> [UInt8]? { text.map { Array($0.utf8) } }
}
