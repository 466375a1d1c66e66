import Base
import GRDB
import Synchronization

/// Times that say what a rating knew, and for nothing else: they never go back, whatever the clock
/// does. What is agreed is later than every rating that began before it.
package final class OrderedTime: Sendable {
  private let last: Mutex<Instant>

  /// Goes on from the last agreement and the last draft. Where these cannot be read the catalog
  /// cannot be changed, or is by the clock.
  init(_ db: Database) {
    let agreed = try? Int64.fetchOne(db, sql: "SELECT max(created) FROM catalog_object")
    let rated = try? Int64.fetchOne(
      db,
      sql: """
        SELECT rated FROM invoice_event AS event CROSS JOIN invoice ON invoice.key = event.invoice
        WHERE event.kind = 'drafted' ORDER BY event.sequence DESC LIMIT 1
        """)
    let times = [agreed, rated].compactMap(\.self).compactMap(Instant.init(microsecondsSinceEpoch:))
    last = Mutex(times.max() ?? .earliest)
  }

  /// That of a rating which begins now: all that was agreed before is at this time or an earlier
  /// one. To be asked before what is agreed is read.
  func rating(_ now: Instant) -> Instant {
    last.withLock { last in
      last = max(now, last)
      return last
    }
  }

  /// That of what is agreed now.
  func agreement(_ now: Instant) -> Instant {
    last.withLock { last in
      let next = Instant(microsecondsSinceEpoch: last.microsecondsSinceEpoch + 1) ?? .latest
      last = max(now, next)
      return last
    }
  }
}
