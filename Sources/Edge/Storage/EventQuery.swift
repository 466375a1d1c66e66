package import Base
import Contracts
import GRDB
import Ingestion
import Metering

/// An event as it is shown: itself, and what has become of it.
package struct LoggedEvent: Hashable, Sendable {
  package enum Status: String, CaseIterable, Sendable {
    /// Some meter counted it for some customer.
    case counted
    /// Kept, and not counted; the reason says why not.
    case unmatched
    /// Another payload under a known source and id, kept aside.
    case conflicting
  }

  package let sequence: Int64
  package let source: String
  package let id: String
  package let type: String
  package let subject: String?
  package let occurred: Instant
  package let received: Instant
  package let attributes: String?
  package let data: String?
  package let status: Status
  package let reason: Fault.Code?
}

/// Which events are wanted; nil is no condition.
package struct EventFilter: Sendable {
  package var status: LoggedEvent.Status?
  package var source: String?
  package var type: String?
  package var subject: String?
  /// When they happened.
  package var period: Period

  package init(
    status: LoggedEvent.Status? = nil, source: String? = nil, type: String? = nil,
    subject: String? = nil, period: Period = .always
  ) {
    self.status = status
    self.source = source
    self.type = type
    self.subject = subject
    self.period = period
  }
}

/// Some events of a list, and the position behind which the next ones are found; nil at the end.
package struct EventList: Sendable {
  package var events: [LoggedEvent] = []
  package var next: Int64?
}

/// Looks up events of the log. Nothing a device sent is ever out of sight.
package struct EventQuery: Sendable {
  /// A question that few events answer must not read the whole log at once: it answers with what it
  /// has found in so many pages, and where to go on.
  private static let pagesReadMax = 4000

  private let store: Store
  private let catalogs: Catalogs

  package init(_ store: Store, _ catalogs: Catalogs) {
    self.store = store
    self.catalogs = catalogs
  }

  /// At most `limit` events behind the position `after`, in the order of the log.
  package func list(_ filter: EventFilter, after: Int64, limit: Int) throws -> EventList {
    let state = catalogs.current
    return try store.pool.read { db in
      if filter.status == .conflicting {
        return try ConflictList.list(filter, after: after, limit: limit, db)
      }
      guard var reading = try LogReading(filter, state, after: after, limit: limit, db) else {
        return EventList()
      }
      var pagesRead = 0
      for first in try reading.pages(db) {
        guard let page = try EventPages.page(holding: first, db) else { continue }
        if try reading.take(page, db) { return reading.found }
        pagesRead += 1
        if pagesRead == Self.pagesReadMax {
          reading.found.next = page.sequences.upperBound - 1
          return reading.found
        }
      }
      return reading.found
    }
  }

  /// How many events the log holds: their numbers have no gaps.
  package func storedCount() throws -> Int {
    try store.pool.read { Int(try EventPages.last($0)) }
  }
}

/// One reading of the log for a filter.
private struct LogReading {
  var found = EventList()
  private let filter: EventFilter
  private let after: Int64
  private let limit: Int
  private let source: Int64?
  private let type: Int64?
  private let subject: Int64?
  private let meters: MeterReader
  private var doubts: PageDoubts
  private var names = NameTexts()

  /// Nil where the filter names something the log has never seen.
  init?(
    _ filter: EventFilter, _ state: CatalogState, after: Int64, limit: Int, _ db: Database
  ) throws {
    let numbers = try [filter.source, filter.type, filter.subject].map { text in
      try text.map { try Names.find($0, db) }
    }
    for number in numbers { if let number, number == nil { return nil } }
    (source, type, subject) = (numbers[0] ?? nil, numbers[1] ?? nil, numbers[2] ?? nil)
    self.filter = filter
    self.after = after
    self.limit = limit
    meters = try MeterReader(state.meters.meters, db)
    doubts = PageDoubts(state.catalog)
  }

