import Foundation

/// Standard output and standard error, written at once and never buffered: scripts wait for lines.
enum Output {
  static func say(_ line: String) { show("\(line)\n") }

  static func show(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

  static func note(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
