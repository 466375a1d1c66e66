import Base
import Foundation
import GRDB

/// A time that has surely passed, however the clock jumps: it goes on from what was noted last only
/// as fast as the process lives, and never beyond the clock.
///
/// What may be forgotten once a time has passed is forgotten by this one. By the clock alone, an
/// hour in the wrong year would bring back every token that was revoked.
package final class PassedTime: Sendable {
  private let start: Instant
  private let started = ContinuousClock.now

  /// Goes on from what the database notes; from `now` where it is new.
  init(_ db: Database, now: Instant) throws {
    let noted = try Int64.fetchOne(db, sql: "SELECT until FROM passed_time")
    start = noted.flatMap(Instant.init(microsecondsSinceEpoch:)) ?? now
  }

  /// The time that has surely passed when the clock shows `now`; the database notes it.
  func note(_ now: Instant, _ db: Database) throws -> Instant {
    let lived = started.duration(to: .now).components.seconds
    let passed = min(now, start.advanced(bySeconds: lived))
    try db.execute(
      sql: """
        INSERT INTO passed_time (one, until) VALUES (1, ?)
        ON CONFLICT (one) DO UPDATE SET until = max(until, excluded.until)
        """, arguments: [passed.microsecondsSinceEpoch])
    return passed
  }
}
