import Foundation
import TestSupport
import Testing

/// The tests of this folder start real servers; they go one after the other.
@Suite(.serialized) enum RealServerTests {}

extension RealServerTests {
  @Suite(.serialized) struct CrashTests {
    /// 20 in CI; `USANCE_CRASH_ROUNDS=200` before a release.
    static let rounds =
      ProcessInfo.processInfo.environment["USANCE_CRASH_ROUNDS"].flatMap(Int.init) ?? 20

    /// The promise is 2 s on a quiet machine; tests share theirs with other work.
    static let startSecondsMax =
      ProcessInfo.processInfo.environment["USANCE_START_SECONDS_MAX"].flatMap(Int.init) ?? 2

    @Test("kill -9 while devices post: what was acknowledged is there, once")
    func killedServerLosesAndDoublesNothing() throws {
      let seed = SeededRandom.runSeed
      var random = SeededRandom(seed: seed)
      let folder = try TemporaryFolder()
      let devices = try CrashTests.devices(folder)
      var starts: [Duration] = []
      for round in 1...CrashTests.rounds {
        let server = try ServerProcess(folder)
        defer { server.pullPlug() }
        starts.append(server.startDuration)
        if round == 1 {
          try Sample.agree(
            on: Connection(port: server.port), token: ServerProcess.token("operator", folder))
        }
        let audit = try Audit(folder.path("data/usance.db"), of: devices)
        try #require(audit.complaints.isEmpty, "round \(round), seed \(seed)")
        let working = Device.start(devices, port: server.port, seed: random.next())
        usleep(UInt32.random(in: 100_000...1_000_000, using: &random))
        server.pullPlug()
        try #require(working.wait(timeout: .now() + 30) == .success)
      }
      let unacknowledged = devices.reduce(0) { $0 + $1.unacknowledged.count }
      let total = try CrashTests.finish(folder, devices, &starts)
      let worst = starts.max()!
      print(
        """
        kill -9: \(CrashTests.rounds) rounds, seed \(seed), \(total) events, \
        \(unacknowledged) unacknowledged at the last kill; worst start \(worst)
        """)
      #expect(worst <= .seconds(CrashTests.startSecondsMax))
    }

    /// Two devices post single events, two post batches.
    static func devices(_ folder: TemporaryFolder) throws -> [Device] {
      // The first start makes the folder, and the key that signs tokens.
      try ServerProcess(folder).pullPlug()
      let token = try ServerProcess.token("device", folder)
      return [1...1, 1...1, 1...20, 2...60].enumerated().map { place, sizes in
        Device("//test/\(place)", token: token, sizes: sizes)
      }
    }

    /// Every device gets rid of what it still holds; then all that was ever sent is stored once.
    private static func finish(
      _ folder: TemporaryFolder, _ devices: [Device], _ starts: inout [Duration]
    ) throws -> Int {
      let server = try ServerProcess(folder)
      defer { server.pullPlug() }
      starts.append(server.startDuration)
      let before = try Audit(folder.path("data/usance.db"), of: devices)
      #expect(before.complaints.isEmpty)
      for device in devices { try device.catchUp(port: server.port) }
      let after = try Audit(folder.path("data/usance.db"), of: devices)
      #expect(after.complaints.isEmpty)
      #expect(devices.allSatisfy { $0.unacknowledged.isEmpty })
      #expect(devices.flatMap(\.complaints).isEmpty)
      #expect(after.storedCount == devices.reduce(0) { $0 + $1.sentCount })
      #expect(after.storedCount > 0)
      return after.storedCount
    }
  }
}
