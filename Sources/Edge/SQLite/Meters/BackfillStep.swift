import Base
import Contracts
import GRDB
import Ingestion
import Metering
import Workflow

/// Counts a version of a meter from the log, after its definition has come or changed, slice by
/// slice, while the version before it serves; and says anew which pages hold events that nobody
/// counts.
///
/// A slice counts events as they were sent. The last one, which reaches the end of the log and puts
/// in the place of corrected events what stands for them, is the transaction from which the version
/// serves: the writer need not know of any other.
enum BackfillStep {
  /// What a commit can wait for.
  static let eventsPerSlice = 10_000
  private static let hoursDroppedPerSlice = 500

  /// After a put: the log is counted at once where it is small.
  static func begin(
    _ entry: CatalogVersion, _ state: inout CatalogState, countedAtOnceMax: Int, _ db: Database
  ) throws {
    try MeterBackfill.begin(entry, db)
    guard try LogReader.last(db) <= countedAtOnceMax else { return }
    while try slice(&state, eventsMax: eventsPerSlice, db) {}
  }

  /// Some of what is to be done; false where that is nothing.
  static func slice(
    _ state: inout CatalogState, eventsMax: Int, _ db: Database
  ) throws -> Bool {
    if let count = try MeterBackfill.all(.counting, limit: 1, db).first {
      try add(count, &state, eventsMax: eventsMax, db)
      return true
    }
    if let count = try MeterBackfill.all(.dropping, limit: 1, db).first {
      try drop(count, db)
      return true
    }
    return false
  }

  private static func add(
    _ count: MeterBackfill, _ state: inout CatalogState, eventsMax: Int, _ db: Database
  ) throws {
    let meter = count.meter
    var counter = try Counter(count, db)
    let others = state.meters.meters.filter { $0.key != meter.key }
    let all = try MeterReader(others + [meter], db)
    var doubts = UnmatchedPages(state.catalog)
    var (through, isAtEnd) = (count.through, true)
    try LogReader.forEach(from: count.through + 1, db) { page in
      guard page.sequences.upperBound - count.through <= eventsMax || through == count.through
      else {
        isAtEnd = false
        return false
      }
      for sequence in page.sequences { try counter.count(page[sequence], of: page, db) }
      let hasCorrections = try !CorrectedEvents.corrected(page.sequences, db).isEmpty
      try doubts.judge(page, hasCorrections: hasCorrections, all, db)
      through = page.sequences.upperBound - 1
      return true
    }
    if isAtEnd { try counter.correct(db) }
    try counter.save(db)
    // While an older version serves, its doubts stand as well.
    try doubts.save(keepingOld: count.through > 0 || !isAtEnd, db)
    try count.note(through: through, db)
    guard isAtEnd else { return }
    try count.goLive(db)
    try state.adopt(count, db)
  }

  private static func drop(_ count: MeterBackfill, _ db: Database) throws {
    let last = try Int64.fetchOne(
      db,
      sql: """
        SELECT max(hour) FROM (SELECT hour FROM hour_seen WHERE hour > ? ORDER BY hour
          LIMIT \(hoursDroppedPerSlice))
        """, arguments: [count.through])
    guard let last else { return try count.forget(db) }
    for series in try BucketSeries.numbers(of: count.series, db) {
      try BlockPacker.forget(meter: series, db)
      for table in ["bucket", "bucket_samples"] {
        try db.execute(
          sql: """
            DELETE FROM \(table) WHERE meter = ? AND hour IN (
              SELECT hour FROM hour_seen WHERE hour > ? AND hour <= ?)
            """, arguments: [series, count.through, last])
      }
    }
    try count.note(through: last, db)
  }
}

/// Adds events to the buckets of one version of a meter.
private struct Counter {
  private let version: MeterBackfill
  private let reader: MeterReader
  private var deltas = BucketDeltas()
  private var names = TextInterner()

  init(_ count: MeterBackfill, _ db: Database) throws {
    version = count
    reader = try MeterReader([count.meter], db)
  }

  mutating func count(
    _ record: LogRecord, of page: LogPage, isTakenBack: Bool = false, _ db: Database
  ) throws {
    guard let subject = record.subject else { return }
    for reading in reader.readings(record, of: page) {
      let series = try BucketSeries(
        version.series, of: version.meter, group: reading.group, &names, db)
      deltas.count(
        reading, in: series, subject: subject, source: record.source, isTakenBack: isTakenBack)
    }
  }

  /// Puts what stands for corrected events in the place of what was sent.
  mutating func correct(_ db: Database) throws {
    for event in try Int64.fetchAll(db, sql: "SELECT event FROM event_amended") {
      guard let page = try LogReader.page(holding: event, db) else {
        throw LogPage.damaged(event)
      }
      try count(page[event], of: page, isTakenBack: true, db)
    }
    var standing: [LogPage] = []
    try CorrectedEvents.forEach(db) { standing.append($0) }
    for page in standing { try count(page[page.first], of: page, db) }
  }

  func save(_ db: Database) throws {
    var hours = ActiveHours()
    // Nothing is packed of a version that does not serve yet.
    try deltas.save(&hours, db) { _ in }
  }
}
