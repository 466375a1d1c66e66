import Base
import Ingestion
import Testing

@testable import Benchmark

/// The events the benchmark posts, as the server reads them.
@Suite struct EventGeneratorTests {
  private func body(
    of events: Int, from stream: inout EventGenerator
  ) -> [UInt8] {
    let request = LoadRequest(token: "t", events: events)
    request.fill(from: &stream)
    return Array(request.bytes[request.bodyOffset...])
  }

  private func ids(_ batch: EventBatch) -> [String] { batch.events.map { batch.text($0.id) } }

  @Test func `a batch is sound, and every event has an id of its own`() throws {
    var stream = EventGenerator()
    var seen: Set<String> = []
    for _ in 0..<10 {
      let batch = try EventScanner.scan(body(of: 1000, from: &stream), as: .batch)
      #expect(batch.events.count == 1000)
      #expect(batch.refusals.isEmpty)
      seen.formUnion(ids(batch))
    }
    #expect(seen.count == 10_000)
    let isVersionFour = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
    #expect(seen.allSatisfy { $0.wholeMatch(of: isVersionFour) != nil })
  }

  @Test func `a single event is written without a list around it`() throws {
    var stream = EventGenerator()
    let bytes = body(of: 1, from: &stream)
    let batch = try EventScanner.scan(bytes, as: .single)
    #expect(batch.events.count == 1)
    #expect(bytes.count == EventGenerator.template.count)
  }

  /// Worked out by `Benchmarks/baseline.c`, so that both store the same rows.
  @Test func `the first event is the one that the baseline makes`() throws {
    var stream = EventGenerator()
    let text = String(decoding: body(of: 1, from: &stream), as: UTF8.self)
    #expect(
      text == """
        {"specversion":"1.0","id":"e220a839-7b1d-4daf-ae78-9e6aa1b965f4",\
        "source":"//gateway-00","type":"engine.run","subject":"engine-0500",\
        "time":"2023-12-31T23:59:36Z","data":{"seconds":2117,"cycles":1}}
        """)
  }

  @Test func `all assets and gateways take part, each asset at one gateway`() throws {
    var stream = EventGenerator()
    let batch = try EventScanner.scan(body(of: 10_000, from: &stream), as: .batch)
    let pairs = Set(
      batch.events.compactMap { event in
        event.subject.map { [batch.text($0), batch.text(event.source)] }
      })
    #expect(Set(pairs.map { $0[0] }).count == EventFleet.thousand.subjectCount)
    #expect(Set(pairs.map { $0[1] }).count == EventGenerator.gatewayCount)
    #expect(pairs.count == EventFleet.thousand.subjectCount)
  }

  @Test func `ten million events are thirty days`() throws {
    var stream = EventGenerator(.thousand, 9_999_999..<Int.max)
    let batch = try EventScanner.scan(body(of: 1, from: &stream), as: .single)
    let end = Instant(clampingSeconds: 1_704_067_200 + 30 * 86_400)
    let time = try #require(batch.events[0].time)
    #expect((end.advanced(bySeconds: -256)...end).contains(time))
  }

  @Test func `the same numbers give the same events again`() throws {
    var first = EventGenerator()
    _ = body(of: 100, from: &first)
    let sent = body(of: 100, from: &first)
    #expect(first.number == 200)
    var again = EventGenerator(.thousand, 100..<200)
    #expect(body(of: 100, from: &again) == sent)
    #expect(body(of: 100, from: &again) == sent)
  }
}
