import Base
import Contracts
import Foundation
import GRDB
import Metering
import Workflow

/// A workspace as it was when an invoice was rated, made anew in a folder of its own: the log up to
/// an event, what was agreed on up to a time, and the buckets counted from nothing but these. It
/// goes on to later moments (`advance`), so that the log is read once for all of them.
final class Replica {
  let store: Store
  var catalogs: CatalogMemory
  let original: Original
  var moment: Moment
  /// The last event of the log that was taken over.
  var lastEvent: Int64 = 0
  /// The last event of an invoice that was looked at.
  var lastInvoiceEvent: Int64 = 0
  /// The last name that was taken over; those behind it are this replica's own.
  var lastName: Int64 = 0
  /// Hour by hour, a month of many assets would take forever to read.
  var packing = WeekPacking()
  var countedSincePacked = 0
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
    /// When it was rated, as `OrderedTime` has it.
    let time: Instant
    /// The event of an invoice that says so, and when that was by the clock, which may have stepped
    /// back since earlier ones.
    var drafted: Int64 = 0
    var clock = Instant.earliest
    /// The versions of meters that served then, where it was not the newest: one that is being
    /// counted does not serve yet.
    var meters: [String: Int] = [:]

    /// Before anything was.
    static let beginning = Moment(lastEvent: 0, time: .earliest)
    /// All there is, where those versions of meters serve.
    static func end(meters: [String: Int]) -> Moment {
      Moment(lastEvent: .max, time: .latest, meters: meters)
    }
  }

  /// Reads the original and leaves it alone.
  init(of original: Original, at moment: Moment) throws {
    folder = DataFolder(
      FileManager.default.temporaryDirectory.appending(path: "usance-\(UUID().uuidString)").path)
    try folder.create()
    do {
      store = try Store(folder)
      // Nobody comes back to it after the power was lost.
      try store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = OFF") }
      catalogs = try CatalogMemory(store)
    } catch {
      try? FileManager.default.removeItem(at: folder.url)
      throw error
    }
    (self.original, self.moment) = (original, .beginning)
    try advance(to: moment)
  }

  deinit {
    try? store.pool.close()
    try? FileManager.default.removeItem(at: folder.url)
  }

  /// Does `work` in one transaction, beside the database that this is made from.
  func readingOriginal<Value>(_ work: (Database) throws -> Value) throws -> Value {
    try store.writeSteps { db in
      try db.execute(sql: "ATTACH DATABASE ? AS original", arguments: [original.address])
      defer { try? db.execute(sql: "DETACH DATABASE original") }
      var value: Value?
      try db.inTransaction {
        value = try work(db)
        return .commit
      }
      return value!
    }
  }

  static func meters(_ versions: [String: Int], _ db: Database) throws -> [CatalogVersion] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT kind, key, version, document FROM catalog_object WHERE kind = 'meter'
        ORDER BY key, version DESC
        """)
    let entries = try Dictionary(grouping: rows.map(CatalogVersion.init), by: \.key)
    return entries.sorted { $0.key < $1.key }.map { key, newestFirst in
      newestFirst.first { $0.version == versions[key] } ?? newestFirst[0]
    }
  }

  /// What the original keeps of the log to be read faster, and a recount does not confirm, as
  /// sentences; at most `limit` of each kind.
  func unconfirmed(limit: Int) throws -> [String] {
    try agree(on: .end(meters: versionsThatServe()))
    let state = catalogs.current
    return try readingOriginal { db in
      // What came in until now, and what it is held against, are of one moment.
      try takeEvents(through: .max, state, db)
      return try differences(limit, db)
    }
  }

  /// A version that is still being counted has no buckets to compare.
  private func versionsThatServe() throws -> [String: Int] {
    try readingOriginal { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT meter, version FROM original.meter_count WHERE state = 'live'")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
    }
  }

  private func differences(_ limit: Int, _ db: Database) throws -> [String] {
    let series = try String.fetchAll(
      db,
      sql: """
        SELECT series FROM meter_count
        WHERE state = 'live' AND series IN
          (SELECT series FROM original.meter_count WHERE state = 'live')
        """)
    let numbers = try series.flatMap { try BucketSeries.numbers(of: $0, db) }
      .map(String.init).joined(separator: ",")
    func counted(
      _ table: String, _ columns: [String] = [], bytes: String? = nil, _ noun: String
    ) throws -> [String] {
      try TableComparison(
        table: table, key: ["hour", "meter", "subject"], numbers: columns, bytes: bytes,
        condition: "meter IN (\(numbers))"
      ).differing(limit: limit, db).map { row in
        let hour = Instant(clampingSeconds: (row[0] as Int64) * 3600)
        return "\(noun) of \(try text(row[1], db)), \(try text(row[2], db)), \(hour) "
          + "is not what the log says"
      }
    }
    return try counted("bucket", ["events", "units_high", "units_low"], "the bucket")
      + counted("bucket_samples", bytes: "samples", "what is kept of the samples")
      + TableComparison(
        table: "event_amended", key: ["event"],
        numbers: ["correction", "subject", "hour", "received", "checksum"], bytes: "body"
      ).differing(limit: limit, db).map {
        "what stands for event \($0[0] as Int64) is not what the log says"
      }
  }

  private func text(_ number: Int64, _ db: Database) throws -> String {
    try String.fetchOne(db, sql: "SELECT text FROM name WHERE id = ?", arguments: [number])
      ?? "number \(number)"
  }
}
