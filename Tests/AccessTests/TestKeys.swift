import Access
import Base
import Crypto
import Foundation
import TestSupport

/// Keys that are the same in every run, and the folder a service would keep them in.
enum TestKeys {
  /// RFC 8037, appendix A. Its thumbprint holds a `K`, which the look-alike tests want.
  static let current = key("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
  static let currentX = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  static let currentID = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"

  /// An older key of the same ring.
  static let former = key(Base64URL.encode([UInt8](repeating: 7, count: 32)))
  static let formerID = thumbprint(of: former)

  /// A key of somebody else.
  static let stranger = key(Base64URL.encode([UInt8](repeating: 9, count: 32)))

  static func key(_ seed: String) -> Curve25519.Signing.PrivateKey {
    try! Curve25519.Signing.PrivateKey(rawRepresentation: Data(Base64URL.decode(seed)!))
  }

  static func x(of key: Curve25519.Signing.PrivateKey) -> String {
    Base64URL.encode(key.publicKey.rawRepresentation)
  }

  /// RFC 7638, section 3, spelt out.
  static func thumbprint(of key: Curve25519.Signing.PrivateKey) -> String {
    let text = #"{"crv":"Ed25519","kty":"OKP","x":"\#(x(of: key))"}"#
    return Base64URL.encode(SHA256.hash(data: Data(text.utf8)))
  }

  static func file(_ key: Curve25519.Signing.PrivateKey, created: String) -> String {
    let seed = Base64URL.encode(key.rawRepresentation)
    return #"{"kty":"OKP","crv":"Ed25519","d":"\#(seed)","created":"\#(created)"}"#
  }

  /// Read from files, as a service that has been running for a year would.
  static func ring(in folder: TemporaryFolder) throws -> KeyRing {
    try folder.write(file(former, created: "2029-01-01T00:00:00Z"), to: "former.jwk")
    try folder.write(file(current, created: "2030-01-01T00:00:00Z"), to: "current.jwk")
    return try KeyRing(folder: folder.url, now: Smith.now)
  }

  static func ring() throws -> KeyRing {
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) { try ring(in: folder) }
  }
}
