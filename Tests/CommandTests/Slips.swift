import Foundation
import TestSupport
import Testing

/// How each slip is made, on a folder of its own.
final class Slips {
  struct Made {
    let command: BuiltCommand
    /// What stands for what in the sentence.
    var meaning: KeyValuePairs<String, String> = [:]
  }

  struct Slip: Sendable {
    let name: String
    let make: @Sendable (Slips) throws -> Made
  }

  let folder: TemporaryFolder
  let server: ServerProcess
  /// A port where nobody listens.
  let free: UInt16
  private var count = 0

  init() throws {
    folder = try TemporaryFolder()
    server = try ServerProcess(folder)
    for role in ["operator", "device", "finance"] {
      try ServerProcess.token(role, folder)
        .write(toFile: folder.path(role), atomically: true, encoding: .utf8)
    }
    // One that was used a moment ago, by a service that has ended.
    let other = try ServerProcess(TemporaryFolder())
    free = other.port
    other.pullPlug()
  }

  /// A path in the folder that nothing else uses.
  func path() -> String {
    count += 1
    return folder.path("slip-\(count)")
  }

  func run(_ words: String..., variables: [String: String] = [:]) throws -> BuiltCommand {
    try run(words, variables: variables)
  }

  func run(_ words: [String], variables: [String: String] = [:]) throws -> BuiltCommand {
    try BuiltCommand(words, in: folder, variables: variables)
  }

  func serve(_ data: String, _ words: String..., variables: [String: String] = [:]) throws
    -> BuiltCommand
  {
    let port =
      words.contains { $0.hasPrefix("--port") } || !variables.isEmpty ? [] : ["--port", "0"]
    return try run(["serve", "--data", data] + port + words, variables: variables)
  }

  /// A command for the service, or for where none is.
  func ask(_ words: String..., role: String = "operator", port: UInt16? = nil) throws
    -> BuiltCommand
  {
    try run(
      words + [
        "--server", "http://127.0.0.1:\(port ?? server.port)", "--token-file", folder.path(role),
      ])
  }

  /// A file of that text; its path.
  func file(_ text: String, _ ending: String = "") throws -> String {
    let path = path() + ending
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// A folder that holds a letter.
  func foreignFolder() throws -> String {
    let path = path()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try "Dear Ann".write(toFile: path + "/letter.txt", atomically: true, encoding: .utf8)
    return path
  }

  /// A data folder whose service has ended.
  func dataFolder() throws -> String {
    let path = path()
    try ServerProcess(folder, data: path).pullPlug()
    return path
  }

  func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

  func key(of data: String) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: data + "/keys")
    return data + "/keys/" + (try #require(names.first { $0.hasSuffix(".jwk") }))
  }
}

extension Slips {
  static let all = addresses + missing + folders + files

  private static let addresses = [
    Slip(name: "port beyond 65535") {
      let path = $0.path()
      return Made(command: try $0.serve(path, "--port", "99999"))
    },
    Slip(name: "port below 0") { Made(command: try $0.serve($0.path(), "--port=-1")) },
    Slip(name: "demo, port beyond 65535") { Made(command: try $0.run("demo", "--port", "99999")) },
    Slip(name: "server, port beyond 65535") {
      Made(
        command: try $0.run(
          "invoices", "--server", "http://127.0.0.1:99999", "--token-file",
          $0.folder.path("operator")))
    },
    Slip(name: "refused connection") {
      Made(command: try $0.ask("invoices", port: $0.free), meaning: ["PORT": "\($0.free)"])
    },
    Slip(name: "import, refused connection") {
      let event = #"{"specversion":"1.0","id":"1","source":"/s","type":"t","subject":"a"}"#
      let events = try $0.file(event + "\n", ".ndjson")
      return Made(
        command: try $0.ask("import", events, port: $0.free), meaning: ["PORT": "\($0.free)"])
    },
    Slip(name: "apply, refused connection") {
      let file = try $0.file("customers: {acme: {name: Acme}}\n", ".yaml")
      return Made(
        command: try $0.ask("apply", file, port: $0.free), meaning: ["PORT": "\($0.free)"])
    },
    Slip(name: "unknown host") {
      Made(
        command: try $0.run(
          "invoices", "--server", "http://nobody.invalid:8080", "--token-file",
          $0.folder.path("operator")))
    },
    Slip(name: "another kind of server") {
      let silent = try ClosingServer()
      return Made(
        command: try $0.ask("invoices", port: silent.port), meaning: ["PORT": "\(silent.port)"])
    },
    Slip(name: "address in use") {
      Made(
        command: try $0.serve($0.path(), "--port", "\($0.server.port)"),
        meaning: ["PORT": "\($0.server.port)"])
    },
    Slip(name: "address of another machine") {
      Made(command: try $0.serve($0.path(), "--host", "192.0.2.1"))
    },
    Slip(name: "unknown variable") {
      Made(command: try $0.serve($0.path(), variables: ["USANCE_PROT": "9090"]))
    },
    Slip(name: "port of the environment") {
      Made(command: try $0.serve($0.path(), variables: ["USANCE_PORT": "http"]))
    },
  ]

