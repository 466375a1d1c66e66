import Base
import GRDB
import Ingestion
import Workflow

/// The payloads that are kept aside.
enum ConflictList {
  static func list(
    _ filter: EventQuery, after: Int64, limit: Int, _ db: Database
  ) throws -> EventList {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT event_conflict.sequence, event, type.text AS type, subject.text AS subject,
          occurred, received, attributes, data, author.text AS author
        FROM event_conflict JOIN name AS type ON type.id = event_conflict.type
          LEFT JOIN name AS subject ON subject.id = event_conflict.subject
          LEFT JOIN name AS author ON author.id = event_conflict.author
        WHERE sequence > ?1 AND (?2 IS NULL OR subject.text = ?2)
          AND (?3 IS NULL OR type.text = ?3) AND occurred >= ?4 AND occurred < ?5
          AND (?6 IS NULL OR event = ?6)
        ORDER BY sequence LIMIT \(LogReading.pagesReadMax)
        """,
      arguments: [
        after, filter.subject, filter.type, filter.period.start.microsecondsSinceEpoch,
        filter.period.end.microsecondsSinceEpoch, filter.event,
      ])
    var names = InternedTexts()
    var list = EventList()
    var (rowsRead, last) = (0, after)
    while let row = try rows.next() {
      (rowsRead, last) = (rowsRead + 1, row["sequence"])
      let first: Int64 = row["event"]
      guard let page = try LogReader.page(holding: first, db) else {
        throw LogPage.damaged(first)
      }
      let standing = page[first]
      let source = try names.text(standing.source, db)
      // By bytes, as everywhere: Swift finds more texts equal than the log does.
      guard filter.source.map({ $0.utf8.elementsEqual(source.utf8) }) ?? true else { continue }
      if list.events.count == limit {
        list.next = list.events.last?.sequence
        return list
      }
      list.events.append(
        LoggedEvent(
          sequence: row["sequence"], source: source, id: page.id(of: standing),
          content: LoggedEvent.Content(
            type: row["type"], subject: row["subject"],
            occurred: Instant(microsecondsSinceEpoch: row["occurred"]) ?? .earliest,
            data: row["data"]),
          received: Instant(microsecondsSinceEpoch: row["received"]) ?? .earliest,
          attributes: row["attributes"], author: row["author"], standing: nil,
          status: .conflicting, reason: .conflictingEvent))
    }
    // Few of many came from the source that is asked for: there may be more behind these.
    if rowsRead == LogReading.pagesReadMax { list.next = last }
    return list
  }
}
