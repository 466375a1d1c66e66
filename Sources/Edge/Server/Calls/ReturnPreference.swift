/// How much of an answer the caller wants to see: `Prefer: return=minimal` or
/// `return=representation`. Source: RFC 7240, sections 2 and 4.2.
enum ReturnPreference: String {
  case minimal
  case representation

  /// The first that is said, among any other preferences; nil where none is, or one nobody knows.
  init?(_ headers: [String]) {
    // As nearly everybody says it.
    if headers == ["return=minimal"] {
      self = .minimal
      return
    }
    let preferences = headers.flatMap { $0.split(separator: ",") }.map { preference in
      // What stands behind a semicolon are parameters.
      preference.prefix { $0 != ";" }.filter { !" \t\"".contains($0) }.lowercased()
    }
    guard let wish = preferences.first(where: { $0.hasPrefix("return=") }) else { return nil }
    self.init(rawValue: String(wish.dropFirst("return=".count)))
  }
}
