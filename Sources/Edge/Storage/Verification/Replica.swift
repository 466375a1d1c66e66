import Base
import Contracts
import Foundation
import GRDB
import Metering

/// A workspace as it was when an invoice was rated, made anew in a folder of its own: the log up to
/// an event, what was agreed on up to a time, and the buckets counted from nothing but these. It
/// goes on to later moments (`advance`), so that the log is read once for all of them.
final class Replica {
  let store: Store
  var catalogs: Catalogs
  let original: Original
  let zones: Zones
  var moment: Moment
  /// The last event of an invoice that was looked at.
  var lastInvoiceEvent: Int64
  private let folder: DataFolder

  /// What it is made from.
  struct Original {
    /// How its database is read.
    let address: String
    /// Where the pages of its log start that cannot be read, and are left out.
    var without: [Int64] = []

    var unreadable: String { without.map(String.init).joined(separator: ",") }
  }

  /// What of the original belongs into it.
  struct Moment: Hashable {
    /// The last event of the log.
    let lastEvent: Int64
    let time: Instant
    /// The versions of meters that served then, where it was not the newest: one that is being
    /// counted does not serve yet.
    var meters: [String: Int] = [:]

    /// All there is.
    static let end = Moment(lastEvent: .max, time: .latest)
  }

  /// Reads the original and leaves it alone.
  init(of original: Original, at moment: Moment, _ zones: Zones) throws {
    folder = DataFolder(
      FileManager.default.temporaryDirectory.appending(path: "usance-\(UUID().uuidString)").path)
    try folder.create()
    let folder = folder
    (self.original, self.zones, self.moment) = (original, zones, moment)
    do {
      let store = try Store(folder)
      self.store = store
      try store.writeSteps { db in
        try db.execute(
          sql: "ATTACH DATABASE ? AS original",
          arguments: [original.address])
        try db.inTransaction {
          try Replica.copy(moment, original.unreadable, db)
          return .commit
        }
        try db.execute(sql: "DETACH DATABASE original")
      }
      lastInvoiceEvent = try store.pool.read { db in
        try Int64.fetchOne(db, sql: "SELECT coalesce(max(sequence), 0) FROM invoice_event")!
      }
      catalogs = try Catalogs(store, zones)
      while try catalogs.countMeters() {}
    } catch {
      try? FileManager.default.removeItem(at: folder.url)
      throw error
    }
  }

  deinit {
    try? store.pool.close()
    try? FileManager.default.removeItem(at: folder.url)
  }

  private static func copy(
    _ moment: Moment, _ unreadable: String, _ db: Database
  ) throws {
    let (last, time) = (moment.lastEvent, moment.time.microsecondsSinceEpoch)
    for statement in [
      "INSERT INTO name SELECT * FROM original.name",
      """
      INSERT INTO event_page SELECT * FROM original.event_page
      WHERE first <= \(last) AND first NOT IN (\(unreadable))
      """,
      """
      INSERT INTO event_place SELECT * FROM original.event_place
      WHERE page <= \(last) AND page NOT IN (\(unreadable))
      """,
      "INSERT INTO hour_seen SELECT * FROM original.hour_seen",
      """
      INSERT INTO event_correction
      SELECT sequence, source, id, CASE WHEN event <= \(last) THEN event END
      FROM original.event_correction WHERE sequence <= \(last)
      """,
      "INSERT INTO catalog_object SELECT * FROM original.catalog_object WHERE created <= \(time)",
      "INSERT INTO adjustment SELECT * FROM original.adjustment WHERE created <= \(time)",
      """
      INSERT INTO adjustment_withdrawal SELECT * FROM original.adjustment_withdrawal
      WHERE created <= \(time)
      """,
      """
      INSERT INTO row_proof (sequence, body, digest)
      SELECT sequence, body, digest FROM original.row_proof
      """,
      """
      INSERT INTO invoice SELECT * FROM original.invoice
      WHERE status = 'final' AND finalised <= \(time)
      """,
      "INSERT INTO credit_note SELECT * FROM original.credit_note WHERE issued <= \(time)",
      """
      INSERT INTO credit_note_reversal
      SELECT * FROM original.credit_note_reversal WHERE issued <= \(time)
      """,
      """
      INSERT INTO invoice_event (sequence, body, digest)
      SELECT sequence, body, digest FROM original.invoice_event AS event
      WHERE body ->> '$.at' <= '\(moment.time)'
        AND EXISTS (SELECT 1 FROM invoice WHERE invoice.key = event.invoice)
      """,
    ] { try db.execute(sql: statement) }
    try settleCorrections(db)
    try countMeters(moment.meters, db)
  }

