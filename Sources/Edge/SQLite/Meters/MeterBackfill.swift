import Base
import GRDB
import Metering
import Workflow

/// How far a version of a meter has been counted, and where its buckets are.
struct MeterBackfill {
  enum State: String {
    case counting, live, dropping
  }

  let meter: MeterDefinition
  let version: Int
  let through: Int64
  let series: String

  /// In no order that matters. Each is looked up: a walk over the catalog would end at a page of
  /// it that is damaged, whatever stands there.
  static func all(_ state: State, limit: Int = -1, _ db: Database) throws -> [MeterBackfill] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT meter, meter_count.version, through, series, document
          FROM meter_count CROSS JOIN catalog_object
            ON kind = 'meter' AND key = meter AND catalog_object.version = meter_count.version
          WHERE state = ? LIMIT ?
          """), arguments: [state.rawValue, limit]
    ).map(MeterBackfill.init)
  }

  private init(_ row: Row) throws {
    let document: String = row[4]
    meter = try MeterDefinition(
      Node(JSON(parsing: Array(document.utf8))), key: MeterKey(row[0]))
    (version, through, series) = (row[1], row[2], row[3])
  }

  /// From the second version on, the version stands behind the key, which has no space in it.
  static func begin(_ entry: CatalogVersion, _ db: Database) throws {
    // What was being counted is out of date; some of its buckets are there already.
    try db.execute(
      sql: """
        UPDATE meter_count SET state = 'dropping', through = ?
        WHERE meter = ? AND state = 'counting'
        """, arguments: [Int64.min, entry.key])
    try db.execute(
      sql: """
        INSERT INTO meter_count (meter, version, state, through, series)
        VALUES (?, ?, 'counting', 0, ?)
        """,
      arguments: [
        entry.key, entry.version,
        entry.version == 1 ? entry.key : "\(entry.key) #\(entry.version)",
      ])
  }

  /// The name of the buckets of a meter that serves. Another definition than the one that does now
  /// has none: who holds it asked while that changed.
  static func series(of meter: MeterDefinition, _ db: Database) throws -> String {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT series, document FROM meter_count CROSS JOIN catalog_object
            ON kind = 'meter' AND key = meter AND catalog_object.version = meter_count.version
          WHERE meter = ? AND state = 'live'
          """), arguments: [meter.key.text])
    guard let row, row[1] == meter.json.text else {
      throw Fault(.meterNotReady, "the meter `\(meter.key)` has just changed; ask again")
    }
    return row[0]
  }

  func note(through: Int64, _ db: Database) throws {
    try db.cachedStatement(
      sql: "UPDATE meter_count SET through = ? WHERE meter = ? AND version = ?"
    ).execute(arguments: [through, meter.key.text, version])
  }

  /// It serves from here on; what served before goes.
  func goLive(_ db: Database) throws {
    try db.execute(
      sql: """
        UPDATE meter_count SET state = 'dropping', through = ? WHERE meter = ? AND state = 'live'
        """, arguments: [Int64.min, meter.key.text])
    try db.execute(
      sql: "UPDATE meter_count SET state = 'live' WHERE meter = ? AND version = ?",
      arguments: [meter.key.text, version])
  }

  func forget(_ db: Database) throws {
    try db.execute(
      sql: "DELETE FROM meter_count WHERE meter = ? AND version = ?",
      arguments: [meter.key.text, version])
  }
}
