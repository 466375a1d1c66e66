import Base
import Contracts
import GRDB
import Ingestion
import Metering

/// Which pages hold an event that may be unmatched.
struct UnmatchedPages {
  private let catalog: Catalog
  private var names = InternedTexts()
  private var subjects: [Int64: [UInt8]] = [:]
  private var pages: [(first: Int64, isDoubtful: Bool)] = []

  init(_ catalog: Catalog) { self.catalog = catalog }

  /// Where events were corrected, and where they correct others, there may always be doubt.
  mutating func judge(
    _ page: LogPage, hasCorrections: Bool, _ meters: MeterReader, _ db: Database
  ) throws {
    var isDoubtful = hasCorrections
    for sequence in page.sequences where !isDoubtful {
      isDoubtful = try doubt(about: page[sequence], of: page, meters, db) != nil
    }
    pages.append((page.first, isDoubtful))
  }

  /// Why an event of the log reaches no invoice as things stand, or nil where it does.
  mutating func doubt(
    about record: LogRecord, of page: LogPage, _ meters: MeterReader, _ db: Database
  ) throws -> Fault.Code? {
    guard let number = record.subject else { return .unknownSubject }
    let subject = try subjects[number] ?? Array(names.text(number, db).utf8)
    subjects[number] = subject
    let placing = subject.withUnsafeBytes {
      catalog.doubt(aboutSubject: $0, at: record.occurred)
    }
    if let placing { return placing }
    var readings = MeterReadings()
    return meters.read(record, of: page, into: &readings).doubtOnceAdmitted
  }

  func save(keepingOld: Bool, _ db: Database) throws {
    let statement = try RawStatement(
      "UPDATE event_page SET doubtful = ?1 WHERE first = ?2 AND doubtful <> ?1", db)
    for page in pages where page.isDoubtful || !keepingOld {
      try statement.bind(page.isDoubtful ? 1 : 0, page.first).run()
    }
  }

  /// After an asset has come or changed: every page with its events may have become doubtful.
  static func suspect(_ subject: String, _ db: Database) throws {
    guard let number = try TextInterner.find(subject, db) else { return }
    let statement = try RawStatement(
      "UPDATE event_page SET doubtful = 1 WHERE first = ? AND NOT doubtful", db)
    for first in try LogReader.firsts(of: number, hours: Int64.min...Int64.max, db) {
      try statement.bind(first).run()
    }
  }
}
