import Base

/// The claims of a token, read strictly: each once, each of its type, none missing.
struct TokenClaims {
  let caller: Caller

  /// Nil where any claim is not as it must be. Without `now` a token may have expired.
  init?(
    _ payload: [UInt8], _ purpose: TokenPurpose, _ now: Instant?, leewaySeconds: Int64
  ) {
    // The parser refuses a claim that appears twice.
    guard let claims = try? JSON(parsing: payload), case .object = claims,
      claims["iss"]?.stringValue == TokenParties.issuer,
      claims["aud"]?.stringValue == TokenParties.audience,
      let subject = claims["sub"]?.stringValue, !subject.isEmpty,
      claims["client_id"]?.stringValue?.isEmpty == false,
      let tokenID = claims["jti"]?.stringValue, !tokenID.isEmpty,
      let issued = TokenClaims.second(claims["iat"]),
      let expires = TokenClaims.second(claims["exp"]),
      let scopes = claims["scope"]?.stringValue,
      let sources = TokenClaims.names(claims["sources"]),
      let assets = TokenClaims.names(claims["assets"])
    else { return nil }
    let second = now?.secondsSinceEpoch ?? issued
    guard issued <= second + leewaySeconds, second < expires, issued < expires,
      expires - issued <= purpose.lifetimeSecondsMax
    else { return nil }
    if let notBefore = claims["nbf"] {
      guard let notBefore = TokenClaims.second(notBefore), notBefore <= second + leewaySeconds
      else { return nil }
    }
    caller = Caller(
      subject: subject,
      scopes: Set(scopes.split(separator: " ").compactMap { TokenScope(rawValue: String($0)) }),
      bounds: TokenBounds(sources: sources, assets: assets), tokenID: tokenID,
      expiresAtSecond: expires)
  }

  /// What a token is bound to; nil within where it is bound to nothing, and nil where the claim is
  /// no list of names: a bound that cannot be read must not pass for none.
  private static func names(_ claim: JSON?) -> [NamePattern]?? {
    guard let claim else { return .some(nil) }
    guard let elements = claim.elements, (1...TokenBounds.namesMax).contains(elements.count)
    else { return nil }
    let names = elements.compactMap { $0.stringValue.flatMap { try? NamePattern($0) } }
    guard names.count == elements.count else { return nil }
    return names
  }

  /// A whole number of seconds in this millennium or the next; `1e300` and `"123"` are neither.
  private static func second(_ claim: JSON?) -> Int64? {
    guard case .number(let text) = claim, let second = Int64(text),
      (0..<100_000_000_000).contains(second)
    else { return nil }
    return second
  }
}
