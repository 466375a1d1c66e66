import Foundation

/// Held for as long as a process writes to a data folder: two of them would corrupt it.
/// The operating system lets go of it when the process ends, however it ends.
package final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Throws a `FolderRefusal` that says who holds the lock.
  package init(_ folder: DataFolder) throws {
    let path = folder.lock.path
    // What is behind a link would be overwritten below.
    let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      guard errno != ELOOP else { throw FolderLock.isLink(path) }
      throw FolderRefusal.failed("open", path, .failedDisk)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_nlink == 1
    else {
      close(descriptor)
      throw FolderLock.isLink(path)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = (try? String(contentsOf: folder.lock, encoding: .utf8)) ?? ""
      close(descriptor)
      throw FolderRefusal(
        .inUse,
        "another usance (process \(holder)) is using \(folder.path), and only one may write to it; "
          + "stop it first")
    }
    let holder = Array(String(getpid()).utf8)
    ftruncate(descriptor, 0)
    _ = holder.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    // Only now: `deinit` also runs where an initialiser throws after its last property is set, and
    // would close a second time what by then may be another file.
    self.descriptor = descriptor
  }

  private static func isLink(_ path: String) -> FolderRefusal {
    FolderRefusal(.notWhole, "\(path) is a link, or no file; remove it and start again")
  }

  deinit { close(descriptor) }
}
