import Contracts
import Foundation
import Rating
import Testing

@Suite("The kinds of clauses")
struct ClauseKindsTests {
  @Test("Every kind has a rule", arguments: ClauseKinds.names)
  func rule(kind: String) throws {
    let terms = try #require(ClauseKinds.all.first { $0.kind == kind })
    #expect(terms is any ClauseRule.Type)
  }

  @Test("Their names are those of openapi.yaml, each once")
  func published() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../openapi.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    let published = text.matches(of: /kind: \{const: ([a-zA-Z]+)\}/).map { String($0.1) }
    #expect(published.sorted() == ClauseKinds.names.sorted())
    #expect(Set(ClauseKinds.names).count == ClauseKinds.names.count)
  }
}
