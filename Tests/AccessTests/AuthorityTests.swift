import Base
import Testing

@testable import Access

@Suite struct AuthorityTests {
  private static func names(_ texts: [String]?) throws -> [NamePattern]? {
    try texts?.map { try NamePattern($0) }
  }

  private static func caller(
    _ scopes: Set<TokenScope>, sources: [String]? = nil, assets: [String]? = nil
  ) throws -> Caller {
    Caller(
      subject: "d", scopes: scopes,
      bounds: TokenBounds(sources: try names(sources), assets: try names(assets)), tokenID: "t",
      expiresAtSecond: 1)
  }

  @Test(
    arguments: [
      ("//a", "//a", true), ("//a", "//ab", false), ("//a", "//", false), ("//a", "//A", false),
      ("//a/*", "//a/", true), ("//a/*", "//a/b/c", true), ("//a/*", "//a", false),
      ("*", "x", true),
      ("é", "e\u{301}", false), ("e\u{301}", "e\u{301}", true), ("a*b", "a*b", true),
      ("a*b", "axb", false),
    ] as [(String, String, Bool)])
  func `a name is compared byte by byte`(pattern: String, name: String, matches: Bool) throws {
    let pattern = try NamePattern(pattern)
    #expect(Array(name.utf8).withUnsafeBytes { pattern.matches($0) } == matches)
  }

  @Test(arguments: ["", "a\nb", "\u{0}", "\u{7F}", String(repeating: "a", count: 257)])
  func `what no event can have is no name`(text: String) {
    #expect(throws: Fault.self) { try NamePattern(text) }
  }

  @Test func `each scope opens what it is for, and nothing else`() throws {
    for held in TokenScope.allCases {
      let caller = try Self.caller([held])
      for wanted in TokenScope.allCases {
        let isOpen = caller.refusal(of: .call(anyOf: [wanted])) == nil
        // Without sources and assets nothing is its own.
        #expect(isOpen == (held == wanted && held != .readOwnEvents), "\(held) \(wanted)")
      }
    }
  }

  @Test func `a token that is bound reaches nothing that cannot be bound`() throws {
    let caller = try Self.caller(Set(TokenScope.allCases), sources: ["//a"])
    for scope in TokenScope.allCases {
      let isOpen = caller.refusal(of: .call(anyOf: [scope])) == nil
      let isOfEvents: [TokenScope] = [
        .writeEvents, .correctEvents, .readOwnEvents, .answerOutcomes,
      ]
      #expect(isOpen == isOfEvents.contains(scope), "\(scope)")
    }
    #expect(!caller.mayPostEveryEvent)
    #expect(try Self.caller(Set(TokenScope.allCases)).mayPostEveryEvent)
    #expect(try !Self.caller([.writeEvents]).mayPostEveryEvent)
  }

  @Test func `sources and assets both hold`() throws {
    let caller = try Self.caller([.writeEvents], sources: ["//a", "//b/*"], assets: ["n1"])
    let rows: [(source: String?, subject: String?, pointer: String?)] = [
      ("//a", "n1", nil), ("//b/x", "n1", nil), ("//c", "n1", "/source"), ("//a", "n2", "/subject"),
      ("//a", nil, "/subject"), (nil, "n1", "/source"), ("//c", "n2", "/source"),
    ]
    for row in rows {
      let refusal = caller.refusal(ofEventWith: row.source, row.subject, anyOf: [.writeEvents])
      #expect(refusal?.pointer == row.pointer, "\(row)")
      #expect(refusal.map { $0.code == .forbidden } ?? true)
      let lacking = caller.refusal(ofEventWith: row.source, row.subject, anyOf: [.correctEvents])
      #expect(lacking?.pointer == "", "a scope that is missing is no fault of the event")
    }
  }

  @Test func `what a device is bound to without a word`() throws {
    func sources(_ subject: String, _ given: [String] = [], _ role: Role = .device) throws
      -> [String]?
    {
      try role.bounds(subject: subject, sources: given, assets: []).sources?.map(\.text)
    }
    #expect(try sources("engine-1") == ["engine-1", "//engine-1"])
    #expect(try sources("//acme/e") == ["//acme/e"])
    #expect(try sources("engine-1", ["//a", "//b/*"]) == ["//a", "//b/*"])
    #expect(try sources("engine-1", ["//a", "*"]) == nil)
    #expect(try sources("ann", [], .operator) == nil)
    #expect(throws: Fault.self) { try sources("*") }
    #expect(throws: Fault.self) { try sources("ann", ["//a"], .operator) }
    #expect(throws: Fault.self) { try sources("engine-1", [""]) }
    let bounds = try Role.device.bounds(subject: "e", sources: ["*"], assets: ["n1"])
    #expect(bounds == TokenBounds(sources: nil, assets: try Self.names(["n1"])))
  }

  @Test func `bounds come back from a token as they went into it`() async throws {
    let ring = try TestKeys.ring()
    let gate = await TokenGate(ring) { _ in false }
    for bounds in [
      TokenBounds.none, TokenBounds(sources: try Self.names(["//é*", "b"]), assets: nil),
      TokenBounds(sources: nil, assets: try Self.names(["n1"])),
    ] {
      let token = try await TokenIssuer(ring).issue(
        .access, subject: "d", scopes: [.writeEvents], bounds: bounds, lifetimeSeconds: 60,
        now: Smith.now)
      #expect(try await gate.admit(token, as: .access, now: Smith.now).bounds == bounds)
    }
    let long = try Self.names((0..<64).map { String(repeating: "x", count: 250) + "\($0)" })
    for sources in [[], long] {
      await #expect(throws: Fault.self) {
        try await TokenIssuer(ring).issue(
          .access, subject: "d", scopes: [], bounds: TokenBounds(sources: sources, assets: nil),
          lifetimeSeconds: 60, now: Smith.now)
      }
    }
  }

  @Test func `a page is told what became of a token, a stranger nothing`() async throws {
    let smith = Smith()
    let gate = await TokenGate(try TestKeys.ring()) { $0.hasPrefix("revoked") }
    func lapse(_ token: String, _ purpose: TokenPurpose = .access, later: Int64 = 0) async
      -> TokenGate.Lapse?
    {
      await gate.lapse(of: token, as: purpose, now: Smith.now.advanced(bySeconds: later))
    }
    #expect(await lapse(smith.token()) == nil, "it is still good")
    #expect(await lapse(smith.token(), later: 90 * 86_400) == .expired)
    #expect(await lapse(smith.token(claims: ["jti": "revoked-1"])) == .denied)
    #expect(await lapse(smith.token(), .link, later: 90 * 86_400) == nil, "made for something else")
    let stranger = Smith(key: TestKeys.stranger).token()
    #expect(await lapse(stranger, later: 90 * 86_400) == nil)
    for text in ["", "x", "a.b.c", "é"] { #expect(await lapse(text) == nil) }
  }
}
