import Foundation

/// Standard output and standard error, written at once and never buffered: scripts wait for lines.
package enum Output {
  package static func say(_ line: String) { show("\(line)\n") }

  /// Ends the command where what it says is lost: whoever reads a file that broke off must not take
  /// it for the whole. Somebody who stopped reading has read enough.
  package static func show(_ text: String) {
    guard !write(text, to: STDOUT_FILENO), errno != EPIPE else { return }
    let reason = String(cString: strerror(errno)).lowercased()
    complain("cannot write to standard output (\(reason))")
    exit(EX_IOERR)
  }

  /// Never fails: the log of a service may lie on the disk that is full.
  package static func note(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// A sentence about what went wrong, behind the name of the program.
  package static func complain(_ sentence: String) { note("\(program): \(sentence)\n") }

  private static let program = URL(filePath: ProcessInfo.processInfo.arguments[0]).lastPathComponent

  /// False where not all of it was taken; `errno` says why.
  package static func write(_ text: String, to descriptor: Int32) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
