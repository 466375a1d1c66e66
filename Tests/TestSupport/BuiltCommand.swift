import Foundation

/// What a command of the binary came to.
package struct BuiltCommand {
  package let status: Int32
  package let text: String
  package let errors: String
  package let duration: Duration

  /// Runs it to its end; `folder` takes what it writes. `tracer` is the beginning of a command line
  /// that runs it under something else.
  package init(
    _ words: [String], in folder: TemporaryFolder, variables: [String: String] = [:],
    output: String? = nil, under tracer: [String] = []
  ) throws {
    let started = ContinuousClock.now
    let line = tracer + [BuiltBinary.url.path] + words
    let child = try ChildProcess(
      line[0], Array(line.dropFirst()), output: output ?? folder.path("said"),
      errors: folder.path("complained"), variables: variables)
    guard case .exit(let status) = child.wait(secondsMax: 60) else {
      throw Connection.Broken(reason: "\(words) does not end")
    }
    duration = started.duration(to: .now)
    self.status = status
    text = output == nil ? folder.text("said") : ""
    errors = folder.text("complained")
  }
}
