import Base
import GRDB
import Ingestion
import Metering
import Workflow

extension SQLiteSnapshot: EventSource {
  func events(
    _ filter: EventQuery, after: Int64, limit: Int
  ) throws(Fault) -> EventList {
    try asked {
      if filter.status == .conflicting {
        return try ConflictList.list(filter, after: after, limit: limit, db)
      }
      let reading = try LogReading(filter, agreements, after: after, limit: limit, db)
      guard var reading else { return EventList() }
      var pagesRead = 0
      for first in try reading.pages(db) {
        guard let page = try LogReader.page(holding: first, db) else { continue }
        if try reading.take(page, db) { return reading.found }
        pagesRead += 1
        if pagesRead == LogReading.pagesReadMax {
          reading.found.next = page.sequences.upperBound - 1
          return reading.found
        }
      }
      return reading.found
    }
  }

  func event(_ number: Int64) throws(Fault) -> EventRecordView? {
    try asked {
      guard let page = try LogReader.page(holding: number, db) else { return nil }
      var viewer = try EventStatusReader(agreements, db)
      let record = page[number]
      let judgement = try viewer.judge(record, of: page, number, isCorrected: true, db)
      let event = try viewer.view(record, of: page, number, judgement, db)
      let standing = SQLiteSnapshot.standing(record, of: page, number, judgement)
      return EventRecordView(
        event: event, readings: standing.map { viewer.meters.readings($0, of: $1) } ?? [],
        failures: standing.map { viewer.meters.failures($0, of: $1) } ?? [],
        history: try EventHistory(
          number, event.content, source: record.source, id: event.id, db),
        conflicts: try Int.fetchOne(
          db, sql: "SELECT count(*) FROM event_conflict WHERE event = ?", arguments: [number])!)
    }
  }

  /// What counts of an event: itself, or what was put in its place; nil where nothing does.
  private static func standing(
    _ record: LogRecord, of page: LogPage, _ sequence: Int64,
    _ judgement: EventStatusReader.Judgement
  ) -> (LogRecord, LogPage)? {
    var (record, page) = (record, page)
    switch judgement.standing {
    case .itself: break
    case .retracted: return nil
    case .amended(let other, _): (record, page) = (other[sequence], other)
    }
    return record.subject == nil ? nil : (record, page)
  }

  func events<Note>(
    _ query: SubjectEventsQuery, where isWanted: (EventHistory) throws -> Note?
  ) throws(Fault) -> (events: [(event: LoggedEvent, note: Note)], next: Int64?) {
    try asked {
      var reading = try SubjectReading(query, agreements, db)
      return try reading.read(db, where: isWanted)
    }
  }

  func samples(
    of meter: MeterDefinition, subject: String, group: String?, in times: [Period]
  ) throws(Fault) -> Set<Sample> {
    try asked {
      guard let memory = meter.aggregation.memory, let number = try TextInterner.find(subject, db)
      else {
        return []
      }
      return try SampleHistory.basis(
        of: meter, memory, subject: number, group: group, in: times, db
      ).values.reduce(into: []) { $0.formUnion($1) }
    }
  }

  func corrections() throws(Fault) -> [Int64: Int64] {
    try asked {
      let rows = try Row.fetchAll(db, sql: "SELECT event, correction FROM event_amended")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
    }
  }

  func tail() throws(Fault) -> LogTail { try asked { try LateSubjects.tail(db) } }

  func isLate(
    _ subjects: [String], after last: Int64, before end: Instant
  ) throws(Fault) -> Bool {
    try asked {
      let place = LatePlace(lastEvent: last, end: end)
      let late = try lateSubjects[place] ?? LateSubjects.all(after: last, before: end, db)
      lateSubjects[place] = late
      return try subjects.contains { try TextInterner.find($0, db).map(late.contains) ?? false }
    }
  }

  func eventCount() throws(Fault) -> Int64 { try asked { try LogReader.last(db) } }
}
