import Access
import Base
import HTTPTypes
import Server
import Testing

@Suite("Query parameters")
struct QueryParametersTests {
  /// A misspelt filter must not pass for no filter, whatever the operation.
  @Test("A parameter that an operation does not take is refused, for every operation")
  func unknown() async throws {
    try await TestService.run { service in
      let client = service.client(.scopes(TokenScope.allCases))
      for operation in Routes.all where operation.method == .get {
        let path = operation.path.replacing("{key}", with: "acme").replacing(
          "{sequence}", with: "1"
        )
        .replacing("{number}", with: "CN-000001").replacing("{file}", with: "usance.css")
        .replacing("{link}", with: "x")
        if case .session = operation.entry { continue }
        let answer = try await client.get("\(path)?stranger=1")
        #expect(answer.status == 422, "\(operation.id)")
        #expect(answer.text.contains("unknown query parameter `stranger`"), "\(operation.id)")
      }
    }
  }

  @Test("A version of what was agreed can be had by its number")
  func versions() async throws {
    try await TestService.run { service in
      let client = service.client(.operator)
      for name in ["One", "Two"] {
        _ = try await client.put("/v1/customers/acme", ["name": .string(name)])
      }
      for (query, name) in [("", "Two"), ("?version=1", "One"), ("?version=2", "Two")] {
        let answer = try await client.get("/v1/customers/acme\(query)")
        #expect(answer["name"] == .string(name))
        #expect(answer["version"] == .integer(name == "One" ? 1 : 2))
      }
      try await client.get("/v1/customers/acme?version=3").expectProblem(404, "not_found", at: [])
      for text in ["0", "-1", "x", "1.0", "99999999999999999999"] {
        try await client.get("/v1/customers/acme?version=\(text)")
          .expectProblem(422, "invalid_value")
      }
    }
  }
}
