import Foundation

/// The real program, serving a data folder on a port of its own choice.
package final class ServerProcess {
  package struct DoesNotAnswer: Error { let log: String }

  package let process: ChildProcess
  package let port: UInt16
  /// From the start of the process to its first 200 on /readyz.
  package let startDuration: Duration

  /// `tracer` is the beginning of a command line that runs the server under something else; `data`
  /// is the data folder, where it is not the one in `folder`, and `variables` are added to the
  /// environment.
  package init(
    _ folder: TemporaryFolder, under tracer: [String] = [], port wanted: UInt16 = 0,
    data: String? = nil, variables: [String: String] = [:]
  ) throws {
    let words =
      tracer + [
        BuiltBinary.url.path, "serve", "--data", data ?? folder.path("data"), "--port",
        "\(wanted)",
      ]
    let started = ContinuousClock.now
    process = try ChildProcess(
      words[0], Array(words.dropFirst()), output: folder.path("output"),
      errors: folder.path("errors"), variables: variables)
    let deadline = started + .seconds(tracer.isEmpty ? 20 : 60)
    var port: UInt16?
    while true {
      port = port ?? Self.port(in: folder.text("output"))
      if let port, (try? Connection(port: port).get("/readyz").status) == 200 { break }
      guard ContinuousClock.now < deadline, process.wait(secondsMax: 0) == nil else {
        throw DoesNotAnswer(log: folder.text("errors"))
      }
      usleep(2000)
    }
    startDuration = started.duration(to: .now)
    self.port = port!
  }

  /// `usance: serving FOLDER at http://127.0.0.1:PORT`, once the line is complete.
  private static func port(in output: String) -> UInt16? {
    guard let line = output.split(separator: "\n", omittingEmptySubsequences: false).first,
      output.contains("\n"), let colon = line.lastIndex(of: ":")
    else { return nil }
    return UInt16(line[line.index(after: colon)...])
  }

  /// Pulls the plug: the process gets no chance to tidy up.
  package func pullPlug() {
    process.send(SIGKILL)
    _ = process.wait(secondsMax: 10)
  }

  package static func token(
    _ role: String, _ folder: TemporaryFolder, data: String? = nil,
    variables: [String: String] = [:]
  ) throws -> String {
    let child = try ChildProcess(
      BuiltBinary.url.path,
      [
        "token", "issue", "--data", data ?? folder.path("data"), "--role", role, "--subject",
        "test",
      ] + (role == "device" ? ["--source", "*"] : []),
      output: folder.path("token"), errors: folder.path("token-errors"), variables: variables)
    guard child.wait(secondsMax: 30) == .exit(0) else {
      throw DoesNotAnswer(log: folder.text("token-errors"))
    }
    return folder.text("token").trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
