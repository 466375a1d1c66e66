import Base
import Foundation
import GRDB
import Ingestion
import Metering
import Settlement
import Workflow

/// From one moment to a later one: what came in between is added, and nothing is counted twice.
extension Replica {
  /// Whether what is here is a beginning of what was there at another moment. Of two moments at the
  /// same time by the clock, and with the same log, the one may have known a newer version of a
  /// meter serve.
  func canAdvance(to next: Moment) throws -> Bool {
    guard next.lastEvent >= lastEvent, next.time >= moment.time,
      next.drafted >= lastInvoiceEvent || next.clock == moment.clock
    else { return false }
    let served = try store.pool.read { try Replica.live($0) }
    return next.meters.allSatisfy { key, version in served[key].map { $0 <= version } ?? true }
  }

  func advance(to next: Moment) throws {
    try agree(on: next)
    let state = catalogs.current
    try readingOriginal { db in
      try takeEvents(through: next.lastEvent, state, db)
      try takeDocuments(through: next, db)
    }
    moment = next
  }

  /// What was agreed on comes first: a version of a meter that serves only now counts what is here,
  /// and then, with all others, what comes.
  func agree(on next: Moment) throws {
    let hasAgreed = try readingOriginal { db in
      // Before meters that begin to count give names of their own.
      try takeNames(db)
      return try takeAgreements(through: next, db)
    }
    guard hasAgreed else { return }
    catalogs = try CatalogMemory(store)
    var hasCounted = false
    while try catalogs.countMeters(eventsMax: Self.eventsAtOnce) { hasCounted = true }
    guard hasCounted else { return }
    let state = catalogs.current
    try store.write { db in
      try packing.noteAll(db)
      try packing.pack(state.meterNumbers, db)
    }
  }

  /// What is counted in memory before it is written.
  private static let eventsAtOnce = 250_000

  func takeEvents(
    through last: Int64, _ state: CatalogState, _ db: Database
  ) throws {
    let all = try Int64.fetchOne(
      db, sql: "SELECT first + events - 1 FROM original.event_page ORDER BY first DESC LIMIT 1")
    let (from, last) = (lastEvent, min(last, all ?? 0))
    guard last > from else { return }
    lastEvent = last
    try takeNames(db)
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

  private func takeNames(_ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO name SELECT * FROM original.name WHERE id > ?", arguments: [lastName])
    lastName = try Int64.fetchOne(db, sql: "SELECT coalesce(max(id), 0) FROM original.name")!
  }

  /// Counts the new events as they were sent; then, event by event, what stands for those that were
  /// corrected meanwhile.
  private func count(
    from last: Int64, _ corrections: [Int64: [Int64]], _ state: CatalogState, _ db: Database
  ) throws {
    var (names, buckets, hours) = (TextInterner(), BucketDeltas(), ActiveHours())
    let reader = try MeterReader(state.meters.meters, db)
    var (readings, saved) = (MeterReadings(), last)
    try LogReader.forEach(from: last + 1, db) { page in
      if page.first - saved > Self.eventsAtOnce {
        try buckets.save(&hours, db) { try packing.note($0, db) }
        (buckets, saved) = (BucketDeltas(), page.first)
      }
      for sequence in page.sequences {
        let record = page[sequence]
        guard let subject = record.subject else { continue }
        readings.removeAll()
        _ = reader.read(record, of: page, into: &readings)
        let hour = record.occurred.hour
        for value in readings.values {
          let meter = state.meterNumbers[value.meter]
          buckets.add(value.units, to: Bucket(meter: meter, subject: subject, hour: hour))
        }
        for reading in readings.others {
          let series = try BucketSeries(reading, state, &names, db)
          buckets.count(reading, in: series, subject: subject, source: record.source)
        }
      }
      return true
    }
    var keeper = try CorrectionWriter(state, db)
    for (event, new) in corrections.sorted(by: { $0.key < $1.key }) {
      try keeper.settle(event, new: new, &names, &buckets, db)
    }
    try buckets.save(&hours, db) { try packing.note($0, db) }
    try pack(Int(lastEvent - last), state, db)
  }

  /// Packs what was counted, once it is worth it.
  private func pack(_ counted: Int, _ state: CatalogState, _ db: Database) throws {
    countedSincePacked += counted
    guard countedSincePacked > Self.eventsAtOnce / 10 else { return }
    countedSincePacked = 0
    try packing.pack(state.meterNumbers, db)
  }

  /// What finance did up to a moment: final invoices, what happened to them, and adjustments. What
  /// happened to invoices has an order that no clock changes; the acts of one run have one time.
  private func takeDocuments(through next: Moment, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO row_proof (sequence, body, digest)
        SELECT sequence, body, digest FROM original.row_proof
        WHERE sequence > (SELECT coalesce(max(sequence), 0) FROM row_proof)
        """)
    let before = lastInvoiceEvent
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT sequence, body ->> '$.at', invoice FROM original.invoice_event
        WHERE sequence > \(before) ORDER BY sequence
        """)
    while let row = try rows.next(), let at = (row[1] as String?).flatMap({ Instant($0) }),
      row[0] <= next.drafted || at == next.clock
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
    for table in ["adjustment", "adjustment_withdrawal"] {
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO \(table) SELECT * FROM original.\(table)
          WHERE created > \(moment.clock.microsecondsSinceEpoch)
            AND created <= \(next.clock.microsecondsSinceEpoch)
          """)
    }
    // They name invoices that must be there.
    for (table, kind) in [("credit_note", "credited"), ("credit_note_reversal", "creditVoided")] {
      try takeNotes(table, kind, behind: before, db)
    }
    try takeInvoiceEvents(
      """
      sequence > ? AND sequence <= ?
        AND EXISTS (SELECT 1 FROM invoice WHERE invoice.key = event.invoice)
      """, [before, lastInvoiceEvent], db)
  }

  /// The credit notes, or what takes them back, of the events of invoices that are new.
  private func takeNotes(
    _ table: String, _ kind: String, behind last: Int64, _ db: Database
  ) throws {
    let numbers = try String.fetchAll(
      db,
      sql: """
        SELECT body ->> '$.reference' FROM original.invoice_event
        WHERE sequence > \(last) AND sequence <= \(lastInvoiceEvent) AND kind = '\(kind)'
        """
    ).compactMap { $0.split(separator: "-").last.flatMap { Int($0) } }
    for number in numbers {
      try db.execute(
        sql: "INSERT OR IGNORE INTO \(table) SELECT * FROM original.\(table) WHERE sequence = ?",
        arguments: [number])
    }
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
    for entry in stale { try MeterBackfill.begin(entry, db) }
    return isNew || !stale.isEmpty
  }

  /// Which version of each meter serves.
  private static func live(_ db: Database) throws -> [String: Int] {
    let counts = try MeterBackfill.all(.live, db)
    return Dictionary(uniqueKeysWithValues: counts.map { ($0.meter.key.text, $0.version) })
  }
}
