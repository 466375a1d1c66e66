import Base
import GRDB
import Metering

/// Makes the buckets of a meter anew from the log, after its definition has come or changed.
enum Recount {
  static func meter(
    _ key: MeterKey, _ before: MeterBook, _ after: CatalogState, _ db: Database
  ) throws {
    guard let meter = after.meters[key] else { return }
    let number = try Names.find(key.text, db)!
    try db.execute(sql: "DELETE FROM bucket WHERE meter = ?", arguments: [number])
    try count(meter, number, db)
    // What the old definition read and the new one does not, or the other way round, changes
    // which events are in doubt.
    let types = Set(meter.eventTypes + (before[key]?.eventTypes ?? []))
    for type in types.sorted() { try judge(type, after.meters, db) }
  }

  private static func count(_ meter: MeterDefinition, _ number: Int64, _ db: Database) throws {
    let book = MeterBook([meter])
    var deltas = BucketDeltas()
    for type in Set(meter.eventTypes).sorted() {
      try forEachEvent(ofType: type, db) { event in
        guard let subject = event.subject,
          let value = (try? book.reading(type: type, data: event.data))?.values.first
        else { return }
        let hour = floorDivide(event.occurred, by: Instant.microsecondsPerHour)
        deltas.add(value.units, to: Bucket(meter: number, subject: subject, hour: hour))
      }
    }
    try deltas.save(db)
  }

  /// Says anew of each event of that type whether a meter can read it.
  private static func judge(_ type: String, _ meters: MeterBook, _ db: Database) throws {
    let update = try db.makeStatement(sql: "UPDATE event SET doubt = ? WHERE sequence = ?")
    var changes: [(sequence: Int64, doubt: String?)] = []
    try forEachEvent(ofType: type, db) { event in
      let doubt = meters.readingAnew(type: type, data: event.data).doubt
      if doubt?.rawValue != event.doubt { changes.append((event.sequence, doubt?.rawValue)) }
    }
    for change in changes { try update.execute(arguments: [change.doubt, change.sequence]) }
  }

  private struct Logged {
    let sequence: Int64
    let subject: Int64?
    let occurred: Int64
    let data: [UInt8].SubSequence?
    let doubt: String?
  }

  private static func forEachEvent(
    ofType type: String, _ db: Database, _ body: (Logged) throws -> Void
  ) throws {
    guard let number = try Names.find(type, db) else { return }
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT sequence, subject, occurred, data, doubt FROM event
        WHERE type = ? ORDER BY sequence
        """, arguments: [number])
    while let row = try rows.next() {
      let data: String? = row[3]
      try body(
        Logged(
          sequence: row[0], subject: row[1], occurred: row[2],
          data: data.map { Array($0.utf8)[...] }, doubt: row[4]))
    }
  }
}
