import Foundation

/// A file system of a test of its own, in memory, that is soon full.
package final class SmallDisk {
  package let path: String

  /// Nil where this user may not mount one.
  package init?(in folder: TemporaryFolder, megabytes: Int) throws {
    path = folder.path("disk")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let options = "size=\(megabytes)m,mode=0700"
    guard geteuid() == 0, mount("tmpfs", path, "tmpfs", 0, options) == 0 else { return nil }
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }

  /// Takes all the room that is left.
  package func fill() throws {
    let file = open(path + "/filler", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    defer { close(file) }
    // In smaller and smaller pieces, down to the last byte.
    for size in [1 << 20, 4096, 1] {
      let piece = [UInt8](repeating: 0, count: size)
      while write(file, piece, size) == size {}
    }
  }

  package func makeRoom() throws { try FileManager.default.removeItem(atPath: path + "/filler") }
}
