package import Base
import Crypto
import Foundation

/// An Ed25519 key that signs tokens, named by its thumbprint (RFC 7638).
package struct SigningKey: Sendable {
  package let id: String
  let privateKey: Curve25519.Signing.PrivateKey
  let created: Instant

  init(_ privateKey: Curve25519.Signing.PrivateKey, created: Instant) {
    self.privateKey = privateKey
    self.created = created
    let x = Base64URL.encode(privateKey.publicKey.rawRepresentation)
    // RFC 7638: the required members, sorted, without white space.
    let canonical: JSON = ["crv": "Ed25519", "kty": "OKP", "x": .string(x)]
    id = Base64URL.encode(Digest(of: canonical.bytes).bytes)
  }

  /// The public half, as the JWKS document shows it; pinned to one use and one algorithm.
  package var publicJWK: JSON {
    [
      "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": .string(id),
      "x": .string(Base64URL.encode(privateKey.publicKey.rawRepresentation)),
    ]
  }

  /// The whole key, as it is kept in its file.
  var document: JSON {
    [
      "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": .string(id),
      "d": .string(Base64URL.encode(privateKey.rawRepresentation)), "created": .text(created),
    ]
  }

  init(document: JSON) throws {
    guard let text = document["d"]?.stringValue, let seed = Base64URL.decode(text),
      let created = document["created"]?.stringValue.flatMap(Instant.init(_:))
    else { throw Fault(.malformedDocument, "a key file holds `d` and `created`") }
    self.init(
      try Curve25519.Signing.PrivateKey(rawRepresentation: Data(seed)), created: created)
  }
}
