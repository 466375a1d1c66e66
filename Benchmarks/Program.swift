import Base
import Console
import Foundation

/// A program that is measured, in processes of its own, so that its memory and its processor time
/// are its own.
struct Program: Sendable {
  private let url: URL

  init(_ path: String) throws(CommandRefusal) {
    guard access(path, X_OK) == 0 else {
      throw CommandRefusal(EX_NOINPUT, "there is no program \(path); build it, or name another")
    }
    url = URL(filePath: path)
  }

  /// That of `usance`, where both were built together.
  static var usanceBesideThis: String {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "usance").path
  }

  /// `errors` takes what it writes to standard error; where it is nil, that goes where ours does.
  func start(_ words: [String], output: Pipe, errors: FileHandle? = nil) throws -> Process {
    let process = Process()
    process.executableURL = url
    process.arguments = words
    process.standardOutput = output
    if let errors { process.standardError = errors }
    try process.run()
    return process
  }

  /// Runs it to its end; what it wrote to standard output.
  func output(_ words: [String]) throws -> String {
    let output = Pipe()
    let process = try start(words, output: output)
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Fault(
        .internalError,
        "\(url.lastPathComponent) \(words[0]) ended with \(process.terminationStatus): \(text)")
    }
    return text
  }
}
