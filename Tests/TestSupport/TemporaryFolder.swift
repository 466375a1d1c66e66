package import Foundation

/// A folder of one test, for its owner alone, gone when the test is over.
package final class TemporaryFolder: Sendable {
  package let url: URL

  /// `inMemory` where there is such a place, for those who make thousands of small databases and do
  /// not ask whether the disk was told.
  package init(inMemory: Bool = false) throws {
    let memory = "/dev/shm"
    let place =
      inMemory && FileManager.default.isWritableFile(atPath: memory)
      ? URL(filePath: memory) : FileManager.default.temporaryDirectory
    url = place.appending(path: "usance-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  package func path(_ name: String) -> String { url.appending(path: name).path }

  /// The text of a file, empty where there is none.
  package func text(_ name: String) -> String {
    (try? String(contentsOfFile: path(name), encoding: .utf8)) ?? ""
  }
}
