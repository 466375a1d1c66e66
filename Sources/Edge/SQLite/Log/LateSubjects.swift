import Base
import GRDB
import Ingestion
import Workflow

/// What came late, as the pages of the log say.
enum LateSubjects {
  /// The subjects of events that came after a last one and happened before a moment.
  static func all(
    after last: Int64, before end: Instant, _ db: Database
  ) throws -> Set<Int64> {
    var subjects: Set<Int64> = []
    let firsts = try Int64.fetchAll(
      db.cachedStatement(sql: "SELECT first FROM event_page WHERE first > ? AND earliest < ?"),
      arguments: [last, end.microsecondsSinceEpoch])
    for first in firsts {
      guard let page = try LogReader.sound(first, db) else {
        // There may be one of an earlier time about any of them.
        subjects.formUnion(try LogReader.subjects(on: first, db))
        continue
      }
      for sequence in page.sequences where page[sequence].occurred < end {
        if let subject = page[sequence].subject { subjects.insert(subject) }
      }
    }
    return subjects
  }

  static func tail(_ db: Database) throws -> LogTail {
    var tail = LogTail(firsts: [], earliest: [], lastAmended: 0)
    for start in try LogReader.starts(from: 0, db) {
      tail.firsts.append(start.first)
      tail.earliest.append(start.earliestMicroseconds)
    }
    for place in tail.earliest.indices.dropLast().reversed() {
      tail.earliest[place] = min(tail.earliest[place], tail.earliest[place + 1])
    }
    for column in ["correction", "event"] {
      let last = try Int64.fetchOne(db, sql: "SELECT max(\(column)) FROM event_amended")
      tail.lastAmended = max(tail.lastAmended, last ?? 0)
    }
    return tail
  }
}
