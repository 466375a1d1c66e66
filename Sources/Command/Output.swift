import Foundation

/// Standard output and standard error, written at once and never buffered: scripts wait for lines.
enum Output {
  static func say(_ line: String) { show("\(line)\n") }

  /// Ends the command where what it says is lost: whoever reads a file that broke off must not take
  /// it for the whole. Somebody who stopped reading has read enough.
  static func show(_ text: String) {
    guard !write(text, to: STDOUT_FILENO), errno != EPIPE else { return }
    let reason = String(cString: strerror(errno)).lowercased()
    note("usance: cannot write to standard output (\(reason))\n")
    exit(EX_IOERR)
  }

  /// Never fails: the log of a service may lie on the disk that is full.
  static func note(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// False where not all of it was taken; `errno` says why.
  static func write(_ text: String, to descriptor: Int32) -> Bool {
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
