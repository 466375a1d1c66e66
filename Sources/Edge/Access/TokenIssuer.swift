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
    _ purpose: TokenPurpose, subject: String, scopes: [TokenScope], bounds: TokenBounds = .none,
    lifetimeSeconds: Int64, tokenID: String = UUID().uuidString, now: Instant
  ) async throws -> String {
    for names in [bounds.sources, bounds.assets] {
      guard (1...TokenBounds.namesMax).contains(names?.count ?? 1) else {
        throw Fault(.invalidValue, "a token is bound to 1 to \(TokenBounds.namesMax) names")
      }
    }
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
      iat: issued, exp: issued + lifetimeSeconds, sources: bounds.sources?.map(\.text),
      assets: bounds.assets?.map(\.text))
    let token = try await signer.sign(
      claims, kid: JWKIdentifier(string: key.id), header: ["typ": .string(purpose.rawValue)])
    guard token.utf8.count <= TokenGate.tokenBytesMax else {
      throw Fault(
        .invalidValue,
        "the token would be longer than \(TokenGate.tokenBytesMax) bytes: bind it to fewer names, "
          + "or to their beginnings (`//acme/*`)")
    }
    return token
  }
}

/// The claims of RFC 9068, section 2.2, under their names there, and what the token is bound to.
private struct IssuedClaims: JWTPayload {
  let iss: String
  let aud: String
  let sub: String
  let clientID: String
  let scope: String
  let jti: String
  let iat: Int64
  let exp: Int64
  let sources: [String]?
  let assets: [String]?

  enum CodingKeys: String, CodingKey {
    case iss, aud, sub, scope, jti, iat, exp, sources, assets
    case clientID = "client_id"
  }

  func verify(using algorithm: some JWTAlgorithm) throws {}
}
