import Access

/// Why somebody is asked to sign in, as a sentence to them.
enum SignInAdvice: String {
  case notSignedIn = "You are not signed in."
  case signedOut = "You have signed out."
  case sessionExpired = "Your session has expired."
  case linkExpired = "This link has expired: it works for 15 minutes."
  case linkUsed = "This link was used before: it works once."
  case noLink = "This is not a sign-in link of this service."

  /// What became of the session of a visitor; `lapse` is nil where there was none.
  init(ofSession lapse: TokenGate.Lapse?) {
    self =
      switch lapse {
      case .expired: .sessionExpired
      case .denied: .signedOut
      case nil: .notSignedIn
      }
  }

  init(ofLink lapse: TokenGate.Lapse?) {
    self =
      switch lapse {
      case .expired: .linkExpired
      case .denied: .linkUsed
      case nil: .noLink
      }
  }
}
