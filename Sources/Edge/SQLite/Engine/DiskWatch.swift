import Base
import Foundation
import GRDB
import Synchronization

/// What became of the disk, for everybody who writes: whether it is full, and the end of the
/// process when it fails.
package final class DiskWatch: Sendable {
  /// So much must be free before a full disk counts as one that has room again: less would be gone
  /// with the next events.
  private static let roomBytes: off_t = 4 << 20

  private let folder: DataFolder
  private let note: @Sendable (String) -> Void
  private let halt: @Sendable (String) -> Void
  private let full = Atomic<Bool>(false)

  init(
    _ folder: DataFolder, note: @escaping @Sendable (String) -> Void,
    halt: @escaping @Sendable (String) -> Void
  ) {
    self.folder = folder
    self.note = note
    self.halt = halt
  }

  package var isFull: Bool { full.load(ordering: .relaxed) }

  /// Looks whether a full disk has room again; to be called now and then.
  package func look() {
    guard isFull, hasRoom, full.exchange(false, ordering: .relaxed) else { return }
    note("the disk has room again: everything is taken as before")
  }

  /// What a request is told of an error that came of writing. Where the disk failed, nobody knows
  /// what it holds: the process ends, and finds out by reading it again.
  func fault(of error: any Error) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    if isForRoom(error.extendedResultCode) { return becameFull() }
    guard DiskWatch.isFailure(error.extendedResultCode) else { return error }
    return failed("\(error.extendedResultCode): \(error.message ?? "")")
  }

  /// The same for a checkpoint, which nobody waits for.
  func checkpointed(_ code: ResultCode) {
    if isForRoom(code) {
      _ = becameFull()
    } else if DiskWatch.isFailure(code) {
      _ = failed("a checkpoint, \(code)")
    }
  }

  /// Writes a small file beside the database. A full disk is noted and no reason to fail: the
  /// database holds what matters.
  func write(_ bytes: [UInt8], to file: URL) throws {
    do throws(DurableFile.Failure) {
      try DurableFile.write(bytes, to: file)
    } catch {
      switch error {
      case .noRoom: _ = becameFull()
      case .failed(let reason): throw failed(reason)
      }
    }
  }

  private func becameFull() -> Fault {
    if !full.exchange(true, ordering: .relaxed) {
      note(
        "the disk that holds \(folder.path) is full: what writes is answered 507 until there is "
          + "room, reads go on; make room on it")
    }
    return Fault(.storageFull, "the disk is full; send it again when there is room")
  }

  /// What is thrown where nobody ends the process.
  private func failed(_ reason: String) -> FolderRefusal {
    halt("the disk failed (\(reason))")
    return FolderRefusal(
      .failedDisk, "the disk that holds \(folder.path) failed (\(reason)); see what its log says")
  }

  /// Also where SQLite has no word of its own for it: the index of its log could not grow.
  private func isForRoom(_ code: ResultCode) -> Bool {
    if code.primaryResultCode == .SQLITE_FULL { return true }
    return [.SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_SHMMAP, .SQLITE_IOERR_WRITE].contains(code)
      && !hasRoom
  }

  /// What failed was not a read: of that the caller is told, and nothing is lost by it.
  private static func isFailure(_ code: ResultCode) -> Bool {
    code.primaryResultCode == .SQLITE_IOERR
      && ![
        .SQLITE_IOERR_READ, .SQLITE_IOERR_SHORT_READ, .SQLITE_IOERR_NOMEM,
      ].contains(code)
  }

  /// Asks the file system for room and gives it back: what it says is free may not be ours.
  var hasRoom: Bool {
    let path = folder.url.appending(path: "room").path
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    defer {
      close(descriptor)
      unlink(path)
    }
    return posix_fallocate(descriptor, 0, Self.roomBytes) == 0
  }
}