  /// Lets the latest correction of each event stand, as the log says it. No meter has counted yet.
  private static func settleCorrections(_ db: Database) throws {
    var keeper = try CorrectionKeeper(CatalogState(), db)
    var (names, buckets) = (Names(), BucketDeltas())
    for event in try Int64.fetchAll(
      db, sql: "SELECT DISTINCT event FROM event_correction WHERE event IS NOT NULL ORDER BY event")
    {
      try keeper.settle(event, new: [], &names, &buckets, db)
    }
  }

  /// Of each meter the version that is asked for, or the newest, is counted from the start.
  private static func countMeters(_ versions: [String: Int], _ db: Database) throws {
    for entry in try meters(versions, db) { try MeterCount.begin(entry, db) }
  }

  static func meters(_ versions: [String: Int], _ db: Database) throws -> [CatalogEntry] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT kind, key, version, document FROM catalog_object WHERE kind = 'meter'
        ORDER BY key, version DESC
        """)
    let entries = try Dictionary(grouping: rows.map(CatalogEntry.init), by: \.key)
    return entries.sorted { $0.key < $1.key }.map { key, newestFirst in
      newestFirst.first { $0.version == versions[key] } ?? newestFirst[0]
    }
  }

  /// What the original keeps of the log to be read faster, and a recount does not confirm, as
  /// sentences; at most `limit` of each kind.
  func unconfirmed(limit: Int) throws -> [String] {
    try store.pool.writeWithoutTransaction { db in
      try db.execute(
        sql: "ATTACH DATABASE ? AS original",
        arguments: [original.address])
      defer { try? db.execute(sql: "DETACH DATABASE original") }
      // A version that is still being counted has no buckets to compare.
      let series = try String.fetchAll(
        db,
        sql: """
          SELECT series FROM meter_count
          WHERE state = 'live' AND series IN
            (SELECT series FROM original.meter_count WHERE state = 'live')
          """)
      let numbers = try series.flatMap { try MeterSeries.numbers(of: $0, db) }
        .map(String.init).joined(separator: ",")
      func counted(_ table: String, _ columns: String, _ noun: String) throws -> [String] {
        try differing(table, "hour, meter, subject", columns, "meter IN (\(numbers))", limit, db)
          .map { row in
            let hour = Instant(clampingSeconds: (row[0] as Int64) * 3600)
            return "\(noun) of \(try text(row[1], db)), \(try text(row[2], db)), \(hour) "
              + "is not what the log says"
          }
      }
      return try counted("bucket", "events, units_high, units_low", "the bucket")
        + counted("bucket_samples", "samples", "what is kept of the samples")
        + differing(
          "event_amended", "event", "correction, subject, hour, received, checksum, body", "true",
          limit, db
        ).map { "what stands for event \($0[0] as Int64) is not what the log says" }
    }
  }

  /// The keys of rows that this and the original do not have alike.
  private func differing(
    _ table: String, _ key: String, _ columns: String, _ condition: String, _ limit: Int,
    _ db: Database
  ) throws -> [Row] {
    func rows(_ schema: String) -> String {
      "SELECT \(key), \(columns) FROM \(schema).\(table) WHERE \(condition)"
    }
    let (ours, theirs) = (rows("main"), rows("original"))
    return try Row.fetchAll(
      db,
      sql: """
        SELECT DISTINCT \(key) FROM (
          SELECT * FROM (\(ours) EXCEPT \(theirs))
          UNION ALL SELECT * FROM (\(theirs) EXCEPT \(ours))
        ) ORDER BY \(key) LIMIT ?
        """, arguments: [limit])
  }

  private func text(_ number: Int64, _ db: Database) throws -> String {
    try String.fetchOne(db, sql: "SELECT text FROM name WHERE id = ?", arguments: [number])
      ?? "number \(number)"
  }
}
