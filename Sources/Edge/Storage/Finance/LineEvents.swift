package import Base
import GRDB
import Ingestion
import Settlement

/// An event that a line of an invoice rests on.
package struct LineEvent: Sendable {
  package let event: LoggedEvent
  /// Of a correction line: `came`, `changed` or `went` since what it corrects was settled.
  package let change: String?
}

extension EventQuery {
  /// At most `limit` events behind the position `after` that a line of an invoice rests on, in the
  /// order of the log, and the position behind which the next ones are found. Of a correction line
  /// those alone that came, changed or went; the others are those of the line that it corrects.
  package func list(
    of line: String, in key: InvoiceKey, after: Int64, limit: Int
  ) throws -> (events: [LineEvent], next: Int64?) {
    guard after < .max else { return ([], nil) }
    let state = catalogs.current
    return try store.pool.read { db in
      let invoice = try Invoices.get(key, db)
      var origins = try LineOrigins(invoice)
      guard let found = origins.lines.first(where: { $0["key"] == .string(line) }) else {
        throw Fault(.notFound, "the invoice has no line `\(line.prefix(200))`")
      }
      let origin = try origins.origin(of: found, db)
      let rated = try billing.bases(of: invoice.contract, origin.month, Look(state, db))
      guard let basis = try LineBasis(found, origin, of: invoice, rated, state, db) else {
        return ([], nil)
      }
      var reading = try LineReading(basis, state, after: after, limit: limit, db)
      return try reading.read(db)
    }
  }
}

/// One reading of the log for a line.
private struct LineReading {
  private let basis: LineBasis
  private let after: Int64
  private let limit: Int
  private let hours: ClosedRange<Int64>
  /// The numbers of its subjects.
  private let subjects: Set<Int64>
  private var viewer: EventViewer
  private var found: [LineEvent] = []

  init(
    _ basis: LineBasis, _ state: CatalogState, after: Int64, limit: Int, _ db: Database
  ) throws {
    self.basis = basis
    self.after = after
    self.limit = limit
    hours = basis.hours
    subjects = Set(try basis.stretches.compactMap { try Names.find($0.subject, db) })
    viewer = try EventViewer(state, db)
  }

  mutating func read(_ db: Database) throws -> (events: [LineEvent], next: Int64?) {
    let corrected = try correctedEvents(db)
    for (count, first) in try pages(corrected, db).enumerated() {
      guard let page = try EventPages.page(holding: first, db) else {
        throw EventPage.damaged(first)
      }
      for sequence in page.sequences where sequence > after && sequence <= basis.last {
        guard isLookedAt(page[sequence], sequence, corrected) else { continue }
        guard let one = try lineEvent(sequence, page, db) else { continue }
        if found.count == limit { return (found, found.last?.event.sequence) }
        found.append(one)
      }
      if count + 1 == EventQuery.pagesReadMax { return (found, page.sequences.upperBound - 1) }
    }
    return (found, nil)
  }

  /// Where the pages start that may hold what is wanted, in order.
  private func pages(_ corrected: Set<Int64>, _ db: Database) throws -> [Int64] {
    var firsts: Set<Int64> = []
    for subject in subjects {
      firsts.formUnion(try EventPages.firsts(of: subject, hours: hours, db))
    }
    // An event that was corrected may have been about something else when it was sent.
    let start = try db.cachedStatement(
      sql: "SELECT max(first) FROM event_page WHERE first <= ?")
    func page(of event: Int64) throws -> Int64 {
      try Int64.fetchOne(start, arguments: [event]) ?? 0
    }
    for event in corrected { firsts.insert(try page(of: event)) }
    let first = try page(of: after + 1)
    return firsts.filter { $0 >= first }.sorted()
  }

  /// What was corrected in time to matter.
  private func correctedEvents(_ db: Database) throws -> Set<Int64> {
    try Int64.fetchSet(
      db,
      sql: """
        SELECT event FROM event_correction
        WHERE event > ? AND event <= ? AND sequence > ? AND sequence <= ?
        """, arguments: [after, basis.last, basis.since ?? 0, basis.last])
  }

  /// Whether an event can be one of them, before it is looked at closely.
  private func isLookedAt(
    _ record: EventRecord, _ sequence: Int64, _ corrected: Set<Int64>
  ) -> Bool {
    if corrected.contains(sequence) { return true }
    guard let subject = record.subject, subjects.contains(subject),
      hours.contains(record.occurred.hour)
    else { return false }
    return basis.since.map { sequence > $0 } ?? true
  }

  private mutating func lineEvent(
    _ sequence: Int64, _ page: EventPage, _ db: Database
  ) throws -> LineEvent? {
    let record = page[sequence]
    let judgement = try viewer.judge(record, of: page, sequence, isCorrected: true, db)
    let event = try viewer.view(record, of: page, sequence, judgement, db)
    let history = try EventHistory(
      sequence, event.content, source: record.source, id: event.id, db)
    let (isPart, change) = basis.holds(history)
    guard isPart, basis.since == nil || change != nil else { return nil }
    return LineEvent(event: event, change: change?.rawValue)
  }
}
