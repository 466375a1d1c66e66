import Access
import Base
import Foundation
import Testing

@Suite("What whoever runs the service asks it")
struct OperationsTests {
  @Test("It says that it lives and that it is ready")
  func health() async throws {
    try await TestService.run { service in
      let anybody = service.client(.none)
      for (path, status) in [("/livez", "live"), ("/readyz", "ready")] {
        let answer = try await anybody.get(path)
        #expect(answer.json == ["status": .string(status)])
      }
    }
  }

  @Test("It counts what it does, in the text format of Prometheus")
  func metrics() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      let again = SampleEvent(id: "1")
      _ = try await service.client(.device).post(events: [again, SampleEvent(id: "")])
      _ = try await service.client(.none).get("/v1/usage")
      let answer = try await service.client(.operator).get("/metrics")
      #expect(answer.header("content-type")?.hasPrefix("text/plain; version=0.0.4") == true)
      let samples = try Self.samples(answer.text)
      let wanted = [
        "usance_events_total{outcome=\"accepted\"}": 1,
        "usance_events_total{outcome=\"duplicate\"}": 1,
        "usance_events_total{outcome=\"rejected\"}": 1,
        "usance_requests_total{operation=\"postEvents\",status=\"200\"}": 2,
        "usance_requests_total{operation=\"getUsage\",status=\"401\"}": 1,
        "usance_events_stored": 1,
      ]
      for (name, value) in wanted { #expect(samples[name] == value, "\(name)") }
    }
  }

  /// Each sample by its name and labels; every one has a type, said before it.
  private static func samples(_ text: String) throws -> [String: Int] {
    #expect(text.hasSuffix("\n"))
    var types: Set<Substring> = []
    var samples: [String: Int] = [:]
    let labels = #/(\{[a-z_]+="[^"\\\n]*"(,[a-z_]+="[^"\\\n]*")*\})?/#
    let line = #/([a-z_]+)(.*) ([0-9]+)/#
    for row in text.split(separator: "\n") {
      if row.hasPrefix("# TYPE ") {
        let words = row.split(separator: " ")
        #expect(words.count == 4 && ["counter", "gauge"].contains(words[3]), "\(row)")
        #expect(types.insert(words[2]).inserted, "a type is said once: \(row)")
        continue
      }
      let sample = try #require(try line.wholeMatch(in: row), "\(row)")
      #expect(try labels.wholeMatch(in: sample.output.2) != nil, "\(row)")
      #expect(types.contains(sample.output.1), "\(row) has no type")
      let name = String(sample.output.1 + sample.output.2)
      #expect(samples.updateValue(Int(sample.output.3)!, forKey: name) == nil, "\(row) twice")
    }
    return samples
  }

  @Test("It serves the document the tests read")
  func contract() async throws {
    try await TestService.run { service in
      let answer = try await service.client(.none).get("/openapi.yaml")
      #expect(answer.header("content-type") == "application/yaml")
      #expect(answer.bytes == Array(try Data(contentsOf: OpenAPIDocument.file)))
    }
  }

  @Test("It shows the public half of the key that tokens are signed with")
  func keys() async throws {
    try await TestService.run { service in
      let answer = try await service.client(.none).get("/.well-known/jwks.json")
      #expect(answer.header("cache-control") == "public, max-age=300")
      let keys = answer["keys"]?.elements ?? []
      #expect(keys.count == 1)
      let key = try #require(keys.first)
      #expect(key["kty"] == "OKP")
      #expect(key["crv"] == "Ed25519")
      #expect(key["alg"] == "EdDSA")
      #expect(key["d"] == nil, "the private half stays here")
      let token = try await service.token([.readEvents])
      let part = try #require(token.split(separator: ".").first)
      let header = try JSON(parsing: try #require(Base64URL.decode(part)))
      #expect(header["kid"] == key["kid"])
    }
  }

  @Test("Every answer says when it was, and nothing of how it is built")
  func usualHeaders() async throws {
    try await TestService.run { service in
      for path in ["/livez", "/v1/events", "/nothing", "/customers"] {
        let answer = try await service.client(.none).get(path)
        #expect(answer.header("date") != nil)
        #expect(answer.header("server") == "usance")
        #expect(answer.header("x-content-type-options") == "nosniff", "\(path)")
        #expect(answer.header("cache-control") == "no-store", "\(path)")
      }
    }
  }
}
