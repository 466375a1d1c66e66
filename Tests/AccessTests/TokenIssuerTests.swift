import Base
import Crypto
import Foundation
import Testing

@testable import Access

@Suite struct TokenIssuerTests {
  private let ring: KeyRing
  private let now = Smith.now

  init() throws { ring = try TestKeys.ring() }

  private func issue(
    _ purpose: TokenPurpose = .access, scopes: [TokenScope] = [.writeEvents, .readEvents],
    lifetimeSeconds: Int64 = 600, tokenID: String = "token-1"
  ) async throws -> String {
    try await TokenIssuer(ring).issue(
      purpose, subject: "aerolink", scopes: scopes, lifetimeSeconds: lifetimeSeconds,
      tokenID: tokenID, now: now)
  }

  @Test(arguments: TokenPurpose.allCases)
  func `what is issued passes the gate`(purpose: TokenPurpose) async throws {
    let gate = await TokenGate(ring) { _ in false }
    let token = try await issue(purpose)
    #expect(
      try await gate.admit(token, as: purpose, now: now)
        == Caller(
          subject: "aerolink", scopes: [.writeEvents, .readEvents], tokenID: "token-1",
          expiresAtSecond: Smith.second + 600))
  }

  @Test(
    arguments: [(.access, "at+jwt"), (.link, "link+jwt"), (.session, "session+jwt")]
      as [(TokenPurpose, String)])
  func `the header says what the token is for`(purpose: TokenPurpose, type: String) async throws {
    let header = try await document(TokenParts(issue(purpose)).header)
    #expect(
      header.sorted == [
        "alg": "EdDSA", "kid": .string(TestKeys.currentID), "typ": .string(type),
      ])
  }

  /// RFC 9068, section 2.2.
  @Test func `the claims are those of the profile`() async throws {
    let claims = try await document(TokenParts(issue()).claims)
    #expect(
      claims.sorted == [
        "aud": "urn:usance:api", "client_id": "aerolink", "exp": 1_900_000_600,
        "iat": 1_900_000_000, "iss": "urn:usance", "jti": "token-1",
        "scope": "events:write events:read", "sub": "aerolink",
      ])
  }

  @Test func `a token without scopes says so`() async throws {
    let claims = try await document(TokenParts(issue(scopes: [])).claims)
    #expect(claims["scope"] == "")
  }

  @Test func `the newest key signs, and its public half shows it`() async throws {
    let parts = TokenParts(try await issue())
    #expect(parts.signatureBytes.count == 64)
    let key = try #require(ring.jwks["keys"]?.elements?.last)
    let x = try #require(key["x"]?.stringValue.flatMap { Base64URL.decode($0) })
    let publicKey = try Curve25519.Signing.PublicKey(rawRepresentation: x)
    #expect(
      publicKey.isValidSignature(
        Data(parts.signatureBytes), for: Data("\(parts.header).\(parts.claims)".utf8)))
  }

  @Test(
    arguments: [
      (.access, 7_776_000), (.link, 900), (.session, 43_200),
    ] as [(TokenPurpose, Int64)])
  func `a lifetime has its bounds`(purpose: TokenPurpose, secondsMax: Int64) async throws {
    let gate = await TokenGate(ring) { _ in false }
    for seconds in [1, secondsMax] {
      let token = try await issue(purpose, lifetimeSeconds: seconds)
      let caller = try await gate.admit(token, as: purpose, now: now)
      #expect(caller.expiresAtSecond == Smith.second + seconds)
    }
    for seconds in [Int64.min, -1, 0, secondsMax + 1, Int64.max] {
      let fault = await #expect(throws: Fault.self) {
        try await issue(purpose, lifetimeSeconds: seconds)
      }
      #expect(fault?.code == .invalidValue)
    }
  }

  @Test func `every token has an identifier of its own`() async throws {
    let issuer = TokenIssuer(ring)
    var ids: Set<String> = []
    for _ in 0..<50 {
      let token = try await issuer.issue(
        .access, subject: "aerolink", scopes: [], lifetimeSeconds: 600, now: now)
      ids.insert(try #require(document(TokenParts(token).claims)["jti"]?.stringValue))
    }
    #expect(ids.count == 50)
  }

  @Test(arguments: ["\"", "\\", "a\",\"scope\":\"tokens:revoke", "\u{0}", "é", "😀", "a\nb"])
  func `a subject is text, and no more`(subject: String) async throws {
    let token = try await TokenIssuer(ring).issue(
      .access, subject: subject, scopes: [.readValue], lifetimeSeconds: 600, now: now)
    let gate = await TokenGate(ring) { _ in false }
    let caller = try await gate.admit(token, as: .access, now: now)
    #expect(Array(caller.subject.utf8) == Array(subject.utf8))
    #expect(caller.scopes == [.readValue])
  }

  private func document(_ part: String) throws -> JSON {
    try JSON(parsing: #require(Base64URL.decode(part)))
  }
}
