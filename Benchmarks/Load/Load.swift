import Base
import Foundation
import Glibc

/// How the load of one case looks, and when it ends.
struct Load: Sendable {
  enum End: Sendable {
    /// So long is measured, after that much of warming up.
    case time(warmUpSeconds: Int, seconds: Int)
    /// That many requests; all of them are measured.
    case requests(Int)
  }

  let port: Int
  let token: String
  let eventsPerRequest: Int
  let connections: Int
  let end: End
  /// The processor time that the server has used so far, in nanoseconds.
  let serverNanoseconds: @Sendable () -> Int64

  /// Runs on a thread of its own, for it waits on sockets. Gives back where the stream has got to.
  func run(_ stream: EventGenerator) async throws -> (LoadTally, EventGenerator) {
    try await withCheckedThrowingContinuation { waiting in
      Thread.detachNewThread {
        waiting.resume(
          with: Result {
            var loop = try LoadLoop(self, stream)
            try loop.run()
            return (loop.tally, loop.stream)
          })
      }
    }
  }
}

/// Keeps every connection busy: the answer to a request is followed by the next request. One
/// thread, one `poll` for all that came in meanwhile, and no object per event or request.
private struct LoadLoop: ~Copyable {
  private(set) var tally = LoadTally()
  private(set) var stream: EventGenerator
  private let load: Load
  private var watched: [pollfd] = []
  private let connections: UnsafeMutableBufferPointer<LoadConnection>
  private let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 8)
  private let requestsMax: Int
  private let measuring: Range<Int64>
  private var requestsSent = 0
  private var underWay = 0
  private var isMeasuring = false
  private var hangUps = 0

  private static let hangUpsMax = 1000
  private static let silenceMillisecondsMax: Int32 = 120_000

  init(_ load: Load, _ stream: EventGenerator) throws(Fault) {
    self.load = load
    self.stream = stream
    let now = Clock.now
    switch load.end {
    case .time(let warmUp, let seconds):
      let start = now + Int64(warmUp) * 1_000_000_000
      measuring = start..<start + Int64(seconds) * 1_000_000_000
      requestsMax = .max
    case .requests(let count):
      measuring = now..<Int64.max
      requestsMax = count
    }
    connections = .allocate(capacity: load.connections)
    for index in 0..<load.connections {
      let request = LoadRequest(token: load.token, events: load.eventsPerRequest)
      // Each is initialised before the next may throw; a run that fails here ends the process.
      (connections.baseAddress! + index).initialize(
        to: try LoadConnection(port: load.port, request))
      watched.append(pollfd(fd: connections[index].socket, events: Int16(POLLIN), revents: 0))
    }
  }

  deinit {
    connections.baseAddress!.deinitialize(count: connections.count)
    connections.deallocate()
    space.deallocate()
  }

  mutating func run() throws(Fault) {
    for index in connections.indices { send(index, Clock.now) }
    while underWay > 0 {
      let count = poll(&watched, nfds_t(watched.count), Self.silenceMillisecondsMax)
      guard count != 0 else { throw Fault(.internalError, "the server has fallen silent") }
      for index in connections.indices where watched[index].revents != 0 {
        let events = watched[index].revents
        if events & Int16(POLLOUT) != 0, connections[index].sendRest() { watch(index) }
        if events & ~Int16(POLLOUT) != 0 { try receive(index) }
      }
    }
    finish(Clock.now)
  }

  private mutating func send(_ index: Int, _ now: Int64) {
    if !isMeasuring, now >= measuring.lowerBound { begin(now) }
    if now >= measuring.upperBound { finish(now) }
    guard now < measuring.upperBound, requestsSent < requestsMax else {
      watched[index].fd = -1  // it has done its share
      return
    }
    requestsSent += 1
    underWay += 1
    if !connections[index].send(at: now, &stream) { watch(index) }
  }

  private mutating func receive(_ index: Int) throws(Fault) {
    let answer = connections[index].receive(space)
    switch answer {
    case .incomplete: return
    case .success: tally.requestsTaken += 1
    case .failure(let text): fail(text)
    case .closed:
      hangUps += 1
      guard hangUps < Self.hangUpsMax else {
        throw Fault(.internalError, "the server hung up on \(hangUps) requests")
      }
      fail("the server hung up")
      try connections[index].reconnect(port: load.port)
      watch(index)
    }
    underWay -= 1
    let now = Clock.now
    if measuring.contains(now) {
      tally.requests += 1
      if case .success = answer {} else { tally.failures += 1 }
      tally.latenciesNanoseconds.append(now - connections[index].sentNanoseconds)
    }
    send(index, now)
  }

  private mutating func fail(_ text: String) {
    if tally.firstFailure == nil { tally.firstFailure = text }
  }

  private mutating func begin(_ now: Int64) {
    isMeasuring = true
    tally.elapsedNanoseconds = -now
    tally.generatorNanoseconds = -Clock.ofThisThread
    tally.serverNanoseconds = -load.serverNanoseconds()
  }

  /// The first call counts.
  private mutating func finish(_ now: Int64) {
    guard isMeasuring, tally.elapsedNanoseconds < 0 else { return }
    tally.elapsedNanoseconds += min(now, measuring.upperBound)
    tally.generatorNanoseconds += Clock.ofThisThread
    tally.serverNanoseconds += load.serverNanoseconds()
  }

  /// Wakes up for answers, and for room to send where a request is half sent.
  private mutating func watch(_ index: Int) {
    let events = POLLIN | (connections[index].isSent ? 0 : POLLOUT)
    watched[index] = pollfd(
      fd: connections[index].socket, events: Int16(events), revents: 0)
  }
}
