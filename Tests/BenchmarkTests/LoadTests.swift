import Base
import Testing

@testable import Benchmark

/// The load generator, against a sink that gives every request the same answer.
@Suite struct LoadTests {
  private func tally(
    _ requests: Int, events: Int, connections: Int, answer: String
  ) async throws -> LoadTally {
    let sink = try LoadSink(answer: answer)
    let request = LoadRequest(token: "t", events: events)
    sink.serve(connections: connections, requestBytes: request.bytes.count)
    let load = Load(
      port: sink.port, token: "t", eventsPerRequest: events, connections: connections,
      end: .requests(requests), serverNanoseconds: { 0 })
    let (tally, stream) = try await load.run(EventGenerator())
    #expect(stream.number == requests * events)
    return tally
  }

  @Test(arguments: [(1, 128), (100, 16), (1000, 8)])
  func `every request is sent once, and counted when it is answered`(
    events: Int, connections: Int
  ) async throws {
    let tally = try await tally(
      300, events: events, connections: connections, answer: "HTTP/1.1 204 No Content\r\n\r\n")
    #expect(tally.requests == 300)
    #expect(tally.requestsTaken == 300)
    #expect(tally.failures == 0)
    #expect(tally.latenciesNanoseconds.count == 300)
  }

  @Test func `an answer that is no success is a failure, and is shown`() async throws {
    let answer = "HTTP/1.1 400 Bad Request\r\ncontent-length: 4\r\n\r\nno\r\n"
    let tally = try await tally(20, events: 1, connections: 4, answer: answer)
    #expect(tally.requests == 20)
    #expect(tally.requestsTaken == 0)
    #expect(tally.failures == 20)
    #expect(tally.firstFailure == answer)
    #expect(tally.eventsPerSecond(1) == 0)
  }

  @Test func `latencies are those of the nearest rank`() {
    var tally = LoadTally()
    tally.latenciesNanoseconds = (1...200).reversed().map { $0 * 1_000_000 }
    #expect("\(tally.latencyMilliseconds(percentile: 50))" == "100.00")
    #expect("\(tally.latencyMilliseconds(percentile: 99))" == "198.00")
  }
}
