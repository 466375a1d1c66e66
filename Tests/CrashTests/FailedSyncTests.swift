import Foundation
import TestSupport
import Testing

extension RealServerTests {
  /// After a failed `fsync` nobody knows what the disk holds, and the next one may succeed all the
  /// same: the process must end at the first, and answer nobody any more.
  @Suite(.serialized) struct FailedSyncTests {
    private let folder: TemporaryFolder
    private let shim: FailingSync?

    init() throws {
      folder = try TemporaryFolder()
      shim = try FailingSync(folder)
      if shim == nil { print("not checked: there is no compiler of C here") }
    }

    @Test("every writer: no acknowledgement, no second try, the end with 74 and a reason")
    func everyWriter() throws {
      guard let shim else { return }
      let token = try prepare()
      for request in Writers.requests {
        let server = try start(shim)
        let connection = try Connection(port: server.port)
        // So that the token is known, and the shortcut for single events taken.
        #expect(try connection.get("/v1/events", token: token).status == 200)
        try shim.fail("/usance.db-wal")
        let before = shim.count
        #expect(throws: Connection.Broken.self, "\(request.name)") {
          let answer = try request.send(connection, token)
          Issue.record("\(request.name) is answered \(answer.status)")
        }
        expectEnd(of: server, request.name)
        #expect(shim.count == before + 1, "\(request.name)")
      }
    }

    @Test("a checkpoint, whose failure SQLite itself keeps to itself")
    func checkpoint() throws {
      guard let shim else { return }
      let token = try prepare()
      let server = try start(shim)
      try shim.fail("/usance.db")
      let padding = String(repeating: "x", count: 100_000)
      let connection = try Connection(port: server.port)
      for number in 0..<1000 {
        let events = (0..<10).map { Writers.event("\(number)-\($0)", padding: padding) }
        let body = "[" + events.joined(separator: ",") + "]"
        guard (try? connection.post(body, token: token, isBatch: true)) != nil else { break }
      }
      expectEnd(of: server, "checkpoint")
      #expect(folder.text("errors").contains("a checkpoint"))
      #expect(shim.count == 1)
    }

    @Test("upkeep, which nobody waits for")
    func upkeep() throws {
      guard let shim else { return }
      let token = try prepare()
      let server = try ServerProcess(folder)
      // Where the log is long, upkeep counts a new meter, here after the next start.
      let connection = try Connection(port: server.port)
      for batch in 0..<21 {
        let events = (0..<1000).map { Writers.event("\(batch)-\($0)") }
        let body = "[" + events.joined(separator: ",") + "]"
        try #require(connection.post(body, token: token, isBatch: true).status == 200)
      }
      let meter = try connection.put(
        "/v1/meters/slow", token: token,
        #"{"aggregation":"count","eventTypes":["ran"],"unit":"runs"}"#)
      server.pullPlug()
      #expect(meter.status == 201)
      try shim.fail("/usance.db-wal")
      let next = try ChildProcess(
        BuiltBinary.url.path, ["serve", "--data", folder.path("data"), "--port", "0"],
        output: folder.path("output"), errors: folder.path("errors"), variables: shim.variables)
      #expect(next.wait(secondsMax: 20) == .exit(74))
      #expect(folder.text("errors").contains("the disk failed"))
      #expect(shim.count == 1)
    }

    @Test("the note of the numbers that were given out")
    func mark() throws {
      guard let shim else { return }
      let token = try prepare()
      let server = try start(shim)
      try shim.fail("/database.json.new")
      let finalise = try #require(Writers.requests.first { $0.name == "finalise" })
      let connection = try Connection(port: server.port)
      #expect(throws: Connection.Broken.self) { _ = try finalise.send(connection, token) }
      expectEnd(of: server, "mark")
    }

    @Test("a first start, and the commands that write files")
    func commands() throws {
      guard let shim else { return }
      try shim.fail("/fresh")
      let fresh = try BuiltCommand(
        ["serve", "--data", folder.path("fresh"), "--port", "0"], in: folder,
        variables: shim.variables)
      #expect(fresh.status == 74, "\(fresh.errors)")

      _ = try prepare()
      try shim.fail("/issued.ndjson")
      let issued = try BuiltCommand(
        ["token", "issue", "--data", folder.path("data"), "--role", "device", "--subject", "d"],
        in: folder, variables: shim.variables)
      #expect(issued.status == 74, "\(issued.errors)")
      #expect(issued.text == "")

      try shim.fail("/usance.db-wal")
      let verified = try BuiltCommand(
        ["verify", "--data", folder.path("data")], in: folder, variables: shim.variables)
      #expect(verified.status == 74, "\(verified.errors)")
    }

    /// A workspace whose server has ended in order; gives the token of an operator.
    private func prepare() throws -> String {
      let server = try ServerProcess(folder)
      let token = try ServerProcess.token("operator", folder)
      try Writers.prepare(Connection(port: server.port), token)
      server.process.send(SIGTERM)
      #expect(server.process.wait(secondsMax: 20) == .exit(0))
      return token
    }

    private func start(_ shim: FailingSync) throws -> ServerProcess {
      try shim.fail("")
      return try ServerProcess(folder, variables: shim.variables)
    }

    private func expectEnd(of server: ServerProcess, _ name: String) {
      #expect(server.process.wait(secondsMax: 20) == .exit(74), "\(name)")
      #expect(folder.text("errors").contains("the disk failed"), "\(name)")
    }
  }
}
