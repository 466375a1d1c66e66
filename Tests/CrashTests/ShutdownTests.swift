import Foundation
import TestSupport
import Testing

extension RealServerTests {
  @Suite(.serialized) struct ShutdownTests {
    @Test("SIGTERM under load: ends within 10 s, and what was acknowledged is there")
    func endsInOrder() throws {
      let folder = try TemporaryFolder()
      let devices = try CrashTests.devices(folder)
      let server = try ServerProcess(folder)
      try Sample.agree(
        on: Connection(port: server.port), token: ServerProcess.token("operator", folder))
      // A connection that nobody speaks on must not hold the server up.
      let idle = try Connection(port: server.port)
      #expect(try idle.get("/livez").status == 200)
      let working = Device.start(devices, port: server.port, seed: SeededRandom.runSeed)
      usleep(1_000_000)
      let told = ContinuousClock.now
      server.process.send(SIGTERM)
      #expect(server.process.wait(secondsMax: 10) == .exit(0))
      print("SIGTERM under load: ended after \(told.duration(to: .now))")
      try #require(working.wait(timeout: .now() + 30) == .success)
      // The same without a server: nothing is left over in the files of the dead one.
      let audit = try Audit(folder.path("data/usance.db"), of: devices)
      #expect(audit.complaints.isEmpty)
      #expect(audit.storedCount > 0)
      #expect(devices.flatMap(\.complaints).isEmpty)
    }

    @Test("a second process on the same folder refuses, and names the first")
    func secondProcessRefuses() throws {
      let folder = try TemporaryFolder()
      let server = try ServerProcess(folder)
      let second = try ChildProcess(
        BuiltBinary.url.path, ["serve", "--data", folder.path("data"), "--port", "0"],
        output: folder.path("second"), errors: folder.path("second-errors"))
      let ending = try #require(second.wait(secondsMax: 10))
      #expect(ending != .exit(0))
      #expect(folder.text("second-errors").contains("process \(server.process.identifier)"))
      #expect(folder.text("second") == "")
      #expect(try Connection(port: server.port).get("/readyz").status == 200)
    }

    @Test("a killed server leaves its folder free for the next one")
    func killedServerLeavesNoLock() throws {
      let folder = try TemporaryFolder()
      try ServerProcess(folder).pullPlug()
      let next = try ServerProcess(folder)
      #expect(try Connection(port: next.port).get("/readyz").status == 200)
    }
  }
}
