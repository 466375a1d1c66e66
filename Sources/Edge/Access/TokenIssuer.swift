package import Base
import Foundation
import JWTKit

/// Makes tokens with the newest key of a ring.
package struct TokenIssuer: Sendable {
  private let key: SigningKey
  private let signer = JWTKeyCollection()

  package init(_ ring: KeyRing) { key = ring.signing }

  /// `lifetimeSeconds` is at most the purpose's maximum; `tokenID` is unique for ever.
  package func issue(
    _ purpose: TokenPurpose, subject: String, scopes: [TokenScope], lifetimeSeconds: Int64,
    tokenID: String = UUID().uuidString, now: Instant
  ) async throws -> String {
    guard (1...purpose.lifetimeSecondsMax).contains(lifetimeSeconds) else {
      throw Fault(
        .invalidValue, "a lifetime here is 1 to \(purpose.lifetimeSecondsMax) seconds")
    }
    await signer.add(
      eddsa: EdDSA.PrivateKey(backing: key.privateKey), kid: JWKIdentifier(string: key.id))
    let issued = now.secondsSinceEpoch
    let claims = IssuedClaims(
      iss: TokenParties.issuer, aud: TokenParties.audience, sub: subject, clientID: subject,
      scope: scopes.map(\.rawValue).joined(separator: " "), jti: tokenID,
      iat: issued, exp: issued + lifetimeSeconds)
    return try await signer.sign(
      claims, kid: JWKIdentifier(string: key.id), header: ["typ": .string(purpose.rawValue)])
  }
}

/// The claims of RFC 9068, section 2.2, under their names there.
private struct IssuedClaims: JWTPayload {
  let iss: String
  let aud: String
  let sub: String
  let clientID: String
  let scope: String
  let jti: String
  let iat: Int64
  let exp: Int64

  enum CodingKeys: String, CodingKey {
    case iss, aud, sub, scope, jti, iat, exp
    case clientID = "client_id"
  }

  func verify(using algorithm: some JWTAlgorithm) throws {}
}
