package import Base
import Crypto
import JWTKit
import Synchronization

/// Lets a token through, or says no without saying why.
///
/// JWTKit checks signatures; everything RFC 8725 asks for beside that is checked here, before it
/// sees the token: the three parts and their exact encoding, the header's members, the algorithm of
/// the key the header names, the length of the signature; and after it, the claims.
package final class TokenGate: Sendable {
  package static let tokenBytesMax = 8192
  /// How far clocks may differ.
  private static let leewaySeconds: Int64 = 30
  private static let rememberedMax = 4096

  /// One collection a key: JWTKit falls back to some key where it does not know the one named.
  private let keys: [String: JWTKeyCollection]
  private let isDenied: @Sendable (String) throws -> Bool
  /// Tokens whose signature and form were found good; claims that time changes are checked again.
  private let remembered = Mutex<[Memory: Caller]>([:])

  private struct Memory: Hashable {
    let purpose: TokenPurpose
    let token: String
  }

  package init(
    _ ring: KeyRing, isDenied: @escaping @Sendable (String) throws -> Bool
  ) async {
    var keys: [String: JWTKeyCollection] = [:]
    for key in ring.keys {
      keys[key.id] = await JWTKeyCollection().add(
        eddsa: EdDSA.PublicKey(backing: key.privateKey.publicKey),
        kid: JWKIdentifier(string: key.id))
    }
    self.keys = keys
    self.isDenied = isDenied
  }

  /// The holder of a token made for that purpose. Every refusal is the same fault.
  package func admit(
    _ token: String, as purpose: TokenPurpose, now: Instant
  ) async throws -> Caller {
    if let caller = try recall(token, as: purpose, now: now) { return caller }
    guard TokenGate.isSimple(token) else { throw TokenGate.refusal }
    let caller = try await check(token, purpose, now)
    guard try isGood(caller, now) else { throw TokenGate.refusal }
    remembered.withLock { remembered in
      if remembered.count >= Self.rememberedMax { remembered.removeAll() }
      remembered[Memory(purpose: purpose, token: token)] = caller
    }
    return caller
  }

  /// The same, at once, for a token that was admitted before; nil says no more than that it was
  /// not, or is no longer good.
  package func recall(_ token: String, as purpose: TokenPurpose, now: Instant) throws -> Caller? {
    guard TokenGate.isSimple(token),
      let caller = remembered.withLock({ $0[Memory(purpose: purpose, token: token)] }),
      try isGood(caller, now)
    else { return nil }
    return caller
  }

  /// What time and revocation may have changed since the token was checked.
  private func isGood(_ caller: Caller, _ now: Instant) throws -> Bool {
    try now.secondsSinceEpoch < caller.expiresAtSecond && !isDenied(caller.tokenID)
  }

  private static func isSimple(_ token: String) -> Bool {
    token.utf8.count <= tokenBytesMax && isASCII(token)
  }

  package static let refusal = Fault(
    .unauthorised, "missing, expired or invalid token")

  /// What became of a token that was good once.
  package enum Lapse: Sendable {
    case expired
    /// A link was used, or a token revoked.
    case denied
  }

  /// Why a token of ours is refused, for pages that tell a person what to do; nil for one that was
  /// never good for that purpose, and for one that still is.
  package func lapse(of token: String, as purpose: TokenPurpose, now: Instant) async -> Lapse? {
    guard TokenGate.isSimple(token), let caller = try? await check(token, purpose, nil) else {
      return nil
    }
    if (try? isDenied(caller.tokenID)) == true { return .denied }
    return now.secondsSinceEpoch < caller.expiresAtSecond ? nil : .expired
  }

  /// Without `now` the token may have expired.
  private func check(
    _ token: String, _ purpose: TokenPurpose, _ now: Instant?
  ) async throws -> Caller {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let header = Base64URL.decode(parts[0]),
      let payload = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2]),
      signature.count == 64, signature.contains(where: { $0 != 0 }),
      let keyID = TokenGate.keyID(header, purpose), let keys = keys[keyID],
      let claims = TokenClaims(payload, purpose, now, leewaySeconds: Self.leewaySeconds)
    else { throw Self.refusal }
    do {
      _ = try await keys.verify(token, as: SignedClaims.self)
    } catch {
      throw Self.refusal
    }
    return claims.caller
  }

  /// The key the header names, where the header is exactly one of ours: `alg`, `kid`, `typ`, each
  /// once, and nothing else (so neither jwk, jku, x5u, x5c, crit, zip, b64 nor cty).
  private static func keyID(_ bytes: [UInt8], _ purpose: TokenPurpose) -> String? {
    guard let header = try? JSON(parsing: bytes), case .object(let members) = header,
      members.count == 3, header["alg"]?.stringValue == "EdDSA",
      header["typ"]?.stringValue == purpose.rawValue,
      let keyID = header["kid"]?.stringValue, isASCII(keyID)
    else { return nil }
    return keyID
  }

  /// Swift takes strings for equal that Unicode holds equivalent, so U+212A for K: a dictionary
  /// finds a token, or a key, under a text that is not its own. In ASCII each text is its own.
  private static func isASCII(_ text: String) -> Bool {
    var text = text
    // Without a way out of the loop the compiler looks at many bytes at once.
    return text.withUTF8 { $0.reduce(0, |) } < 0x80
  }
}

/// JWTKit needs a type to decode; the claims are read by `TokenClaims`, which is stricter.
private struct SignedClaims: JWTPayload {
  func verify(using algorithm: some JWTAlgorithm) throws {}
}
