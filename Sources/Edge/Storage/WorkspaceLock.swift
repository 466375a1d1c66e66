import Base
import Foundation

/// Held for as long as a process writes to a data folder: two of them would corrupt it.
/// The operating system lets go of it when the process ends, however it ends.
package final class WorkspaceLock: Sendable {
  private let descriptor: Int32

  /// Throws a `Fault` that says who holds the lock.
  package init(_ folder: DataFolder) throws {
    let path = folder.lock.path
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Fault(.internalError, "cannot open \(path): \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = (try? String(contentsOf: folder.lock, encoding: .utf8)) ?? ""
      close(descriptor)
      throw Fault(
        .internalError,
        "another usance (process \(holder)) is using \(folder.url.path); only one may write to it")
    }
    let holder = Array(String(getpid()).utf8)
    ftruncate(descriptor, 0)
    _ = holder.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    // Only now: `deinit` also runs where an initialiser throws after its last property is set, and
    // would close a second time what by then may be another file.
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}
