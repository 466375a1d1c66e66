import Foundation
import TestSupport
import Testing

/// `usance demo`, left running as a person would leave it.
struct RunningDemo {
  let address: String
  /// The sign-in link it printed.
  let link: String
  private let process = Process()

  init() throws {
    let output = Pipe()
    process.executableURL = BuiltBinary.url
    process.environment = BuiltBinary.environment
    process.arguments = ["demo"]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var text = ""
    while !text.contains("until Ctrl-C") {
      let more = output.fileHandleForReading.availableData
      try #require(!more.isEmpty, "the demo ended early: \(text)")
      text += String(decoding: more, as: UTF8.self)
    }
    let words = text.split(whereSeparator: \.isWhitespace)
    link = String(try #require(words.first { $0.contains("/sign-in/") }))
    address =
      String(link.prefix(while: { $0 != "/" })) + "//"
      + link.split(separator: "/")[1]
  }

  func stop() {
    process.interrupt()
    process.waitUntilExit()
  }
}