  /// Where the pages start that can hold such events.
  func pages(_ db: Database) throws -> [Int64] {
    let first =
      try Int64.fetchOne(
        db, sql: "SELECT max(first) FROM event_page WHERE first <= ?", arguments: [after + 1]) ?? 0
    if let subject {
      let last = Instant(microsecondsSinceEpoch: filter.period.end.microsecondsSinceEpoch - 1)
      let hours = filter.period.start.hour...(last ?? filter.period.end).hour
      return try EventPages.firsts(of: subject, hours: hours, db).filter { $0 >= first }
    }
    let doubtful = filter.status == .unmatched ? "AND doubtful" : ""
    return try Int64.fetchAll(
      db,
      sql: """
        SELECT first FROM event_page
        WHERE first >= ? AND latest >= ? AND earliest < ? \(doubtful)
        ORDER BY first LIMIT 4001
        """,
      arguments: [
        first, filter.period.start.microsecondsSinceEpoch,
        filter.period.end.microsecondsSinceEpoch,
      ])
  }

  /// Takes what is wanted of a page; true where the limit is reached.
  mutating func take(_ page: EventPage, _ db: Database) throws -> Bool {
    for sequence in page.sequences where sequence > after {
      let record = page[sequence]
      guard source == nil || record.source == source, type == nil || record.type == type,
        subject == nil || record.subject == subject, filter.period.contains(record.occurred)
      else { continue }
      let doubt = try doubts.doubt(about: record, of: page, meters, db)
      let status: LoggedEvent.Status = doubt == nil ? .counted : .unmatched
      guard filter.status == nil || filter.status == status else { continue }
      if found.events.count == limit {
        found.next = found.events.last?.sequence
        return true
      }
      found.events.append(
        LoggedEvent(
          sequence: sequence, source: try names.text(record.source, db), id: page.id(of: record),
          type: try names.text(record.type, db),
          subject: try record.subject.map { try names.text($0, db) }, occurred: record.occurred,
          received: page.received, attributes: record.attributes.map(page.text),
          data: record.data.map(page.text), status: status, reason: doubt))
    }
    return false
  }
}

/// The payloads that are kept aside.
private enum ConflictList {
  static func list(
    _ filter: EventFilter, after: Int64, limit: Int, _ db: Database
  ) throws -> EventList {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT event_conflict.sequence, event, type.text AS type, subject.text AS subject,
          occurred, received, attributes, data
        FROM event_conflict JOIN name AS type ON type.id = event_conflict.type
          LEFT JOIN name AS subject ON subject.id = event_conflict.subject
        WHERE sequence > ?1 AND (?2 IS NULL OR subject.text = ?2)
          AND (?3 IS NULL OR type.text = ?3) AND occurred >= ?4 AND occurred < ?5
        ORDER BY sequence
        """,
      arguments: [
        after, filter.subject, filter.type, filter.period.start.microsecondsSinceEpoch,
        filter.period.end.microsecondsSinceEpoch,
      ])
    var names = NameTexts()
    var list = EventList()
    while let row = try rows.next() {
      let first: Int64 = row["event"]
      guard let page = try EventPages.page(holding: first, db) else {
        throw EventPage.damaged(first)
      }
      let standing = page[first]
      let source = try names.text(standing.source, db)
      guard filter.source == nil || filter.source == source else { continue }
      if list.events.count == limit {
        list.next = list.events.last?.sequence
        return list
      }
      list.events.append(
        LoggedEvent(
          sequence: row["sequence"], source: source, id: page.id(of: standing), type: row["type"],
          subject: row["subject"],
          occurred: Instant(microsecondsSinceEpoch: row["occurred"]) ?? .earliest,
          received: Instant(microsecondsSinceEpoch: row["received"]) ?? .earliest,
          attributes: row["attributes"], data: row["data"], status: .conflicting,
          reason: .conflictingEvent))
    }
    return list
  }
}
