import Foundation
import TestSupport

/// A server, and a folder of files beside it.
struct CatalogFolder {
  struct Outcome {
    let status: Int32
    let text: String
    let errors: String
  }

  let folder: TemporaryFolder
  let server: ServerProcess

  init(_ folder: TemporaryFolder? = nil) throws {
    self.folder = try folder ?? TemporaryFolder()
    server = try ServerProcess(self.folder)
    try write("token-file", ServerProcess.token("operator", self.folder))
  }

  func path(_ name: String) -> String { folder.path(name) }

  func write(_ name: String, _ text: String) throws {
    let url = URL(filePath: path(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func run(_ words: String...) throws -> Outcome { try run(words) }

  func run(_ words: [String]) throws -> Outcome {
    let child = try ChildProcess(
      BuiltBinary.url.path,
      words + [
        "--server", "http://127.0.0.1:\(server.port)", "--token-file", path("token-file"),
      ], output: path("said"), errors: path("complained"))
    guard case .exit(let status) = child.wait(secondsMax: 120) else {
      throw Connection.Broken(reason: "it does not end")
    }
    return Outcome(status: status, text: folder.text("said"), errors: folder.text("complained"))
  }
}