  private static let missing =
    [
      ["token", "issue", "--role", "device", "--subject", "d"],
      ["token", "link", "--subject", "ann"],
      ["token", "list"], ["token", "new-key"], ["verify"],
    ].map { words in
      Slip(name: words.prefix { !$0.hasPrefix("--") }.joined(separator: " ") + ", mistyped folder")
      {
        let path = $0.path()
        let command = try $0.run(words + ["--data", path])
        #expect(!FileManager.default.fileExists(atPath: path), "nothing is made")
        return Made(command: command, meaning: ["FOLDER": path])
      }
    } + [
      Slip(name: "serve, mistyped path") {
        let path = $0.path()
        let command = try $0.serve(path + "/deep/er")
        #expect(!FileManager.default.fileExists(atPath: path), "nothing is made")
        return Made(command: command, meaning: ["FOLDER": path])
      },
      Slip(name: "serve --existing, no folder") {
        let path = $0.path()
        let command = try $0.serve(path, "--existing")
        #expect(!FileManager.default.fileExists(atPath: path), "nothing is made")
        return Made(command: command, meaning: ["FOLDER": path])
      },
      Slip(name: "serve, another folder") {
        let path = try $0.foreignFolder()
        return Made(command: try $0.serve(path), meaning: ["FOLDER": path])
      },
      Slip(name: "token issue, another folder") {
        let path = try $0.foreignFolder()
        let words = ["token", "issue", "--role", "device", "--subject", "d", "--data", path]
        let command = try $0.run(words)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["letter.txt"])
        return Made(command: command, meaning: ["FOLDER": path])
      },
      Slip(name: "serve, a file for a folder") {
        let path = try $0.file("x")
        return Made(command: try $0.serve(path), meaning: ["FOLDER": path])
      },
      Slip(name: "token issue, a file for a folder") {
        let path = try $0.file("x")
        let words = ["token", "issue", "--role", "device", "--subject", "d", "--data", path]
        return Made(command: try $0.run(words), meaning: ["FOLDER": path])
      },
      Slip(name: "verify, a file for a folder") {
        let path = try $0.file("x")
        return Made(command: try $0.run("verify", "--data", path), meaning: ["FOLDER": path])
      },
      Slip(name: "demo, a folder that is there") {
        let path = try $0.foreignFolder()
        return Made(command: try $0.run("demo", "--data", path), meaning: ["FOLDER": path])
      },
      Slip(name: "export, a file for a folder") {
        let path = try $0.file("x")
        return Made(command: try $0.ask("export", "--folder", path), meaning: ["FILE": path])
      },
    ]

  private static let folders = [
    Slip(name: "keys without a database") {
      let path = try $0.dataFolder()
      for file in try FileManager.default.contentsOfDirectory(atPath: path)
      where file.hasPrefix("usance.db") {
        try $0.remove(path + "/" + file)
      }
      return Made(command: try $0.serve(path), meaning: ["FOLDER": path])
    },
    Slip(name: "a database without keys") {
      let path = try $0.dataFolder()
      try $0.remove(path + "/keys")
      let command = try $0.serve(path)
      #expect(!FileManager.default.fileExists(atPath: path + "/keys"), "no key is made")
      return Made(command: command, meaning: ["FOLDER": path])
    },
    Slip(name: "a leftover journal") {
      let path = try $0.dataFolder()
      try "x".write(toFile: path + "/usance.db-journal", atomically: true, encoding: .utf8)
      return Made(command: try $0.serve(path), meaning: ["FOLDER": path])
    },
    Slip(name: "an older database") {
      let path = try $0.dataFolder()
      let mark = path + "/keys/database.json"
      let text = try String(contentsOfFile: mark, encoding: .utf8)
        .replacingOccurrences(of: #""numbers":{}"#, with: #""numbers":{"INV":1}"#)
      try text.write(toFile: mark, atomically: true, encoding: .utf8)
      return Made(command: try $0.serve(path), meaning: ["FOLDER": path])
    },
    Slip(name: "two folders mixed up") {
      let (path, other) = (try $0.dataFolder(), try $0.dataFolder())
      try $0.remove(path + "/keys")
      try FileManager.default.moveItem(atPath: other + "/keys", toPath: path + "/keys")
      return Made(command: try $0.serve(path), meaning: ["FOLDER": path])
    },
    Slip(name: "a folder that others may write") {
      let path = try $0.dataFolder()
      chmod(path, 0o777)
      return Made(command: try $0.serve(path), meaning: ["FOLDER": path])
    },
    Slip(name: "a key that others may read") {
      let path = try $0.dataFolder()
      let key = try $0.key(of: path)
      chmod(key, 0o644)
      return Made(command: try $0.serve(path), meaning: ["FILE": key])
    },
    Slip(name: "a lock that is a link") {
      let path = try $0.dataFolder()
      try $0.remove(path + "/lock")
      symlink("/dev/null", path + "/lock")
      return Made(command: try $0.serve(path), meaning: ["FOLDER": path])
    },
    Slip(name: "a folder in use") {
      let path = $0.folder.path("data")
      return Made(
        command: try $0.serve(path),
        meaning: ["FOLDER": path, "PORT": "\($0.server.process.identifier)"])
    },
    Slip(name: "new-key, a folder in use") {
      let path = $0.folder.path("data")
      return Made(
        command: try $0.run("token", "new-key", "--data", path),
        meaning: ["FOLDER": path, "PORT": "\($0.server.process.identifier)"])
    },
    Slip(name: "a broken key") {
      let path = try $0.dataFolder()
      let key = try $0.key(of: path)
      try Data("{}".utf8).write(to: URL(filePath: key))
      return Made(command: try $0.serve(path), meaning: ["FILE": key])
    },
    Slip(name: "no database but a text") {
      let path = try $0.dataFolder()
      try $0.remove(path + "/usance.db-wal")
      try Data(String(repeating: "Dear Ann, ", count: 1000).utf8)
        .write(to: URL(filePath: path + "/usance.db"))
      return Made(command: try $0.serve(path), meaning: ["FOLDER": path])
    },
  ]

  private static let files = [
    Slip(name: "no token file") {
      let path = $0.path()
      return Made(command: try $0.run("invoices", "--token-file", path), meaning: ["FILE": path])
    },
    Slip(name: "a folder for a token file") {
      let path = try $0.foreignFolder()
      return Made(command: try $0.run("invoices", "--token-file", path), meaning: ["FOLDER": path])
    },
    Slip(name: "an empty token file") {
      let path = try $0.file("\n")
      return Made(command: try $0.run("invoices", "--token-file", path), meaning: ["FILE": path])
    },
    Slip(name: "import, no file") {
      let path = $0.path()
      return Made(command: try $0.ask("import", path), meaning: ["FILE": path])
    },
    Slip(name: "import, no mapping") {
      let (rows, path) = (try $0.file("a\n1\n", ".csv"), $0.path())
      return Made(command: try $0.ask("import", rows, "--mapping", path), meaning: ["FILE": path])
    },
    Slip(name: "apply, no file") {
      let path = $0.path()
      return Made(command: try $0.ask("apply", path), meaning: ["FILE": path])
    },
    Slip(name: "apply, a folder without YAML") {
      let path = try $0.foreignFolder()
      return Made(command: try $0.ask("apply", path), meaning: ["FOLDER": path])
    },
    Slip(name: "a token that may not") {
      Made(command: try $0.ask("bill", "--month", "2013-01", role: "device"))
    },
    Slip(name: "a token that is none") {
      let path = try $0.file("not-a-token")
      return Made(
        command: try $0.run(
          "invoices", "--server", "http://127.0.0.1:\($0.server.port)", "--token-file", path))
    },
    Slip(name: "import, a token that is none") {
      let event = #"{"specversion":"1.0","id":"1","source":"/s","type":"t","subject":"a"}"#
      let (events, token) = (try $0.file(event + "\n", ".ndjson"), try $0.file("not-a-token"))
      let server = "http://127.0.0.1:\($0.server.port)"
      return Made(
        command: try $0.run("import", events, "--server", server, "--token-file", token))
    },
    Slip(name: "what the service refuses") {
      Made(command: try $0.ask("bill", "--month", "2013-01", "--customer", "dodo", role: "finance"))
    },
  ]
}

/// Takes a connection and closes it without a word.
final class ClosingServer {
  let port: UInt16
  private let descriptor: Int32

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.descriptor = descriptor
    var chosen: UInt16?
    // Below those that the kernel gives to outgoing connections.
    for port in UInt16.random(in: 20_000...30_000)...UInt16(32_000) where chosen == nil {
      if Loopback.with(port: port, { bind(descriptor, $0, $1) }) == 0 { chosen = port }
    }
    port = try #require(chosen)
    listen(descriptor, 8)
    Thread.detachNewThread {
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return }
        close(connection)
      }
    }
  }

  deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
