import Base

/// A list in which each entry vouches for all before it.
///
///     digest(n) = SHA-256(digest(n - 1) as hexadecimal, a line feed, the entry's body)
///
/// The one before the first is 64 zeros. Whoever changes a body, or takes an entry out, breaks the
/// chain from there on.
package enum HashChain {
  package static let start = String(repeating: "0", count: 64)

  package static func digest(_ body: String, after previous: String) -> String {
    Digest(of: (previous + "\n" + body).utf8).hex
  }
}
