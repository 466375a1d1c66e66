import Base
import Foundation
import GRDB
import Ingestion
import Metering
import Settlement

/// From one moment to a later one: what came in between is added, and nothing is counted twice.
extension Replica {
  /// Whether what is here is a beginning of what was there at another moment. Of two moments at the
  /// same time by the clock, and with the same log, the one may have known a newer version of a
  /// meter serve.
  func canAdvance(to next: Moment) throws -> Bool {
    guard next.lastEvent >= moment.lastEvent, next.time >= moment.time else { return false }
    let served = try store.pool.read { try Replica.live($0) }
    return next.meters.allSatisfy { key, version in served[key].map { $0 <= version } ?? true }
  }

  func advance(to next: Moment) throws {
    let state = catalogs.current
    let hasAgreed = try store.writeSteps { db in
      try db.execute(
        sql: "ATTACH DATABASE ? AS original",
        arguments: [original.address])
      defer { try? db.execute(sql: "DETACH DATABASE original") }
      var hasAgreed = false
      try db.inTransaction {
        try takeEvents(through: next.lastEvent, state, db)
        try takeDocuments(through: next.time, db)
        hasAgreed = try takeAgreements(through: next, db)
        return .commit
      }
      return hasAgreed
    }
    moment = next
    guard hasAgreed else { return }
    catalogs = try Catalogs(store, zones)
    while try catalogs.countMeters() {}
  }

  private func takeEvents(
    through last: Int64, _ state: CatalogState, _ db: Database
  ) throws {
    let from = moment.lastEvent
    guard last > from else { return }
    for table in ["event_page", "event_place"] {
      let page = table == "event_page" ? "first" : "page"
      try db.execute(
        sql: """
          INSERT INTO \(table) SELECT * FROM original.\(table)
          WHERE \(page) > \(from) AND \(page) <= \(last)
            AND \(page) NOT IN (\(original.unreadable))
          """)
    }
    // What was corrected before it came is here now.
    let new = try Row.fetchAll(
      db,
      sql: """
        SELECT sequence, event FROM original.event_correction AS one
        WHERE sequence <= \(last) AND event <= \(last) AND (sequence > \(from) OR event > \(from))
        ORDER BY sequence
        """)
    try db.execute(
      sql: """
        INSERT INTO event_correction
        SELECT sequence, source, id, CASE WHEN event <= \(last) THEN event END
        FROM original.event_correction WHERE sequence > \(from) AND sequence <= \(last)
        """)
    var corrections: [Int64: [Int64]] = [:]
    for row in new { corrections[row[1], default: []].append(row[0]) }
    try count(from: from, corrections, state, db)
  }

  /// Counts the new events as they were sent; then, event by event, what stands for those that were
  /// corrected meanwhile.
  private func count(
    from last: Int64, _ corrections: [Int64: [Int64]], _ state: CatalogState, _ db: Database
  ) throws {
    var (names, buckets, hours) = (Names(), BucketDeltas(), HoursSeen())
    let reader = try MeterReader(state.meters.meters, db)
    try EventPages.forEach(from: last + 1, db) { page in
      for sequence in page.sequences {
        let record = page[sequence]
        guard let subject = record.subject else { continue }
        for reading in reader.readings(record, of: page) {
          let series = try MeterSeries(reading, state, &names, db)
          buckets.count(reading, in: series, subject: subject, source: record.source)
        }
      }
      return true
    }
    var keeper = try CorrectionKeeper(state, db)
    for (event, new) in corrections.sorted(by: { $0.key < $1.key }) {
      try keeper.settle(event, new: new, &names, &buckets, db)
    }
    try buckets.save(&hours, db) { _ in }
  }

  /// What finance did up to a time: final invoices, what happened to them, and adjustments.
  private func takeDocuments(through time: Instant, _ db: Database) throws {
    let (from, until) = (
      moment.time.microsecondsSinceEpoch, time.microsecondsSinceEpoch
    )
    let before = lastInvoiceEvent
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT sequence, body ->> '$.at', invoice FROM original.invoice_event
        WHERE sequence > \(before) ORDER BY sequence
        """)
    while let row = try rows.next(), let at = (row[1] as String?).flatMap({ Instant($0) }),
      at <= time
    {
      lastInvoiceEvent = row[0]
    }
    let new = try String.fetchAll(
      db,
      sql: """
        SELECT DISTINCT invoice FROM original.invoice_event
        WHERE sequence > \(before) AND sequence <= \(lastInvoiceEvent) AND kind = 'finalised'
        """)
    for key in new {
      try db.execute(
        sql: "INSERT OR IGNORE INTO invoice SELECT * FROM original.invoice WHERE key = ?",
        arguments: [key])
      try takeInvoiceEvents("invoice = ? AND sequence <= ?", [key, before], db)
    }
    try db.execute(
      sql: """
        INSERT INTO row_proof (sequence, body, digest)
        SELECT sequence, body, digest FROM original.row_proof
        WHERE sequence > (SELECT coalesce(max(sequence), 0) FROM row_proof)
        """)
    // Credit notes name invoices that must be there.
    for (table, time) in [
      ("adjustment", "created"), ("adjustment_withdrawal", "created"), ("credit_note", "issued"),
      ("credit_note_reversal", "issued"),
    ] {
      try db.execute(
        sql: """
          INSERT INTO \(table) SELECT * FROM original.\(table)
          WHERE \(time) > \(from) AND \(time) <= \(until)
          """)
    }
    try takeInvoiceEvents(
      """
      sequence > ? AND sequence <= ?
        AND EXISTS (SELECT 1 FROM invoice WHERE invoice.key = event.invoice)
      """, [before, lastInvoiceEvent], db)
  }

  private func takeInvoiceEvents(
    _ which: String, _ arguments: StatementArguments, _ db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO invoice_event (sequence, body, digest)
        SELECT sequence, body, digest FROM original.invoice_event AS event WHERE \(which)
        """, arguments: arguments)
  }

  /// What was agreed on up to a moment; whether anything was. A version of a meter that serves now
  /// and did not before is counted from the start.
  private func takeAgreements(through next: Moment, _ db: Database) throws -> Bool {
    try db.execute(
      sql: """
        INSERT INTO catalog_object SELECT * FROM original.catalog_object
        WHERE created > \(moment.time.microsecondsSinceEpoch)
          AND created <= \(next.time.microsecondsSinceEpoch)
        """)
    let isNew = db.changesCount > 0
    let served = try Replica.live(db)
    let stale = try Replica.meters(next.meters, db).filter { served[$0.key] != $0.version }
    for entry in stale { try MeterCount.begin(entry, db) }
    return isNew || !stale.isEmpty
  }

  /// Which version of each meter serves.
  private static func live(_ db: Database) throws -> [String: Int] {
    let counts = try MeterCount.all(.live, db)
    return Dictionary(uniqueKeysWithValues: counts.map { ($0.meter.key.text, $0.version) })
  }
}
