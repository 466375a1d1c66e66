import Base
import GRDB
import Ingestion
import Workflow

/// Reads pages of the log, and refuses one that is not what was written.
enum LogReader {
  private static let columns = "SELECT first, events, received, checksum, body FROM event_page"

  /// Finds bit rot; whoever tampers with a page can compute it too.
  private static let checksum = KeyedHash(key: (0x7573_616e_6365_2e6c, 0x6f67_2e70_6167_6573))

  static func checksum(_ body: UnsafeRawBufferPointer, first: Int64) -> Int64 {
    Int64(bitPattern: checksum(body, label: UInt64(first)))
  }

  /// The last event of the log; zero where there is none.
  static func last(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(
      db, sql: "SELECT first + events - 1 FROM event_page ORDER BY first DESC LIMIT 1") ?? 0
  }

  /// The page that holds an event.
  static func page(holding sequence: Int64, _ db: Database) throws -> LogPage? {
    try Interruption.check()
    let statement = try RawStatement(
      "\(columns) WHERE first <= ? ORDER BY first DESC LIMIT 1", db)
    var found: LogPage?
    try statement.bind(sequence).forEach { row in
      found = try page(row)
      return false
    }
    return found.flatMap { $0.sequences.contains(sequence) ? $0 : nil }
  }

  /// Every page from the one that starts at `first` on, until `body` has seen enough.
  static func forEach(
    from first: Int64, _ db: Database, _ body: (LogPage) throws -> Bool
  ) throws {
    try RawStatement("\(columns) WHERE first >= ? ORDER BY first", db).bind(first).forEach {
      try body(page($0))
    }
  }

  /// Every page from one on, but for those that cannot be read; gives where these start.
  static func forEachSound(
    from first: Int64, _ db: Database, _ body: (LogPage) throws -> Void
  ) throws -> [Int64] {
    var next = first
    do {
      try forEach(from: first, db) { page in
        try body(page)
        next = page.sequences.upperBound
        return true
      }
      return []
    } catch {
      guard Fault(ofDamage: error) != nil else { throw error }
    }
    return try firsts(from: next, db).filter { first in
      guard let page = try sound(first, db) else { return true }
      try body(page)
      return false
    }
  }

  /// The page that starts with an event; nil where it cannot be read.
  static func sound(_ first: Int64, _ db: Database) throws -> LogPage? {
    do {
      let page = try page(holding: first, db)
      return page?.first == first ? page : nil
    } catch {
      guard Fault(ofDamage: error) != nil else { throw error }
      return nil
    }
  }

  /// Where all pages start that start with an event or one behind it, in order.
  static func firsts(from first: Int64, _ db: Database) throws -> [Int64] {
    try starts(from: first, db).map(\.first)
  }

  /// The same with the earliest time on each. The table says it, and so does an index.
  static func starts(from first: Int64, _ db: Database) throws -> [Start] {
    func starts(_ way: String) throws -> [Start] {
      try Row.fetchAll(
        db, sql: "SELECT first, earliest FROM event_page \(way) WHERE first >= ? ORDER BY first",
        arguments: [first]
      ).map { Start(first: $0[0], earliestMicroseconds: $0[1]) }
    }
    do {
      return try starts("NOT INDEXED")
    } catch {
      guard Fault(ofDamage: error) != nil else { throw error }
      return try starts("INDEXED BY event_page_by_time")
    }
  }

  /// The subjects of the events of a page, also of one that cannot be read.
  static func subjects(on first: Int64, _ db: Database) throws -> Set<Int64> {
    try Int64.fetchSet(
      db, sql: "SELECT DISTINCT subject FROM event_place WHERE page = ?", arguments: [first])
  }

  /// The last event that something may rest on: where the end of the log cannot be read, the last
  /// one that nobody doubts.
  static func lastSound(_ db: Database) throws -> Int64 {
    do {
      return try last(db)
    } catch {
      guard Fault(ofDamage: error) != nil else { throw error }
      return try (firsts(from: 0, db).last ?? 1) - 1
    }
  }

  /// Every page that holds events of a subject in those hours, once each and in order.
  static func forEach(
    of subject: Int64, hours: ClosedRange<Int64>, _ db: Database,
    _ body: (LogPage) throws -> Void
  ) throws {
    for first in try firsts(of: subject, hours: hours, db) {
      guard let page = try page(holding: first, db) else { throw LogPage.damaged(first) }
      try body(page)
    }
  }

