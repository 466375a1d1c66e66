import Foundation
import TestSupport
import Testing

extension RealServerTests {
  /// A disk that is full, a file system of its own for each test.
  @Suite(.serialized) struct DiskFullTests {
    private let folder: TemporaryFolder
    private let disk: SmallDisk?

    init() throws {
      folder = try TemporaryFolder()
      disk = try SmallDisk(in: folder, megabytes: 48)
      if disk == nil { print("not checked: this user may not mount a small disk") }
    }

    private func command(_ words: String..., variables: [String: String] = [:]) throws
      -> BuiltCommand
    {
      try BuiltCommand(words, in: folder, variables: variables)
    }

    @Test("every writer: 507, one line in the log, not ready, reads go on; all again with room")
    func everyWriter() throws {
      guard let disk else { return }
      let data = disk.path + "/data"
      let server = try ServerProcess(folder, data: data)
      let token = try ServerProcess.token("operator", folder, data: data)
      let connection = try Connection(port: server.port)
      try Writers.prepare(connection, token)
      let link = try command("token", "link", "--data", data, "--subject", "ann").text
      let signIn = Writers.Request(
        "sign in", "GET",
        String(link[try #require(link.range(of: "/sign-in/")).lowerBound...])
          .trimmingCharacters(in: .whitespacesAndNewlines), "")
      let requests = Writers.requests + [signIn]
      // So that the next token needs a block of its own.
      try FileManager.default.removeItem(atPath: data + "/keys/issued.ndjson")
      try disk.fill()
      for request in requests {
        let answer = try request.send(connection, token)
        #expect(answer.status == 507, "\(request.name): \(answer.status) \(answer.body)")
        #expect(request.method == "GET" || answer.body.contains(#""code":"storage_full""#))
      }
      let issuing = try command(
        "token", "issue", "--data", data, "--role", "device", "--subject", "d")
      #expect(issuing.status == 75)
      #expect(issuing.text == "")
      #expect(issuing.errors.contains("the disk is full; make room on it"))
      for path in Writers.readPaths {
        #expect(try connection.get(path, token: token).status == 200, "\(path)")
      }
      let (ready, metrics) = try (
        connection.get("/readyz"), connection.get("/metrics", token: token)
      )
      #expect(ready.status == 503)
      #expect(ready.body.contains("the disk is full"))
      #expect(metrics.body.contains("\nusance_disk_full 1\n"))
      #expect(lines("is full") == 1)
      #expect(lines("failed") == 0)

      try disk.makeRoom()
      let deadline = ContinuousClock.now + .seconds(20)
      while try connection.get("/readyz").status != 200, ContinuousClock.now < deadline {
        usleep(50_000)
      }
      #expect(try connection.get("/metrics", token: token).body.contains("\nusance_disk_full 0\n"))
      for request in requests {
        let answer = try request.send(connection, token)
        #expect((200..<400).contains(answer.status), "\(request.name): \(answer.body)")
      }
      #expect(lines("is full") == 1)
      #expect(lines("has room again") == 1)
      server.process.send(SIGTERM)
      #expect(server.process.wait(secondsMax: 20) == .exit(0))
      #expect(try command("verify", "--data", data).status == 0)
    }

    @Test("a start on a full disk says why, the first one too, and works once there is room")
    func start() throws {
      guard let disk else { return }
      let data = disk.path + "/data"
      for start in ["the first", "a later one"] {
        try disk.fill()
        let refused = try command("serve", "--data", data, "--port", "0")
        #expect(refused.status == 75, "\(start)")
        #expect(
          refused.errors.hasSuffix("is full; make room on it and start again\n"),
          "\(start): \(refused.errors)")
        try disk.makeRoom()
        try ServerProcess(folder, data: data).pullPlug()
      }
    }

    @Test("commands whose files lie on a full disk end with 75, and say which")
    func commands() throws {
      guard let disk else { return }
      let server = try ServerProcess(folder)
      let token = try ServerProcess.token("operator", folder)
      try Writers.prepare(Connection(port: server.port), token)
      try token.write(toFile: folder.path("operator"), atomically: true, encoding: .utf8)
      let service = [
        "--server", "http://127.0.0.1:\(server.port)", "--token-file", folder.path("operator"),
      ]
      let events = disk.path + "/events.ndjson"
      try (Writers.event("6") + "\nno event\n").write(
        toFile: events, atomically: true, encoding: .utf8)
      try disk.fill()
      let imported = try BuiltCommand(["import", events] + service, in: folder)
      #expect(imported.status == 75)
      #expect(imported.errors.contains("the disk is full"), "\(imported.errors)")
      let exported = try BuiltCommand(
        ["export", "--folder", disk.path + "/catalog"] + service, in: folder)
      #expect(exported.status == 75)
      #expect(exported.errors.contains("the disk is full"), "\(exported.errors)")
      let listed = try BuiltCommand(
        ["invoices"] + service, in: folder, output: "/dev/full")
      #expect(listed.status == 74)
      #expect(listed.errors.contains("cannot write to standard output (no space left on device)"))
      let verified = try command(
        "verify", "--data", folder.path("data"), variables: ["TMPDIR": disk.path])
      #expect(verified.status == 75)
      #expect(verified.errors.contains("TMPDIR"), "\(verified.errors)")
      try disk.makeRoom()
      // It goes on where it was: the event counts once, and the refused row is noted.
      #expect(try BuiltCommand(["import", events] + service, in: folder).status == 1)
      #expect(
        try BuiltCommand(["export", "--folder", disk.path + "/catalog"] + service, in: folder)
          .status == 0)
    }

    @Test("a service whose log lies on a full disk goes on")
    func logOnFullDisk() throws {
      let child = try ChildProcess(
        BuiltBinary.url.path, ["serve", "--data", folder.path("data"), "--port", "0"],
        output: folder.path("output"), errors: "/dev/full")
      let deadline = ContinuousClock.now + .seconds(20)
      while !folder.text("output").contains("\n"), ContinuousClock.now < deadline { usleep(2000) }
      #expect(folder.text("output").hasPrefix("usance: serving"))
      child.send(SIGTERM)
      #expect(child.wait(secondsMax: 20) == .exit(0))
    }

    private func lines(_ text: String) -> Int {
      folder.text("errors").split(separator: "\n").count { $0.contains(text) }
    }
  }
}
