import Base
import Testing

/// One row of the table of tokens that must not pass: a name, and how such a token is made.
struct Forgery: Sendable, CustomTestStringConvertible {
  let name: String
  let make: @Sendable (Smith) -> String

  init(_ name: String, _ make: @escaping @Sendable (Smith) -> String) {
    self.name = name
    self.make = make
  }

  var testDescription: String { name }

  static func header(_ name: String, _ changes: Smith.Changes) -> Forgery {
    Forgery("header: \(name)") { $0.token(header: changes) }
  }

  static func claims(_ name: String, _ changes: Smith.Changes) -> Forgery {
    Forgery("claims: \(name)") { $0.token(claims: changes) }
  }

  /// The text of the header, which a JSON tree would not let be wrong.
  static func headerText(
    _ name: String, _ make: @escaping @Sendable (String) -> String
  ) -> Forgery {
    Forgery("header: \(name)") { $0.token(headerText: make($0.header.text)) }
  }

  static func claimsText(
    _ name: String, _ make: @escaping @Sendable (String) -> String
  ) -> Forgery {
    Forgery("claims: \(name)") { $0.token(claimsText: make($0.claims.text)) }
  }

  /// A good token, taken apart.
  static func parts(
    _ name: String, _ make: @escaping @Sendable (TokenParts, Smith) -> String
  ) -> Forgery {
    Forgery(name) { make(TokenParts($0.token()), $0) }
  }
}

extension String {
  func repeated(_ count: Int) -> String { String(repeating: self, count: count) }

  /// The text of an object with one member more, at its end.
  func adding(_ member: String) -> String { "\(dropLast()),\(member)}" }

  /// The text of an object with one member more, at its beginning.
  func beginning(_ member: String) -> String { "{\(member),\(dropFirst())" }
}
