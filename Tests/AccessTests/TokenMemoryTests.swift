import Base
import Synchronization
import Testing

@testable import Access

/// A gate remembers good tokens, to check a signature once. That must not be seen from outside.
@Suite struct TokenMemoryTests {
  private let smith = Smith()
  private let denied = DeniedIDs()
  private let gate: TokenGate

  init() async throws {
    gate = await TokenGate(try TestKeys.ring()) { [denied] in try denied.contains($0) }
  }

  @Test func `a remembered token is refused once it has expired`() async throws {
    let token = smith.token()
    for second: Int64 in [0, 0, 599] {
      _ = try await gate.admit(token, as: .access, now: Smith.now.advanced(bySeconds: second))
    }
    for second: Int64 in [600, 601, 86_400] {
      await #expect(throws: TokenGate.refusal) {
        try await gate.admit(token, as: .access, now: Smith.now.advanced(bySeconds: second))
      }
    }
  }

  @Test func `a remembered token is refused once it is denied`() async throws {
    let (token, other) = (smith.token(), smith.token(claims: ["jti": "token-2"]))
    for token in [token, token, other] {
      _ = try await gate.admit(token, as: .access, now: Smith.now)
    }
    denied.deny("token-1")
    await #expect(throws: TokenGate.refusal) {
      try await gate.admit(token, as: .access, now: Smith.now)
    }
    _ = try await gate.admit(other, as: .access, now: Smith.now)
  }

  @Test func `another token with a denied identifier is refused too`() async throws {
    _ = try await gate.admit(smith.token(), as: .access, now: Smith.now)
    denied.deny("token-1")
    await #expect(throws: TokenGate.refusal) {
      let longer = smith.token(claims: ["exp": .integer(Smith.second + 900)])
      return try await gate.admit(longer, as: .access, now: Smith.now)
    }
  }

  @Test(arguments: TokenPurpose.allCases, TokenPurpose.allCases)
  func `a remembered token passes for no other purpose`(
    made: TokenPurpose, used: TokenPurpose
  ) async throws {
    guard made != used else { return }
    let token = Smith(purpose: made).token()
    _ = try await gate.admit(token, as: made, now: Smith.now)
    await #expect(throws: TokenGate.refusal) {
      try await gate.admit(token, as: used, now: Smith.now)
    }
    // A token that holds the memory's own way of writing both.
    await #expect(throws: TokenGate.refusal) {
      try await gate.admit("\(made.rawValue) \(token)", as: used, now: Smith.now)
    }
  }

  /// Swift takes U+212A for K where it compares strings, and so would a memory of strings.
  @Test func `only the very text is remembered`() async throws {
    let token = smith.token()
    try #require(token.contains("K"))
    _ = try await gate.admit(token, as: .access, now: Smith.now)
    await #expect(throws: TokenGate.refusal) {
      let lookAlike = token.replacing("K", with: "\u{212A}")
      return try await gate.admit(lookAlike, as: .access, now: Smith.now)
    }
  }

  @Test func `a refusal is not remembered as a pass`() async throws {
    let forged = TokenParts(smith.token()).signed([UInt8](repeating: 7, count: 64))
    for _ in 0..<3 {
      await #expect(throws: TokenGate.refusal) {
        try await gate.admit(forged, as: .access, now: Smith.now)
      }
    }
  }

  @Test func `a refusal does not outlast its reason`() async throws {
    let token = smith.token(claims: ["nbf": .integer(Smith.second + 100)])
    await #expect(throws: TokenGate.refusal) {
      try await gate.admit(token, as: .access, now: Smith.now)
    }
    _ = try await gate.admit(token, as: .access, now: Smith.now.advanced(bySeconds: 100))
  }

  @Test func `nobody passes while the denied ones cannot be read`() async throws {
    let token = smith.token()
    _ = try await gate.admit(token, as: .access, now: Smith.now)
    denied.fail()
    await #expect(throws: DeniedIDs.Unreadable.self) {
      try await gate.admit(token, as: .access, now: Smith.now)
    }
  }
}

/// Denied identifiers that change while a gate is in use.
private final class DeniedIDs: Sendable {
  struct Unreadable: Error {}

  private let state = Mutex<(ids: Set<String>, isReadable: Bool)>(([], true))

  func deny(_ id: String) { state.withLock { _ = $0.ids.insert(id) } }
  func fail() { state.withLock { $0.isReadable = false } }

  func contains(_ id: String) throws -> Bool {
    try state.withLock { state in
      guard state.isReadable else { throw Unreadable() }
      return state.ids.contains(id)
    }
  }
}
