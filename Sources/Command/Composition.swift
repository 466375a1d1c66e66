import Access
import Base
import SQLite
import Server
import TimeZones

/// An opened data folder with the services over it.
final class Composition: Sendable {
  let context: ServerContext
  let zones: ZoneDatabase
  private let store: Store
  /// Keeps the folder from being opened twice for as long as the service lives.
  private let lock: FolderLock

  /// Opens a data folder, making it if it is missing. `note` is for the log. `halt` ends the
  /// process; it is called when the disk no longer says what it holds. Throws a `FolderRefusal` if
  /// the folder is not what it should be.
  init(
    _ folder: DataFolder, clock: @escaping @Sendable () -> Instant = Store.systemClock,
    note: @escaping @Sendable (String) -> Void = { _ in },
    halt: @escaping @Sendable (String) -> Void
  ) async throws {
    try folder.makeOrOpen()
    lock = try FolderLock(folder)
    store = try Store(folder, isMarked: true, note: note, halt: halt)
    zones = ZoneDatabase()
    let home = try SQLiteHome(store, halt: halt)
    let keys = try KeyRing(folder: folder.keys, now: clock())
    context = try await ServerContext(home, zones, keys, clock: clock)
    try folder.finish()
  }

  /// For a folder that is left in order.
  func settle() { store.settle() }
}
