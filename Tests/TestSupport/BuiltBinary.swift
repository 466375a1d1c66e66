package import Foundation

/// The binary `usance` that was built together with the tests, which lies beside their bundle.
package enum BuiltBinary {
  package static let url = URL(filePath: ProcessInfo.processInfo.arguments[0])
    .deletingLastPathComponent().appending(path: "usance")

  /// That of this process; what is meant for the tests is unknown to the program.
  package static var environment: [String: String] {
    ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("USANCE_") }
  }

  /// Runs the binary to its end and gives what it wrote to standard output.
  package static func output(_ arguments: String...) throws -> (status: Int32, text: [UInt8]) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = url
    process.arguments = arguments
    process.environment = environment
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = Array(pipe.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}
