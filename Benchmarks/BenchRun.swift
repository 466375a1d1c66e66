import Base
import Console
import Foundation
import Glibc

/// The cases at every level, in order, on one server that is filled up through its HTTP API.
struct BenchRun {
  private let usance: Program
  private let folder: URL
  let warmUpSeconds: Int
  let seconds: Int
  private(set) var steps: [BenchStep] = []
  private var stream = EventGenerator()

  private static let stepEvents = 1_000_000

  init(_ usance: Program, folder: URL, warmUpSeconds: Int, seconds: Int) {
    self.usance = usance
    self.folder = folder
    self.warmUpSeconds = warmUpSeconds
    self.seconds = seconds
  }

  /// One that has agreed with the fleet, and has no event yet.
  func server() async throws -> BenchServer { try await BenchServer(usance, in: folder) }

  /// The load against a sink: what the generator costs by itself, and how fast it could be.
  func generatorAlone() async throws -> [BenchResult] {
    var results: [BenchResult] = []
    for benchCase in [BenchCase.single, .hundred, .thousand] {
      let sink = try LoadSink()
      let request = LoadRequest(token: Self.tokenLikeAny, events: benchCase.eventsPerRequest)
      sink.serve(connections: benchCase.connections, requestBytes: request.bytes.count)
      let load = Load(
        port: sink.port, token: Self.tokenLikeAny, eventsPerRequest: benchCase.eventsPerRequest,
        connections: benchCase.connections, end: .time(warmUpSeconds: 0, seconds: 1),
        serverNanoseconds: { 0 })
      let (tally, _) = try await load.run(EventGenerator())
      results.append(BenchResult(benchCase: benchCase, storedAtStart: 0, tally: tally))
    }
    return results
  }

  private static let tokenLikeAny = String(repeating: "t", count: 400)

  /// From nothing: a fresh server for every case, or the first would fill it for the others.
  mutating func fromNothing(tell: (BenchResult) -> Void) async throws -> BenchLevel {
    var result: BenchLevel?
    var results: [BenchResult] = []
    var resident = 0
    for cases in [[BenchCase.single], [.thousand, .retry], [.hundred]] {
      let server = try await server()
      if result == nil { result = try await look(at: server, level: 0) }
      results += try await measure(cases, server, tell: tell)
      resident = max(resident, server.residentBytes)
    }
    result?.cases = results
    result?.residentBytesAfter = resident
    return result!
  }

  mutating func fill(
    _ server: BenchServer, to level: Int, tell: (BenchStep) -> Void
  ) async throws {
    var stored = try await server.storedCount()
    while stored < level {
      let missing = min(Self.stepEvents - stored % Self.stepEvents, level - stored)
      let tally = try await load(.thousand, .requests((missing + 999) / 1000), server)
      stored = try await server.storedCount()
      let step = BenchStep(
        stored: stored, eventsPerSecond: tally.eventsPerSecond(1000),
        residentBytes: server.residentBytes, bytes: server.storedBytes)
      tell(step)
      steps.append(step)
      guard tally.failures == 0 else {
        throw Fault(.internalError, "filling up failed: \(tally.firstFailure ?? "")")
      }
    }
  }

  mutating func at(
    _ level: Int, _ server: BenchServer, tell: (BenchResult) -> Void
  ) async throws -> BenchLevel {
    var result = try await look(at: server, level: level)
    result.queries = try await BenchQueries.run(level, server.client)
    result.rating = try await server.whileAway { try BenchRating.run(level, $0) }
    result.cases = try await measure(BenchCase.all, server, tell: tell)
    result.residentBytesAfter = server.residentBytes
    return result
  }

  private func look(at server: BenchServer, level: Int) async throws -> BenchLevel {
    let resident = server.residentBytes
    let restart = try await server.restart(after: SIGTERM)
    let bytes = server.storedBytes
    let restartAfterKill = try await server.restart(after: SIGKILL)
    return BenchLevel(
      level: level, stored: try await server.storedCount(), bytes: bytes,
      restartMilliseconds: restart, restartAfterKillMilliseconds: restartAfterKill,
      residentBytes: resident)
  }

  private mutating func measure(
    _ cases: [BenchCase], _ server: BenchServer, tell: (BenchResult) -> Void
  ) async throws -> [BenchResult] {
    var results: [BenchResult] = []
    for benchCase in cases {
      let stored = try await server.storedCount()
      let end = Load.End.time(warmUpSeconds: warmUpSeconds, seconds: seconds)
      let before = stream
      if benchCase.isRetry, let last { stream = EventGenerator(.thousand, last) }
      let tally = try await load(benchCase, end, server)
      if benchCase.isRetry { stream = before } else { last = before.number..<stream.number }
      try await check(server, stored + (benchCase.isRetry ? 0 : tally.taken(benchCase)), tally)
      let result = BenchResult(benchCase: benchCase, storedAtStart: stored, tally: tally)
      tell(result)
      results.append(result)
    }
    return results
  }

  /// The numbers of the events that the last case sent.
  private var last: Range<Int>?

  /// Every event that was answered with success is there, once, and no other is.
  private func check(_ server: BenchServer, _ wanted: Int, _ tally: LoadTally) async throws {
    let stored = try await server.storedCount()
    guard tally.firstFailure == nil else {
      return Output.note("a request failed: \(tally.firstFailure ?? "")\n")
    }
    guard stored == wanted else {
      throw Fault(.internalError, "\(stored) events are stored, not \(wanted)")
    }
  }

  private mutating func load(
    _ benchCase: BenchCase, _ end: Load.End, _ server: BenchServer
  ) async throws -> LoadTally {
    let load = Load(
      port: server.port, token: server.token, eventsPerRequest: benchCase.eventsPerRequest,
      connections: benchCase.connections, end: end,
      serverNanoseconds: server.processorNanoseconds)
    let (tally, stream) = try await load.run(stream)
    self.stream = stream
    return tally
  }
}

extension LoadTally {
  fileprivate func taken(_ benchCase: BenchCase) -> Int {
    requestsTaken * benchCase.eventsPerRequest
  }
}
