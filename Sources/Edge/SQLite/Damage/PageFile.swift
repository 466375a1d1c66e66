import Foundation

/// A database file that is read beside SQLite. Where this process has the database open, one of
/// these must live as long: when a process closes a file, the system drops all locks that it holds
/// on it, those of SQLite among them.
final class PageFile: Sendable {
  private let descriptor: Int32

  /// Nil where it cannot be read.
  init?(_ path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return nil }
  }

  /// How many bytes could be read from there on.
  func read(_ bytes: inout [UInt8], at offset: Int64) -> Int {
    let count = bytes.withUnsafeMutableBytes {
      pread(descriptor, $0.baseAddress!, $0.count, off_t(offset))
    }
    return max(0, count)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
