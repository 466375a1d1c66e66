import Base
import Console
import Foundation
import Glibc
import SQLite

/// `usance serve`, on a data folder that goes with it.
final class BenchServer {
  private(set) var token = ""
  private(set) var port = 0
  private let usance: Program
  private let folder: DataFolder
  private let log: URL
  private var process = Process()

  private static let readySecondsMax = 600

  /// Starts on a fresh data folder and agrees with a fleet.
  init(
    _ usance: Program, in parent: URL,
    agreeing agree: (APIClient) async throws -> Void = BenchFleet.put
  ) async throws {
    self.usance = usance
    folder = DataFolder(parent.appending(path: "usance-bench-\(UUID())").path)
    log = parent.appending(path: "server.log")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    _ = try await start()
    let issue = ["token", "issue", "--role", "operator", "--subject", "bench", "--hours", "168"]
    token = try usance.output(issue + ["--data", folder.url.path])
      .trimmingCharacters(in: .newlines)
    try await agree(client)
  }

  deinit {
    end(SIGKILL)
    try? FileManager.default.removeItem(at: folder.url)
  }

  /// From before the process is there until it says that it is ready, in milliseconds.
  private func start() async throws -> Int {
    let begin = Clock.now
    let output = Pipe()
    process = try usance.start(
      ["serve", "--port", "0", "--data", folder.url.path], output: output,
      errors: try FileHandle(forWritingTo: log))
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let port = line.split(separator: ":").last.flatMap({ Int($0.filter(\.isNumber)) }) else {
      throw Fault(.internalError, "the server did not start, see \(log.path)")
    }
    self.port = port
    while (try? await client.get("/readyz")) == nil {
      guard Clock.now - begin < Int64(Self.readySecondsMax) * 1_000_000_000 else {
        throw Fault(.internalError, "the server is not ready after \(Self.readySecondsMax) s")
      }
      try await Task.sleep(for: .milliseconds(2))
    }
    return Int((Clock.now - begin) / 1_000_000)
  }

  /// Ends the server in order, or in the middle of whatever it does, and starts it again.
  func restart(after signal: Int32) async throws -> Int {
    end(signal)
    return try await start()
  }

  /// Ends the server in order, lets somebody else have its data, and starts it again.
  func whileAway<Value>(_ body: (DataFolder) throws -> Value) async throws -> Value {
    end(SIGTERM)
    let value = try body(folder)
    _ = try await start()
    return value
  }

  private func end(_ signal: Int32) {
    guard process.isRunning else { return }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
  }

  var client: APIClient {
    APIClient(
      "http://127.0.0.1:\(port)", token: token, timeoutSeconds: APIClient.runSecondsMax)
  }

  /// Waits until the hours of all that was stored are packed, as they are when a month is billed.
  func settle() async throws {
    repeat {
      try await Task.sleep(for: .seconds(2))
    } while try await gauge("usance_blocks_pending") > 0
  }

  /// As the server itself counts them.
  func storedCount() async throws -> Int { try await gauge("usance_events_stored") }

  private func gauge(_ name: String) async throws -> Int {
    let text = try await client.text("/metrics")
    let line = text.split(separator: "\n").first { $0.hasPrefix("\(name) ") }
    guard let count = line?.split(separator: " ").last.flatMap({ Int($0) }) else {
      throw Fault(.internalError, "/metrics does not say \(name)")
    }
    return count
  }

  /// The processor time used so far by all threads, read without asking the server.
  var processorNanoseconds: @Sendable () -> Int64 {
    let path = "/proc/\(process.processIdentifier)/stat"
    let perSecond = Int64(sysconf(Int32(_SC_CLK_TCK)))
    return {
      // Behind the name in brackets: state is the third field, user and system time 14 and 15.
      let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
      guard fields.count > 12 else { return 0 }
      return ((Int64(fields[11]) ?? 0) + (Int64(fields[12]) ?? 0)) * (1_000_000_000 / perSecond)
    }
  }

  var residentBytes: Int { memory("VmRSS:") }

  /// The most it has had since it was started.
  var residentBytesMax: Int { memory("VmHWM:") }

  private func memory(_ name: String) -> Int {
    let status = try? String(
      contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix(name) }
    return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) * 1024
  }

  /// Everything that holds events: all files of the data folder but the keys.
  var storedBytes: Int {
    let keys: Set<URLResourceKey> = [.fileSizeKey]
    let files = FileManager.default.enumerator(
      at: folder.url, includingPropertiesForKeys: Array(keys))
    return (files?.compactMap { $0 as? URL } ?? [])
      .filter { !$0.path.hasPrefix(folder.keys.path) }
      .reduce(0) { $0 + ((try? $1.resourceValues(forKeys: keys).fileSize) ?? 0) }
  }
}
