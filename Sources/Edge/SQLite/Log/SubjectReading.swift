import Base
import GRDB
import Ingestion
import Workflow

/// One reading of the log for some subjects.
struct SubjectReading {
  private let query: SubjectEventsQuery
  /// The numbers of its subjects.
  private let subjects: Set<Int64>
  private var viewer: EventStatusReader

  init(_ query: SubjectEventsQuery, _ state: CatalogState, _ db: Database) throws {
    self.query = query
    subjects = Set(try query.subjects.compactMap { try TextInterner.find($0, db) })
    viewer = try EventStatusReader(state, db)
  }

  mutating func read<Note>(
    _ db: Database, where isWanted: (EventHistory) throws -> Note?
  ) throws -> (events: [(event: LoggedEvent, note: Note)], next: Int64?) {
    var found: [(event: LoggedEvent, note: Note)] = []
    let corrected = try correctedEvents(db)
    for (count, first) in try pages(corrected, db).enumerated() {
      guard let page = try LogReader.page(holding: first, db) else {
        throw LogPage.damaged(first)
      }
      for sequence in page.sequences where sequence > query.after && sequence <= query.last {
        guard isLookedAt(page[sequence], sequence, corrected) else { continue }
        let (event, history) = try event(sequence, page, db)
        guard let note = try isWanted(history) else { continue }
        if found.count == query.limit { return (found, found.last?.event.sequence) }
        found.append((event, note))
      }
      if count + 1 == LogReading.pagesReadMax { return (found, page.sequences.upperBound - 1) }
    }
    return (found, nil)
  }

  /// Where the pages start that may hold what is wanted, in order.
  private func pages(_ corrected: Set<Int64>, _ db: Database) throws -> [Int64] {
    var firsts: Set<Int64> = []
    for subject in subjects {
      firsts.formUnion(try LogReader.firsts(of: subject, hours: query.hours, db))
    }
    // An event that was corrected may have been about something else when it was sent.
    let start = try db.cachedStatement(
      sql: "SELECT max(first) FROM event_page WHERE first <= ?")
    func page(of event: Int64) throws -> Int64 {
      try Int64.fetchOne(start, arguments: [event]) ?? 0
    }
    for event in corrected { firsts.insert(try page(of: event)) }
    let first = try page(of: query.after + 1)
    return firsts.filter { $0 >= first }.sorted()
  }

  /// What was corrected in time to matter.
  private func correctedEvents(_ db: Database) throws -> Set<Int64> {
    try Int64.fetchSet(
      db,
      sql: """
        SELECT event FROM event_correction
        WHERE event > ? AND event <= ? AND sequence > ? AND sequence <= ?
        """, arguments: [query.after, query.last, query.since ?? 0, query.last])
  }

  /// Whether an event can be one of them, before it is looked at closely.
  private func isLookedAt(
    _ record: LogRecord, _ sequence: Int64, _ corrected: Set<Int64>
  ) -> Bool {
    if corrected.contains(sequence) { return true }
    guard let subject = record.subject, subjects.contains(subject),
      query.hours.contains(record.occurred.hour)
    else { return false }
    return query.since.map { sequence > $0 } ?? true
  }

  private mutating func event(
    _ sequence: Int64, _ page: LogPage, _ db: Database
  ) throws -> (LoggedEvent, EventHistory) {
    let record = page[sequence]
    let judgement = try viewer.judge(record, of: page, sequence, isCorrected: true, db)
    let event = try viewer.view(record, of: page, sequence, judgement, db)
    return (
      event,
      try EventHistory(sequence, event.content, source: record.source, id: event.id, db)
    )
  }
}
