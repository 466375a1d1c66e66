import Foundation
import Testing

/// The binary `usance` that was built together with the tests.
enum BuiltBinary {
  static var url: URL {
    get throws {
      // The test bundle lies beside it.
      let bundle = URL(filePath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
      let folders = [
        bundle, Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent(),
      ]
      let found = folders.map { $0.appending(path: "usance") }.first {
        FileManager.default.isExecutableFile(atPath: $0.path)
      }
      return try #require(found, "no binary `usance` beside the tests")
    }
  }

  /// Runs the binary to its end and gives what it wrote to standard output.
  static func output(_ arguments: String...) throws -> (status: Int32, text: [UInt8]) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = try url
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = Array(pipe.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}
