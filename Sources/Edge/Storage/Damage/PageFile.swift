import Foundation

/// A database file that is read beside SQLite. Where this process has the database open, one of
/// these must live as long: when a process closes a file, the system drops all locks that it holds
/// on it, those of SQLite among them.
final class PageFile: Sendable {
  let descriptor: Int32

  /// Nil where it cannot be read.
  init?(_ path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return nil }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
