import Access
import Base
import Testing

/// From a line to its events and back, corrections included.
@Suite("The events behind a line")
struct LineEventsTests {
  private static let january = "acme-hours~2013-01"
  private static let february = "acme-hours~2013-02"
  private static let hours = "engines/hours"
  private static let correction = "correction/acme-hours~2013-01/engines/hours"

  private static func correct(_ id: String, _ what: JSON.Member) -> SampleEvent {
    var event = SampleEvent(id: "correct \(id)", type: "usance.correction")
    event.subject = nil
    event.data = .object([
      .init("corrects", ["source": "/fleet", "id": .string(id)]), what,
    ])
    return event
  }

  /// January is final with four flights. Then one comes late, one changes, one is taken back, and
  /// one moves to February; which is billed.
  private static func run(_ body: (TestService) async throws -> Void) async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      for id in ["stays", "changes", "goes", "moves"] {
        try await service.post(SampleEvent(id: id))
      }
      try await service.post(SampleEvent(id: "of another", subject: "N2"))
      _ = try await service.bill("2013-01")
      _ = try await service.finalise(january)
      try await service.post(
        SampleEvent(id: "late"), SampleEvent(id: "own", time: "2013-02-05T10:00:00Z"),
        correct("changes", .init("amend", ["data": ["seconds": 10_800, "cycles": 1]])),
        correct("goes", .init("retract", true)),
        correct("moves", .init("amend", ["time": "2013-02-06T10:00:00Z"])))
      _ = try await service.bill("2013-02")
      try await body(service)
    }
  }

  private static func events(
    _ service: TestService, _ line: String, of invoice: String
  ) async throws -> [String] {
    let path = "/v1/events?invoice=\(invoice)&line=\(line)&limit=1"
    return try await service.client(.finance).everything(in: path).map { event in
      [event["id"], event["change"]].compactMap { $0?.stringValue }.joined(separator: " ")
    }
  }

  @Test("A line leads to its events page by page; a correction says what came, changed or went")
  func fromTheLine() async throws {
    try await Self.run { service in
      let january = try await Self.events(service, Self.hours, of: Self.january)
      #expect(january == ["stays", "changes", "goes", "moves"])
      let february = try await Self.events(service, Self.hours, of: Self.february)
      #expect(february == ["moves", "own"])
      let correction = try await Self.events(service, Self.correction, of: Self.february)
      #expect(correction == ["changes changed", "goes went", "moves went", "late came"])
    }
  }

  @Test("What was settled by one correction is not told by the next")
  func twice() async throws {
    try await Self.run { service in
      _ = try await service.finalise(Self.february)
      try await service.post(SampleEvent(id: "later"))
      service.clock.set("2013-05-10T00:00:00Z")
      _ = try await service.bill("2013-03")
      #expect(
        try await Self.events(service, Self.correction, of: "acme-hours~2013-03") == ["later came"])
      #expect(
        try await Self.events(service, Self.correction, of: Self.february).last == "late came")
    }
  }

  @Test("An event names the correction lines too")
  func fromTheEvent() async throws {
    try await Self.run { service in
      let table: [(id: String, lines: [String])] = [
        ("late", ["acme-hours~2013-02 \(Self.correction) came"]),
        (
          "goes",
          ["acme-hours~2013-01 \(Self.hours)", "acme-hours~2013-02 \(Self.correction) went"]
        ),
        (
          "stays",
          ["acme-hours~2013-01 \(Self.hours)", "acme-hours~2013-02 \(Self.correction)"]
        ),
        (
          "moves",
          [
            "acme-hours~2013-01 \(Self.hours)", "acme-hours~2013-02 \(Self.hours)",
            "acme-hours~2013-02 \(Self.correction) went",
          ]
        ),
        ("of another", ["bird-hours~2013-01 \(Self.hours)"]),
      ]
      let finance = service.client(.finance)
      for (id, lines) in table {
        let path = "/v1/events?source=/fleet&id=\(id.replacing(" ", with: "%20"))"
        let number = try #require(try await finance.get(path).items.first?["sequence"]?.text)
        let event = try await finance.get("/v1/events/\(number)")
        let found = (event["invoiceLines"]?.elements ?? []).map { line in
          ["invoice", "line", "change"].compactMap { line[$0]?.stringValue }
            .joined(separator: " ")
        }.filter { $0.contains("hours ") || $0.hasSuffix("hours") }
        #expect(found.sorted() == lines.sorted(), "\(id)")
      }
    }
  }

  @Test("A line that there is none of, and filters beside it, are refused")
  func refusals() async throws {
    try await Self.run { service in
      let finance = service.client(.finance)
      let line = "invoice=\(Self.january)&line=\(Self.hours)"
      try await finance.get("/v1/events?invoice=\(Self.january)&line=none")
        .expectProblem(404, "not_found")
      try await finance.get("/v1/events?invoice=x~2013-01&line=\(Self.hours)")
        .expectProblem(404, "not_found")
      try await finance.get("/v1/events?invoice=\(Self.january)")
        .expectProblem(422, "missing_field")
      try await finance.get("/v1/events?\(line)&type=flown").expectProblem(422, "invalid_value")
    }
  }
}
