import Access
import ArgumentParser
import Base
import Foundation
import NIOCore
import NIOPosix
import Server
import Storage

/// Measures how fast this machine takes events in, durably and once each.
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure events a second on this machine, beside the server, over loopback.",
    discussion: """
      Starts a server of its own on a fresh data folder and posts events with random (UUIDv4) ids: \
      one a request over many connections, then many a request. Each request is sent when the one \
      before it on its connection has been answered, which is after its commit.
      """)

  @Option(name: .long, help: "How long each case runs, in seconds.")
  var seconds = 10

  @Option(name: .long, help: "Where the result is written as JSON.")
  var output: String?

  /// Events a request, over how many connections.
  private static let cases = [(events: 1, connections: 128), (100, 16), (1000, 8)]

  func run() async throws {
    guard (1...600).contains(seconds) else { throw ValidationError("--seconds is 1 to 600") }
    var results: [LoadResult] = []
    for (events, connections) in Self.cases {
      let result = try await measure(events, connections)
      Output.say(result.line)
      results.append(result)
    }
    guard let output else { return }
    let document: JSON = ["ingest": .array(results.map(\.json))]
    try FileManager.default.createDirectory(
      at: URL(filePath: output).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(document.bytes).write(to: URL(filePath: output))
  }

  private func measure(_ events: Int, _ connections: Int) async throws -> LoadResult {
    let server = try await BenchServer()
    defer { server.stop() }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let until = NIODeadline.now() + .seconds(Int64(seconds))
    let loads = try await withThrowingTaskGroup(of: LoadTally.self) { tasks in
      for number in 0..<connections {
        tasks.addTask {
          try await LoadConnection.run(
            on: group, port: server.port, token: server.token, events: events,
            seed: UInt64(number + 1), until: until)
        }
      }
      return try await tasks.reduce(into: []) { $0.append($1) }
    }
    try await group.shutdownGracefully()
    return LoadResult(
      events: events, connections: connections, seconds: seconds, tallies: loads,
      residentBytes: server.residentBytes, databaseBytes: server.databaseBytes)
  }
}

/// A server of this same binary in a process of its own, so that its memory is its own.
private struct BenchServer {
  let port: Int
  let token: String
  private let process = Process()
  private let folder: DataFolder

  init() async throws {
    folder = DataFolder(
      FileManager.default.temporaryDirectory.appending(path: "usance-bench-\(UUID())").path)
    token = try await Issuing(folder).token(
      .access, .operator, subject: "bench", lifetimeSeconds: 3600)
    let output = Pipe()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["serve", "--port", "0", "--data", folder.url.path]
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let port = line.split(separator: ":").last.flatMap({ Int($0.filter(\.isNumber)) }) else {
      throw Fault(.internalError, "the server did not start: \(line)")
    }
    self.port = port
    try await agree()
  }

  /// One customer, whom every event is about, and one meter: so that every event moves a bucket.
  private func agree() async throws {
    let client = APIClient("http://127.0.0.1:\(port)", token: token)
    _ = try await client.put("/v1/customers/bench", ["name": "Bench"])
    _ = try await client.put(
      "/v1/meters/time",
      ["aggregation": "sum", "eventTypes": ["run"], "unit": "s", "value": "/seconds"])
  }

  var residentBytes: Int {
    let status = try? String(
      contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) * 1024
  }

  var databaseBytes: Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: folder.database.path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder.url)
  }
}
