import Base
import Foundation
import GRDB
import GRDBSQLite
import Ingestion
import Metering
import Workflow

/// Writes admitted events to the log, each (source, id) once, and adds what the meters read to the
/// buckets of the same transaction. The only file that calls SQLite itself.
struct EventWriter {
  private var names = Names()

  mutating func forget() { names.forget() }

  /// What became of each admitted event. Where the catalogue has changed since the events were
  /// read, they are read anew: what is stored always agrees with the meters as they are.
  mutating func write(
    _ intake: Intake, isCurrent: Bool, _ state: CatalogState,
    into buckets: inout BucketDeltas, _ db: Database
  ) throws -> [EventOutcome] {
    let insert = try db.cachedStatement(
      sql: """
        INSERT INTO event (source, id, type, subject, occurred, received, attributes, data, doubt)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, id) DO NOTHING
        """)
    var outcomes: [EventOutcome] = []
    outcomes.reserveCapacity(intake.admitted.count)
    for admitted in intake.admitted {
      let row = try EventRow(admitted, intake.batch, &names, db)
      let reading =
        isCurrent
        ? admitted.reading
        : state.meters.readingAnew(
          type: intake.batch.text(admitted.event.type),
          data: admitted.event.data.map { intake.batch.bytes[$0] })
      try row.insert(
        with: insert.sqliteStatement, intake.batch.bytes, received: intake.received,
        doubt: reading.doubt, db)
      if sqlite3_changes(db.sqliteConnection) == 1 {
        outcomes.append(.accepted)
        guard let subject = row.subject else { continue }
        for value in reading.values {
          buckets.add(
            value.units,
            to: Bucket(
              meter: state.meterNumbers[value.meter], subject: subject,
              hour: admitted.occurred.hour))
        }
      } else {
        outcomes.append(try EventIdentity.judge(row, admitted, intake.batch, intake.received, db))
      }
    }
    return outcomes
  }
}

/// The columns of one event.
struct EventRow {
  let source: Int64
  let id: Range<Int>
  let type: Int64
  let subject: Int64?
  let occurred: Instant
  let attributes: Range<Int>?
  let data: Range<Int>?

  init(
    _ admitted: AdmittedEvent, _ batch: EventBatch, _ names: inout Names, _ db: Database
  ) throws {
    let event = admitted.event
    source = try names.number(batch.text(event.source), db)
    type = try names.number(batch.text(event.type), db)
    subject = try event.subject.map { try names.number(batch.text($0), db) }
    id = event.id
    occurred = admitted.occurred
    attributes = event.attributes
    data = event.data
  }

  fileprivate func insert(
    with statement: OpaquePointer, _ bytes: [UInt8], received: Instant, doubt: Fault.Code?,
    _ db: Database
  ) throws {
    sqlite3_reset(statement)
    sqlite3_clear_bindings(statement)
    let result = bytes.withUnsafeBytes { buffer in
      func bind(_ column: Int32, _ range: Range<Int>?) {
        guard let range else { return }
        // SQLite reads the text during the step below, while the buffer is still held.
        sqlite3_bind_text(
          statement, column,
          buffer.baseAddress?.advanced(by: range.lowerBound).assumingMemoryBound(to: CChar.self),
          Int32(range.count), nil)
      }
      sqlite3_bind_int64(statement, 1, source)
      bind(2, id)
      sqlite3_bind_int64(statement, 3, type)
      if let subject { sqlite3_bind_int64(statement, 4, subject) }
      sqlite3_bind_int64(statement, 5, occurred.microsecondsSinceEpoch)
      sqlite3_bind_int64(statement, 6, received.microsecondsSinceEpoch)
      bind(7, attributes)
      bind(8, data)
      if let doubt { sqlite3_bind_text(statement, 9, doubt.rawValue, -1, transient) }
      return sqlite3_step(statement)
    }
    sqlite3_reset(statement)
    guard result == SQLITE_DONE else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: sqlite3_extended_errcode(db.sqliteConnection)),
        message: String(cString: sqlite3_errmsg(db.sqliteConnection)))
    }
  }
}

/// Tells SQLite to copy the text it is given.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
