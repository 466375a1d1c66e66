import Foundation

/// A small file that is there as a whole, before or after a change, whatever happens meanwhile.
enum DurableFile {
  enum Failure: Error {
    case noRoom
    /// After this nobody knows what the disk holds.
    case failed(String)
  }

  static func write(_ bytes: [UInt8], to file: URL) throws(Failure) {
    let new = file.path + ".new"
    let descriptor = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(new) }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { throw failure(new) }
      written += count
    }
    guard fsync(descriptor) == 0, rename(new, file.path) == 0,
      sync(file.deletingLastPathComponent().path)
    else { throw failure(file.path) }
  }

  /// Makes durable what a folder lists.
  static func sync(_ folder: String) -> Bool {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return fsync(descriptor) == 0
  }

  private static func failure(_ path: String) -> Failure {
    let number = errno
    return number == ENOSPC || number == EDQUOT
      ? .noRoom : .failed("\(path): \(String(cString: strerror(number)))")
  }
}
