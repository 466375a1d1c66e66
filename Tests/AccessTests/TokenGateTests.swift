import Base
import Testing

@testable import Access

@Suite struct TokenGateTests {
  private let smith = Smith()
  private let gate: TokenGate

  init() async throws {
    gate = await TokenGate(try TestKeys.ring()) { $0.hasPrefix("revoked") }
  }

  @Test func `a good token passes`() async throws {
    let caller = try await gate.admit(smith.token(), as: .access, now: Smith.now)
    #expect(
      caller
        == Caller(
          subject: "aerolink", scopes: [.writeEvents, .readEvents], tokenID: "token-1",
          expiresAtSecond: Smith.second + 600))
  }

  @Test(
    arguments: [
      Forgery.algorithms, Forgery.unsigned, Forgery.keyIDs, Forgery.types, Forgery.extraMembers,
      Forgery.headerTexts,
    ].joined().map(\.self))
  func `a header is refused`(forgery: Forgery) async throws { try await expectRefusal(forgery) }

  @Test(
    arguments: [
      Forgery.expiries, Forgery.beginnings, Forgery.parties, Forgery.identities,
      Forgery.claimTexts,
    ].joined().map(\.self))
  func `claims are refused`(forgery: Forgery) async throws { try await expectRefusal(forgery) }

  @Test(arguments: Forgery.partCounts + Forgery.encodings)
  func `a form is refused`(forgery: Forgery) async throws { try await expectRefusal(forgery) }

  @Test(arguments: Forgery.signatures + Forgery.sharedSecrets + Forgery.otherAlgorithms)
  func `a signature is refused`(forgery: Forgery) async throws {
    try await expectRefusal(forgery)
  }

  /// Given a gate that has never seen the good token, and one that remembers it, when the forged
  /// one comes, both say the same as to every other.
  private func expectRefusal(_ forgery: Forgery) async throws {
    let token = forgery.make(smith)
    await #expect(throws: TokenGate.refusal) {
      try await gate.admit(token, as: .access, now: Smith.now)
    }
    _ = try await gate.admit(smith.token(), as: .access, now: Smith.now)
    await #expect(throws: TokenGate.refusal) {
      try await gate.admit(token, as: .access, now: Smith.now)
    }
  }

  // MARK: The other side of each limit

  private static let justGoodEnough: [Forgery] = [
    .claims("exp in a second", ["exp": .integer(Smith.second + 1)]),
    .claims(
      "the longest lifetime",
      [
        "iat": .integer(Smith.second),
        "exp": .integer(Smith.second + TokenPurpose.access.lifetimeSecondsMax),
      ]),
    .claims("iat of a clock that is ahead", ["iat": .integer(Smith.second + 30)]),
    .claims("nbf of a clock that is ahead", ["nbf": .integer(Smith.second + 30)]),
    .claims("nbf in the past", ["nbf": .integer(Smith.second - 60)]),
    .claims("no scope at all", ["scope": ""]),
    .claims("a claim nobody knows", ["example": ["a": 1, "b": [.null, 1]]]),
    .claimsText("white space inside the JSON") { " \n\($0)\t" },
    .headerText("members in another order") { _ in
      #"{"kid":"\#(TestKeys.currentID)","typ":"at+jwt","alg":"EdDSA"}"#
    },
    .headerText("a name escaped once") { $0.replacing("alg", with: #"a\u006Cg"#) },
    Forgery("signed with the ring's older key") { _ in
      Smith(key: TestKeys.former).token(header: ["kid": .string(TestKeys.formerID)])
    },
    Forgery("8 kB") { smith in
      let padding = Padding.bytes(past: TokenGate.tokenBytesMax, smith)
      return smith.token(claims: ["padding": .string(String(padding.dropLast()))])
    },
  ]

  @Test(arguments: justGoodEnough)
  func `what is just good enough passes`(good: Forgery) async throws {
    let caller = try await gate.admit(good.make(smith), as: .access, now: Smith.now)
    #expect(caller.subject == "aerolink")
  }

  @Test func `the largest token is 8 kB`() {
    let padding = Padding.bytes(past: 8192, smith)
    let lengths = [String(padding.dropLast()), padding].map {
      smith.token(claims: ["padding": .string($0)]).utf8.count
    }
    #expect(TokenGate.tokenBytesMax == 8192)
    #expect((8189...8192).contains(lengths[0]))
    #expect((8193...8196).contains(lengths[1]))
  }

  @Test(
    arguments: [
      ("events:write", [.writeEvents]),
      ("events:write events:write", [.writeEvents]),
      (" events:read  events:write ", [.readEvents, .writeEvents]),
      ("events:write tokens:everything", [.writeEvents]),
      ("EVENTS:WRITE Events:Write", []),
      ("events:write,tokens:revoke", []),
      ("events:write\ttokens:revoke", []),
      ("events:*", []),
      ("*", []),
      ("tokens:revok\u{435}", []),
      ("tokens:revoke\u{0}", []),
    ] as [(String, Set<TokenScope>)])
  func `scopes are known by their exact names`(
    scope: String, scopes: Set<TokenScope>
  ) async throws {
    let token = smith.token(claims: ["scope": .string(scope)])
    #expect(try await gate.admit(token, as: .access, now: Smith.now).scopes == scopes)
  }

  // MARK: One flipped bit

  @Test(arguments: ["header", "claims", "signature"])
  func `no bit may change`(part: String) async throws {
    let parts = TokenParts(smith.token())
    let text =
      switch part {
      case "header": parts.header
      case "claims": parts.claims
      default: parts.signature
      }
    let bytes = try #require(Base64URL.decode(text))
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      var spoilt = parts
      switch part {
      case "header": spoilt.header = Base64URL.encode(flipped)
      case "claims": spoilt.claims = Base64URL.encode(flipped)
      default: spoilt.signature = Base64URL.encode(flipped)
      }
      await #expect(throws: TokenGate.refusal, "bit \(bit) of the \(part)") {
        try await gate.admit(spoilt.token, as: .access, now: Smith.now)
      }
    }
  }

  @Test func `no character may be missing`() async throws {
    let token = smith.token()
    for index in token.indices {
      var short = token
      short.remove(at: index)
      await #expect(throws: TokenGate.refusal, "without character \(index)") {
        try await gate.admit(short, as: .access, now: Smith.now)
      }
    }
  }

  // MARK: Purposes

  @Test(arguments: TokenPurpose.allCases, TokenPurpose.allCases)
  func `a token passes for the purpose it was made for`(
    made: TokenPurpose, used: TokenPurpose
  ) async throws {
    let token = Smith(purpose: made).token()
    if made == used {
      let caller = try await gate.admit(token, as: used, now: Smith.now)
      #expect(caller.tokenID == "token-1")
    } else {
      await #expect(throws: TokenGate.refusal) {
        try await gate.admit(token, as: used, now: Smith.now)
      }
    }
  }

  @Test(
    arguments: [
      (TokenPurpose.access, 7_776_000), (.link, 900), (.session, 43_200),
    ] as [(TokenPurpose, Int64)])
  func `each purpose has its own longest life`(
    purpose: TokenPurpose, lifetimeSecondsMax: Int64
  ) async throws {
    func token(_ lifetimeSeconds: Int64) -> String {
      Smith(purpose: purpose).token(claims: [
        "iat": .integer(Smith.second), "exp": .integer(Smith.second + lifetimeSeconds),
      ])
    }
    _ = try await gate.admit(token(lifetimeSecondsMax), as: purpose, now: Smith.now)
    await #expect(throws: TokenGate.refusal) {
      try await gate.admit(token(lifetimeSecondsMax + 1), as: purpose, now: Smith.now)
    }
  }
}
