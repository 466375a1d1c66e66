package import Foundation

/// The folder that holds everything a running service knows: the database, the keys, the lock.
package struct DataFolder: Sendable {
  package let url: URL

  package init(_ path: String) {
    url = URL(filePath: path, directoryHint: .isDirectory)
  }

  package var database: URL { url.appending(path: "usance.db") }
  package var keys: URL { url.appending(path: "keys", directoryHint: .isDirectory) }
  package var lock: URL { url.appending(path: "lock") }

  /// Makes the folder where it is missing, readable by its owner alone.
  package func create() throws {
    for folder in [url, keys] {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
  }
}
