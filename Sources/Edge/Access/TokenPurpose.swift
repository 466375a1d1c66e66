/// What a token was made for. Each purpose has its own `typ`, so that none passes for another
/// (RFC 8725, section 3.11).
package enum TokenPurpose: String, CaseIterable, Sendable {
  /// Calls of the HTTP API (RFC 9068).
  case access = "at+jwt"
  /// One visit to the pages, from a link that works once.
  case link = "link+jwt"
  /// The visit itself, in a cookie.
  case session = "session+jwt"

  /// Longer lifetimes are refused, however the token came about.
  package var lifetimeSecondsMax: Int64 {
    switch self {
    case .access: 90 * 86_400
    case .link: 15 * 60
    case .session: 12 * 3600
    }
  }
}

/// Who issues tokens, and for whom.
enum TokenParties {
  static let issuer = "urn:usance"
  static let audience = "urn:usance:api"
}

/// Whoever holds a token that passed the gate.
package struct Caller: Hashable, Sendable {
  package let subject: String
  package let scopes: Set<TokenScope>
  package let bounds: TokenBounds
  package let tokenID: String
  package let expiresAtSecond: Int64

  package init(
    subject: String, scopes: Set<TokenScope>, bounds: TokenBounds = .none, tokenID: String,
    expiresAtSecond: Int64
  ) {
    self.subject = subject
    self.scopes = scopes
    self.bounds = bounds
    self.tokenID = tokenID
    self.expiresAtSecond = expiresAtSecond
  }
}
