import GRDB
import GRDBSQLite

/// Copies what the write-ahead log has gathered into the database, by ourselves: where SQLite does
/// so unasked, nobody hears of a failed fsync, and the next one that succeeds says nothing of that.
enum WriteAheadLog {
  /// Each checkpoint holds up the commits behind it; one of 16 MB writes a page once that many
  /// commits have touched.
  private static let pagesMax: Int32 = 4000

  /// `watch` must live as long as the connection.
  static func checkpoint(_ db: Database, telling watch: DiskWatch) {
    sqlite3_wal_hook(
      db.sqliteConnection,
      { context, connection, name, pages in
        guard pages >= WriteAheadLog.pagesMax, let context else { return SQLITE_OK }
        let code = sqlite3_wal_checkpoint_v2(
          connection, name, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        if code != SQLITE_OK {
          Unmanaged<DiskWatch>.fromOpaque(context).takeUnretainedValue()
            .checkpointed(ResultCode(rawValue: sqlite3_extended_errcode(connection)))
        }
        // The commit before it stands, whatever became of the checkpoint.
        return SQLITE_OK
      }, Unmanaged.passUnretained(watch).toOpaque())
  }
}
