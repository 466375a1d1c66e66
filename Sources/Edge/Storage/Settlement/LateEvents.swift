import Base
import Contracts
import GRDB
import Synchronization

/// Says whether anything came in behind an invoice that may change it, so that a run rates only
/// those earlier months anew that it must. What it knows of the log is read once, when it is first
/// asked: whatever comes while a run goes on, the next run sees.
final class LateEvents: Sendable {
  /// Where the pages of the log start, and the earliest time on them or any behind them.
  private struct Tail: Sendable {
    var firsts: [Int64] = []
    var earliest: [Int64] = []
    var lastCorrection: Int64 = 0
    var lastAgreement: Int64 = 0
  }

  private let tail = Mutex<Tail?>(nil)

  /// True where an event of its time, a correction of an event, or another word about assets or
  /// indices came behind it. It may be true where nothing changes; it is never false where
  /// something does.
  func mayTouch(_ invoice: KeptInvoice, _ db: Database) throws -> Bool {
    guard let last = invoice.lastEvent else { return true }
    let tail = try self.tail.withLock { known in
      let tail = try known ?? LateEvents.read(db)
      known = tail
      return tail
    }
    if tail.lastCorrection > last
      || tail.lastAgreement >= invoice.rated.microsecondsSinceEpoch
    {
      return true
    }
    let place = tail.firsts.indices.partitionPoint { tail.firsts[$0] > last }
    return place < tail.firsts.count
      && tail.earliest[place] < invoice.periodEnd.microsecondsSinceEpoch
  }

  private static func read(_ db: Database) throws -> Tail {
    var tail = Tail()
    let rows = try Row.fetchCursor(
      db, sql: "SELECT first, earliest FROM event_page ORDER BY first")
    while let row = try rows.next() {
      tail.firsts.append(row[0])
      tail.earliest.append(row[1])
    }
    for place in tail.earliest.indices.dropLast().reversed() {
      tail.earliest[place] = min(tail.earliest[place], tail.earliest[place + 1])
    }
    tail.lastCorrection =
      try Int64.fetchOne(db, sql: "SELECT max(correction) FROM event_amended") ?? 0
    tail.lastAgreement =
      try Int64.fetchOne(
        db,
        sql: """
          SELECT max(created) FROM catalog_object
          WHERE kind IN ('asset', 'indexSeries', 'meter')
          """) ?? 0
    return tail
  }
}
