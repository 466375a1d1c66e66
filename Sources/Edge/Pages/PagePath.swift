package import Base

/// Where the pages are, as they link to one another.
package enum PagePath {
  package static let customers = "/customers"
  package static let signIn = "/sign-in"
  package static let signOut = "/sign-out"

  /// A key is made of characters that stand unchanged in a path.
  package static func customer(_ key: CustomerKey) -> String { "\(customers)/\(key)" }
}
