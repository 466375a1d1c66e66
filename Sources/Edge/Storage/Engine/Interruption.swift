import GRDB
import GRDBSQLite
import Synchronization

/// Tells work that reads for long that nobody waits for its result any more.
///
/// Whoever runs the work binds one to it as `current`. SQLite asks it while a reading connection
/// runs a statement, and loops between statements ask it through `check`. What writes is never
/// interrupted: it ends as a whole, or is rolled back for a reason of its own.
package final class Interruption: Sendable {
  @TaskLocal package static var current: Interruption?

  /// So many steps of SQLite's machine, some tens of microseconds, lie between two questions.
  private static let stepsBetween: Int32 = 1000

  private let raised = Atomic<Bool>(false)

  package init() {}

  package var isRaised: Bool { raised.load(ordering: .relaxed) }

  package func raise() { raised.store(true, ordering: .relaxed) }

  /// Throws the error that an interrupted statement throws, if the work of this thread was
  /// interrupted.
  package static func check() throws {
    guard current?.isRaised != true else {
      throw DatabaseError(resultCode: .SQLITE_INTERRUPT)
    }
  }

  /// Lets the statements of a connection be interrupted, if it is one that only reads.
  static func watch(_ db: Database) {
    guard db.configuration.readonly else { return }
    sqlite3_progress_handler(
      db.sqliteConnection, stepsBetween, { _ in Interruption.current?.isRaised == true ? 1 : 0 },
      nil)
  }
}
