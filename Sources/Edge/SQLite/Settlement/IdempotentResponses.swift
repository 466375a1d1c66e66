import Base
import GRDB
import Workflow

/// The responses that were given to idempotency keys.
enum IdempotentResponses {
  /// How long a response is kept.
  private static let secondsMax: Int64 = 30 * 86_400

  static func find(_ key: IdempotencyKey, _ db: Database) throws -> IdempotentResponse? {
    let row = try Row.fetchOne(
      db, sql: "SELECT request, status, body FROM kept_answer WHERE subject = ? AND key = ?",
      arguments: [key.subject, key.key])
    guard let row else { return nil }
    guard row[0] == key.request.hex else { throw IdempotencyKey.reused }
    return IdempotentResponse(status: row[1], body: row[2])
  }

  static func keep(
    _ response: IdempotentResponse, _ key: IdempotencyKey, _ now: Instant, _ passed: PassedTime,
    _ db: Database
  ) throws {
    try db.execute(
      sql: "DELETE FROM kept_answer WHERE created < ?",
      arguments: [
        try passed.note(now, db).advanced(bySeconds: -Self.secondsMax).microsecondsSinceEpoch
      ])
    try db.execute(
      sql: """
        INSERT INTO kept_answer (subject, key, request, status, body, created)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        key.subject, key.key, key.request.hex, response.status, response.body,
        now.microsecondsSinceEpoch,
      ])
  }
}
