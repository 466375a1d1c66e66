import Foundation
import TestSupport
import Testing

extension RealServerTests {
  @Suite(.serialized) struct AcknowledgementTests {
    /// Whether this machine lets us watch a process at all.
    static let canTrace: Bool = {
      guard let folder = try? TemporaryFolder(),
        let probe = try? ChildProcess(
          "strace", ["-o", "/dev/null", "true"], output: folder.path("output"),
          errors: folder.path("errors"))
      else { return false }
      return probe.wait(secondsMax: 10) == .exit(0)
    }()

    @Test(
      "each acknowledgement follows an fdatasync of the write-ahead log",
      .enabled(if: canTrace, "strace is not installed, or ptrace is not permitted here"))
    func acknowledgementsFollowSyncs() throws {
      let folder = try TemporaryFolder()
      let server = try ServerProcess(
        folder,
        under: [
          "strace", "-f", "-y", "-s", "400", "-o", folder.path("trace"), "-e",
          "trace=fdatasync,fsync,write,writev,sendto,sendmsg,pwrite64",
        ])
      try Sample.agree(
        on: Connection(port: server.port), token: ServerProcess.token("operator", folder))
      let token = try ServerProcess.token("device", folder)
      let connection = try Connection(port: server.port)
      let count = 50
      for id in 0..<count {
        let answer = try connection.post(
          Sample.event(source: "//test/traced", id: id), token: token, isBatch: false,
          prefersMinimal: id.isMultiple(of: 2))
        #expect(answer.status == (id.isMultiple(of: 2) ? 204 : 200))
      }
      try AcknowledgementTests.end(server)
      let proof = AcknowledgementProof(SystemCallLog(folder.text("trace")))
      print("strace: \(proof.answerCount) acknowledgements, \(proof.syncCount) syncs before them")
      #expect(proof.answerCount == count)
      #expect(proof.syncCount >= count)
      #expect(proof.complaints.isEmpty)
    }

    /// Ends the traced process and not its tracer, which then writes down the rest and ends too.
    private static func end(_ server: ServerProcess) throws {
      let tracer = server.process.identifier
      let children = try String(
        contentsOfFile: "/proc/\(tracer)/task/\(tracer)/children", encoding: .utf8)
      let traced = try #require(children.split(separator: " ").first.flatMap { pid_t($0) })
      kill(traced, SIGTERM)
      #expect(server.process.wait(secondsMax: 30) == .exit(0))
    }

    @Test("the proof sees an answer that came before its sync, or without one")
    func proofCanFail() {
      let early = """
        7 pwrite64(9</d/usance.db-wal>, "x", 1, 0) = 1
        7 fdatasync(9</d/usance.db-wal> <unfinished ...>
        8 writev(3<socket:[1]>, [{iov_base="HTTP/1.1 204 No Content", iov_len=9}], 1) = 9
        7 <... fdatasync resumed>) = 0
        """
      #expect(AcknowledgementProof(SystemCallLog(early)).complaints.count == 1)
      let without = """
        7 pwrite64(9</d/usance.db-wal>, "x", 1, 0) = 1
        7 fdatasync(9</d/usance.db-wal>) = 0
        7 pwrite64(9</d/usance.db-wal>, "x", 1, 0) = 1
        8 write(3<socket:[1]>, "HTTP/1.1 204 No Content", 9) = 9
        """
      #expect(AcknowledgementProof(SystemCallLog(without)).complaints.count == 1)
      let sound = """
        7 pwrite64(9</d/usance.db-wal>, "x", 1, 0 <unfinished ...>
        8 write(3<pipe:[2]>, "1", 1) = 1
        7 <... pwrite64 resumed>) = 1
        7 fdatasync(9</d/usance.db-wal> <unfinished ...>
        9 write(3<pipe:[2]>, "1", 1) = 1
        7 <... fdatasync resumed>) = 0
        8 write(3<socket:[1]>, "HTTP/1.1 204 No Content", 9) = 9
        """
      let proof = AcknowledgementProof(SystemCallLog(sound))
      #expect(proof.complaints.isEmpty && proof.answerCount == 1 && proof.syncCount == 1)
    }
  }
}
