import Base
import GRDB
import Ingestion
import Metering
import Workflow

/// One reading of the log for a filter.
struct LogReading {
  /// A question that few events answer must not read the whole log at once: it answers with what
  /// it has found in so many pages, and where to go on.
  static let pagesReadMax = 4000

  var found = EventList()
  private let filter: EventQuery
  private let after: Int64
  private let limit: Int
  private let source: Int64?
  private let type: Int64?
  private let subject: Int64?
  private var viewer: EventStatusReader

  /// Nil where the filter names something the log has never seen.
  init?(
    _ filter: EventQuery, _ state: CatalogState, after: Int64, limit: Int, _ db: Database
  ) throws {
    let numbers = try [filter.source, filter.type, filter.subject].map { text in
      try text.map { try TextInterner.find($0, db) }
    }
    for number in numbers { if let number, number == nil { return nil } }
    guard !filter.period.isEmpty else { return nil }
    (source, type, subject) = (numbers[0] ?? nil, numbers[1] ?? nil, numbers[2] ?? nil)
    self.filter = filter
    self.after = after
    self.limit = limit
    viewer = try EventStatusReader(state, db)
  }

  /// Events on the pages that can hold what is wanted, one a page and in order.
  func pages(_ db: Database) throws -> [Int64] {
    if let event = filter.event { return event > after ? [event] : [] }
    let first =
      try Int64.fetchOne(
        db, sql: "SELECT max(first) FROM event_page WHERE first <= ?", arguments: [after + 1]) ?? 0
    let hours = filter.period.hours
    let sent =
      if let subject {
        try LogReader.firsts(of: subject, hours: hours, db).filter { $0 >= first }
      } else {
        try firsts(from: first, db)
      }
    // Nothing stands outside of these pages where every page is looked at.
    guard subject != nil || filter.period != .always else { return sent }
    let standing = try CorrectedEvents.pages(
      of: subject, hours: hours, from: first, limit: LogReading.pagesReadMax + 1, db)
    return Set(sent).union(standing).sorted()
  }

  /// Without a subject there is only what the pages say of themselves. Whatever has to do with
  /// corrections, and all that is unmatched, lies on pages that are in doubt.
  private func firsts(from first: Int64, _ db: Database) throws -> [Int64] {
    let isInDoubt =
      switch filter.status {
      case .unmatched, .amended, .retracted, .correction: true
      case nil, .counted, .conflicting: false
      }
    return try Int64.fetchAll(
      db,
      sql: """
        SELECT first FROM event_page
        WHERE first >= ? AND latest >= ? AND earliest < ? \(isInDoubt ? "AND doubtful" : "")
        ORDER BY first LIMIT \(LogReading.pagesReadMax + 1)
        """,
      arguments: [
        first, filter.period.start.microsecondsSinceEpoch,
        filter.period.end.microsecondsSinceEpoch,
      ])
  }

  /// Takes what is wanted of a page; true where the limit is reached.
  mutating func take(_ page: LogPage, _ db: Database) throws -> Bool {
    let corrected = try CorrectedEvents.corrected(page.sequences, db)
    for sequence in page.sequences where sequence > after {
      let record = page[sequence]
      let isCorrected = corrected.contains(sequence)
      guard filter.event == nil || filter.event == sequence,
        source == nil || record.source == source, isCorrected || isWanted(record)
      else { continue }
      let judgement = try viewer.judge(
        record, of: page, sequence, isCorrected: isCorrected, db)
      guard filter.status == nil || filter.status == judgement.status,
        isWanted(record) || isWanted(judgement.standing, sequence)
      else { continue }
      if found.events.count == limit {
        found.next = found.events.last?.sequence
        return true
      }
      found.events.append(try viewer.view(record, of: page, sequence, judgement, db))
    }
    return false
  }

  private func isWanted(_ standing: CorrectedEvents.Standing, _ sequence: Int64) -> Bool {
    guard case .amended(let page, _) = standing else { return false }
    return isWanted(page[sequence])
  }

  private func isWanted(_ record: LogRecord) -> Bool {
    (type == nil || record.type == type) && (subject == nil || record.subject == subject)
      && filter.period.contains(record.occurred)
  }
}