  /// Where the pages start that hold events of a subject in those hours, in order.
  static func firsts(
    of subject: Int64, hours: ClosedRange<Int64>, _ db: Database
  ) throws -> [Int64] {
    var firsts: Set<Int64> = []
    try RawStatement(
      """
      SELECT event_place.page FROM hour_seen
      CROSS JOIN event_place ON event_place.hour = hour_seen.hour AND event_place.subject = ?
      WHERE hour_seen.hour >= ? AND hour_seen.hour <= ?
      """, db
    ).bind(subject, hours.lowerBound, hours.upperBound).forEach { row in
      firsts.insert(row.number(0))
      return true
    }
    return firsts.sorted()
  }

  /// That many subjects are looked up one by one; of more, nearly every page about their hours has
  /// some.
  private static let lookedUpMax = 64

  /// Where a page starts, and a time before which it has no event.
  struct Start {
    let first: Int64
    let earliestMicroseconds: Int64
  }

  /// The pages that may hold events of some subjects, each in its hours and in single earlier ones,
  /// by their earliest times.
  static func starts(
    of subjects: [Int64: ClosedRange<Int64>], and earlier: [Int64: Set<Int64>] = [:],
    _ db: Database
  ) throws -> [Start] {
    var single: Set<Int64> = []
    for (subject, hours) in earlier {
      for hour in hours { single.formUnion(try firsts(of: subject, hours: hour...hour, db)) }
    }
    guard subjects.count > lookedUpMax else {
      let firsts = Set(try subjects.flatMap { try LogReader.firsts(of: $0, hours: $1, db) })
      return firsts.union(single).sorted().map { Start(first: $0, earliestMicroseconds: .min) }
    }
    let earliest = subjects.values.map(\.lowerBound).min()!
    let latest = subjects.values.map(\.upperBound).max()!
    let period = Period(hours: earliest..<latest + 1)
    var starts: [Start] = []
    try RawStatement(
      "SELECT first, earliest FROM event_page WHERE latest >= ? AND earliest < ?", db
    ).bind(period.start.microsecondsSinceEpoch, period.end.microsecondsSinceEpoch).forEach { row in
      starts.append(Start(first: row.number(0), earliestMicroseconds: row.number(1)))
      return true
    }
    for first in single.subtracting(starts.map(\.first)) {
      try RawStatement("SELECT earliest FROM event_page WHERE first = ?", db).bind(first).forEach {
        starts.append(Start(first: first, earliestMicroseconds: $0.number(0)))
        return false
      }
    }
    return starts.sorted {
      ($0.earliestMicroseconds, $0.first) < ($1.earliestMicroseconds, $1.first)
    }
  }

  private static func page(_ row: borrowing RawRow) throws(Fault) -> LogPage {
    try page(
      first: row.number(0), count: Int(row.number(1)), received: row.number(2),
      checksum: row.number(3), row.blob(4))
  }

  /// The page that a row says it is, or a fault where its bytes are others than were written.
  static func page(
    first: Int64, count: Int, received: Int64, checksum: Int64, _ body: UnsafeRawBufferPointer
  ) throws(Fault) -> LogPage {
    guard checksum == LogReader.checksum(body, first: first),
      let received = Instant(microsecondsSinceEpoch: received)
    else { throw LogPage.damaged(first) }
    return try LogPage(first: first, count: count, received: received, bytes: Array(body))
  }
}

/// The pages read last, for a device that sends a long batch again asks for the same few pages.
final class PageMemory {
  private static let pagesMax = 128

  private var pages: [LogPage] = []

  func event(_ sequence: Int64, _ db: Database) throws -> StoredEvent {
    let page = try page(holding: sequence, db)
    return StoredEvent(place: sequence, record: page[sequence], bytes: page.bytes)
  }

  private func page(holding sequence: Int64, _ db: Database) throws -> LogPage {
    if let page = pages.last(where: { $0.sequences.contains(sequence) }) { return page }
    guard let page = try LogReader.page(holding: sequence, db) else {
      throw LogPage.damaged(sequence)
    }
    if pages.count == Self.pagesMax { pages.removeFirst(Self.pagesMax / 2) }
    pages.append(page)
    return page
  }
}
