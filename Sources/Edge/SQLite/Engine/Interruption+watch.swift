import GRDB
import GRDBSQLite
import Workflow

extension Interruption {
  /// So many steps of SQLite's machine, some tens of microseconds, lie between two questions.
  private static let stepsBetween: Int32 = 1000

  /// Lets the statements of a connection be interrupted, if it is one that only reads.
  static func watch(_ db: Database) {
    guard db.configuration.readonly else { return }
    sqlite3_progress_handler(
      db.sqliteConnection, stepsBetween, { _ in Interruption.isRaised ? 1 : 0 },
      nil)
  }
}
