import Access
import Base
import Foundation
import HTTPTypes
import NIOHTTP1
import Server
import Testing

@Suite("Every kind of token and every operation")
struct AccessTableTests {
  private static let file = OpenAPIDocument.file.deletingLastPathComponent()
    .appending(path: "Documentation/Access.md")

  /// `make access` writes it anew.
  @Test("The documentation says what the code decides")
  func documented() throws {
    let text = try String(contentsOf: Self.file, encoding: .utf8)
    let begin = try #require(text.range(of: AccessTable.begin)).upperBound
    let end = try #require(text.range(of: AccessTable.end)).lowerBound
    if ProcessInfo.processInfo.environment["USANCE_WRITE_ACCESS"] != nil {
      try (text[..<begin] + "\n" + AccessTable.text + "\n" + text[end...])
        .write(to: Self.file, atomically: true, encoding: .utf8)
      return
    }
    #expect(text[begin..<end] == "\n" + AccessTable.text + "\n")
  }

  /// The words of the table of operations, by operation and kind, as a reader finds them.
  private static func words() throws -> [String: [String: String]] {
    let text = try String(contentsOf: file, encoding: .utf8)
    let lines = text.split(separator: "\n").drop { $0 != "## Operations" }.dropFirst()
    let rows = lines.prefix { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|").map { $0.drop { $0 == " " } }
        .map { $0.hasSuffix(" ") ? String($0.dropLast()) : String($0) }
    }
    let kinds = try #require(rows.first).dropFirst()
    var words: [String: [String: String]] = [:]
    for row in rows.dropFirst(2) {
      words[row[0]] = Dictionary(uniqueKeysWithValues: zip(kinds, row.dropFirst()))
    }
    return words
  }

  @Test("The service does as the documentation says, for each of them")
  func asDocumented() async throws {
    let words = try Self.words()
    #expect(words.count == Routes.all.count)
    try await TestService.run { service in
      try await service.agree()
      try await service.post(
        SampleEvent(id: "1", source: TokenKind.ownSource, subject: TokenKind.ownAsset))
      var tried = 0
      // The last to be tried ends what others hold.
      for route in Routes.all where route.id != "signIn" {
        let row = try #require(words["`\(route.method.rawValue) \(route.path)`"], "\(route.id)")
        for kind in TokenKind.all {
          let word = try #require(row[kind.name])
          let client = try await Self.client(kind, service)
          let answer = try await client.send(
            HTTPMethod(rawValue: route.method.rawValue), Self.path(route, word))
          let refused: Set<Int> = kind.holding == .token ? [401, 403] : [401]
          if word == "-" {
            #expect(refused.contains(answer.status), "\(kind.name): \(route.id) \(answer.status)")
          } else {
            #expect(
              ![401, 403].contains(answer.status), "\(kind.name): \(route.id) \(answer.text)")
          }
          tried += 1
        }
      }
      #expect(tried == (Routes.all.count - 1) * TokenKind.all.count)
    }
  }

  private static func path(_ route: Server.Operation, _ word: String) -> String {
    let path = route.path.replacing("{key}", with: "some").replacing("{sequence}", with: "1")
      .replacing("{number}", with: "1").replacing("{file}", with: "some")
    guard route.id == "listEvents", word == "its own" else { return path }
    return "\(path)?source=\(TokenKind.ownSource)&subject=\(TokenKind.ownAsset)"
  }

  private static func client(
    _ kind: TokenKind, _ service: TestService
  ) async throws -> TestClient {
    switch kind.holding {
    case .nothing: service.client(.none)
    case .token:
      service.client(.bearer(try await service.token(kind.scopes, bounds: kind.bounds)))
    case .session: service.client(.session(try await service.token(kind.scopes, as: .session)))
    }
  }
}
