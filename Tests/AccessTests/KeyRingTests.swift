import Base
import Crypto
import Foundation
import TestSupport
import Testing

@testable import Access

@Suite struct KeyRingTests {
  private let folder: TemporaryFolder
  private let now = Instant(clampingSeconds: 1_900_000_000)

  init() throws { folder = try TemporaryFolder() }

  @Test func `the first key is made, for its owner alone`() throws {
    let ring = try KeyRing(folder: folder.url, now: now)
    #expect(ring.keys.count == 1)
    #expect(try folder.names == ["\(ring.signing.id).jwk"])
    #expect(try folder.permissions(of: "\(ring.signing.id).jwk") == 0o600)
    #expect(try folder.permissions() == 0o700)
  }

  @Test func `no two folders have the same key`() throws {
    let other = try TemporaryFolder()
    #expect(
      try KeyRing(folder: folder.url, now: now).signing.id
        != KeyRing(folder: other.url, now: now).signing.id)
  }

  @Test func `keys survive reopening`() throws {
    let made = try KeyRing(folder: folder.url, now: now)
    let names = try folder.names
    for days: Int64 in 0..<3 {
      let later = now.advanced(bySeconds: 86_400 * days)
      let read = try KeyRing(folder: folder.url, now: later)
      #expect(read.keys.map(\.id) == made.keys.map(\.id))
      #expect(read.signing.created == now)
      #expect(
        read.signing.privateKey.rawRepresentation == made.signing.privateKey.rawRepresentation)
      #expect(read.jwks == made.jwks)
    }
    #expect(try folder.names == names)
  }

  /// RFC 8037, appendix A.3.
  @Test func `a key is named by its thumbprint`() throws {
    let file = TestKeys.file(TestKeys.current, created: "2030-01-01T00:00:00Z")
    try folder.write(file, to: "any-name.jwk")
    let ring = try KeyRing(folder: folder.url, now: now)
    #expect(ring.signing.id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    let key = ring.jwks["keys"]?.elements?.first
    #expect(key?["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
  }

  @Test func `a file cannot give its key another name`() throws {
    let file = try JSON(
      parsing: Array(TestKeys.file(TestKeys.former, created: "2030-01-01T00:00:00Z").utf8))
    try folder.write(
      file.changed(["kid": .string(TestKeys.currentID)]).text, to: "\(TestKeys.currentID).jwk")
    #expect(try KeyRing(folder: folder.url, now: now).signing.id == TestKeys.formerID)
  }

  @Test func `the newest key signs`() throws {
    // Neither the names of the files nor the thumbprints are in this order.
    let created = [
      (TestKeys.current, "b", "2029-06-01T00:00:00Z"),
      (TestKeys.stranger, "a", "2030-01-01T00:00:00.5+01:00"),
      (TestKeys.former, "c", "2029-12-31T23:00:00Z"),
    ]
    for (key, name, moment) in created {
      try folder.write(TestKeys.file(key, created: moment), to: "\(name).jwk")
    }
    let ring = try KeyRing(folder: folder.url, now: now)
    #expect(
      ring.keys.map(\.id)
        == [TestKeys.current, TestKeys.former, TestKeys.stranger].map(TestKeys.thumbprint))
    #expect(ring.signing.id == TestKeys.thumbprint(of: TestKeys.stranger))
  }

  @Test func `older keys are still accepted`() async throws {
    let former = try KeyRing(folder: folder.url, now: now)
    let token = try await TokenIssuer(former).issue(
      .access, subject: "aerolink", scopes: [.writeEvents], lifetimeSeconds: 600, now: now)
    try folder.write(
      TestKeys.file(TestKeys.current, created: "2031-01-01T00:00:00Z"), to: "new.jwk")
    let ring = try KeyRing(folder: folder.url, now: now)
    #expect(ring.signing.id == TestKeys.currentID)
    let gate = await TokenGate(ring) { _ in false }
    #expect(try await gate.admit(token, as: .access, now: now).subject == "aerolink")

    // A key whose file is gone is not.
    try FileManager.default.removeItem(at: folder.url.appending(path: "\(former.signing.id).jwk"))
    let rest = await TokenGate(try KeyRing(folder: folder.url, now: now)) { _ in false }
    await #expect(throws: TokenGate.refusal) {
      try await rest.admit(token, as: .access, now: now)
    }
  }

  @Test(arguments: [0o600, 0o400, 0o700])
  func `a key of its owner is read`(permissions: Int) throws {
    let file = TestKeys.file(TestKeys.current, created: "2030-01-01T00:00:00Z")
    try folder.write(file, to: "a.jwk", permissions: permissions)
    #expect(try KeyRing(folder: folder.url, now: now).signing.id == TestKeys.currentID)
  }

  @Test(arguments: [0o640, 0o644, 0o604, 0o620, 0o602, 0o610, 0o601, 0o660, 0o666, 0o777, 0o440])
  func `a key that others may touch is refused`(permissions: Int) throws {
    let file = TestKeys.file(TestKeys.current, created: "2030-01-01T00:00:00Z")
    try folder.write(file, to: "a.jwk", permissions: permissions)
    let fault = #expect(throws: Fault.self) { try KeyRing(folder: folder.url, now: now) }
    #expect(fault?.code == .internalError)
    #expect(fault?.detail.contains("a.jwk may be read by others") == true)
    // No key was made in its place.
    #expect(try folder.names == ["a.jwk"])
  }

  @Test func `one open key among good ones is refused`() throws {
    _ = try KeyRing(folder: folder.url, now: now)
    let file = TestKeys.file(TestKeys.current, created: "2020-01-01T00:00:00Z")
    try folder.write(file, to: "old.jwk", permissions: 0o640)
    #expect(throws: Fault.self) { try KeyRing(folder: folder.url, now: now) }
  }

  private static let seed = Base64URL.encode(TestKeys.current.rawRepresentation)

  @Test(arguments: [
    "", "{}", "null", "[]", "not JSON",
    #"{"created":"2030-01-01T00:00:00Z"}"#,
    #"{"d":"\#(seed)"}"#,
    #"{"d":"\#(seed)","created":"yesterday"}"#,
    #"{"d":"\#(seed)","created":1900000000}"#,
    #"{"d":"","created":"2030-01-01T00:00:00Z"}"#,
    #"{"d":"\#(seed.dropLast(4))","created":"2030-01-01T00:00:00Z"}"#,
    #"{"d":"\#(seed)AAAA","created":"2030-01-01T00:00:00Z"}"#,
    #"{"d":"\#(seed)=","created":"2030-01-01T00:00:00Z"}"#,
    #"{"d":"\#(seed)","d":"\#(seed)","created":"2030-01-01T00:00:00Z"}"#,
  ])
  func `a broken key stops the service, and is not replaced`(text: String) throws {
    try folder.write(text, to: "a.jwk")
    let error = #expect(throws: (any Error).self) { try KeyRing(folder: folder.url, now: now) }
    #expect(error.map { String(describing: $0).contains(Self.seed.prefix(8)) } == false)
    #expect(try folder.names == ["a.jwk"])
  }

  @Test func `a missing folder is not made`() throws {
    let missing = folder.url.appending(path: "keys", directoryHint: .isDirectory)
    #expect(throws: (any Error).self) { try KeyRing(folder: missing, now: now) }
    #expect(try folder.names.isEmpty)
  }

  @Test func `other files of the folder are left alone`() throws {
    for name in ["README", "a.jwk.old", "jwk", "b.json"] { try folder.write("x", to: name) }
    #expect(try KeyRing(folder: folder.url, now: now).keys.count == 1)
    #expect(try folder.names.count == 5)
  }

  /// RFC 7517, section 4, and RFC 8037, section 2: `d` is the private half.
  @Test func `the public document holds no private member`() throws {
    let ring = try TestKeys.ring(in: folder)
    let keys = try #require(ring.jwks["keys"]?.elements)
    #expect(keys.map { $0["kid"] } == [TestKeys.formerID, TestKeys.currentID].map { .string($0) })
    for key in keys {
      guard case .object(let members) = key else {
        Issue.record("a key is an object")
        continue
      }
      #expect(Set(members.map(\.name)) == ["kty", "crv", "use", "alg", "kid", "x"])
      #expect(key["kty"] == "OKP")
      #expect(key["crv"] == "Ed25519")
      #expect(key["use"] == "sig")
      #expect(key["alg"] == "EdDSA")
    }
    for key in ring.keys {
      let secret = key.privateKey.rawRepresentation
      #expect(!ring.jwks.text.contains(Base64URL.encode(secret)))
      #expect(!ring.jwks.text.contains(secret.base64EncodedString()))
    }
  }
}
