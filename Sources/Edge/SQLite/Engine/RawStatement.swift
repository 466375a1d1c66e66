import Foundation
import GRDB
import GRDBSQLite
import Workflow

/// A prepared statement driven through SQLite's own functions, for the few that run once for each
/// event, hour or contract of a run. Everything else goes through GRDB, whose rows take the names
/// of their columns along. The others that call SQLite itself are `Interruption` and
/// `WriteAheadLog`.
struct RawStatement {
  private let statement: OpaquePointer
  private let connection: OpaquePointer

  /// Prepared once and kept by the connection.
  init(_ sql: String, _ db: Database) throws {
    statement = try db.cachedStatement(sql: sql).sqliteStatement
    connection = db.sqliteConnection!
  }

  /// Binds numbers from the first parameter on; nil is NULL.
  func bind(_ numbers: Int64?...) -> RawStatement {
    for (index, number) in numbers.enumerated() {
      if let number {
        sqlite3_bind_int64(statement, Int32(index + 1), number)
      } else {
        sqlite3_bind_null(statement, Int32(index + 1))
      }
    }
    return self
  }

  /// Binds texts from the first parameter on.
  func bind(_ texts: String...) -> RawStatement {
    for (index, var text) in texts.enumerated() {
      text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          // A null pointer would be NULL, and not the empty text. SQLite copies what it is given.
          _ = sqlite3_bind_text64(
            statement, Int32(index + 1), $0.baseAddress ?? UnsafePointer(bitPattern: 1),
            sqlite3_uint64($0.count), RawStatement.copied, UInt8(SQLITE_UTF8))
        }
      }
    }
    return self
  }

  /// Binds bytes to one of the parameters.
  func bind(blob bytes: [UInt8], at parameter: Int32) -> RawStatement {
    bytes.withUnsafeBytes {
      _ = sqlite3_bind_blob64(
        statement, parameter, RawStatement.start($0), sqlite3_uint64($0.count),
        RawStatement.copied)
    }
    return self
  }

  private static var copied: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }

  /// Runs a statement that gives no rows.
  func run() throws {
    let result = sqlite3_step(statement)
    sqlite3_reset(statement)
    guard result == SQLITE_DONE else { throw error }
  }

  /// Runs it with bytes as one of its parameters.
  func run(blob bytes: UnsafeRawBufferPointer, at parameter: Int32) throws {
    // SQLite reads them during the step below, while they are still held.
    sqlite3_bind_blob64(
      statement, parameter, RawStatement.start(bytes), sqlite3_uint64(bytes.count), nil)
    defer { sqlite3_bind_null(statement, parameter) }
    try run()
  }

  /// A null pointer would be NULL, and not bytes of which there are none.
  private static func start(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
    bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
  }

  /// Gives every row to `body`, until it says that it has seen enough.
  func forEach(_ body: (borrowing RawRow) throws -> Bool) throws {
    defer { sqlite3_reset(statement) }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: if try !body(RawRow(statement: statement)) { return }
      case SQLITE_DONE: return
      default: throw error
      }
    }
  }

  /// Whether it gives any row.
  var isAny: Bool {
    get throws {
      var isAny = false
      try forEach { _ in
        isAny = true
        return false
      }
      return isAny
    }
  }

  private var error: DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
      message: String(cString: sqlite3_errmsg(connection)))
  }
}

/// The row a statement stands on.
struct RawRow: ~Copyable {
  fileprivate let statement: OpaquePointer

  func number(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

  func text(_ column: Int32) -> String { String(decoding: blob(column), as: UTF8.self) }

  /// Valid until the statement steps on.
  func blob(_ column: Int32) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: sqlite3_column_blob(statement, column),
      count: Int(sqlite3_column_bytes(statement, column)))
  }
}

extension Database {
  /// Does all of `body`, or nothing, within the transaction that is open. GRDB's savepoints are
  /// compiled anew each time.
  func inStep<Value>(_ body: () throws -> Value) throws -> Value {
    try RawStatement("SAVEPOINT step", self).run()
    do {
      let value = try body()
      try RawStatement("RELEASE step", self).run()
      return value
    } catch {
      // Where the whole transaction has been rolled back already there is no such step any more.
      try? RawStatement("ROLLBACK TO step", self).run()
      try? RawStatement("RELEASE step", self).run()
      throw error
    }
  }
}
