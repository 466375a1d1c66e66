package import Access
package import HTTPTypes
import Hummingbird

/// One operation of the API, as openapi.yaml names it.
package struct Operation: Sendable {
  package enum Entry: Sendable {
    /// For everybody.
    case open
    /// With a bearer token that has the scope.
    case token(TokenScope)
    /// With the cookie of a signed-in person whose token had the scope.
    case session(TokenScope)
  }

  package let id: String
  package let method: HTTPRequest.Method
  /// With `{name}` where a parameter stands.
  package let path: String
  package let entry: Entry
  let handle: @Sendable (Call) async throws -> Response

  init(
    _ id: String, _ method: HTTPRequest.Method, _ path: String, _ entry: Entry,
    _ handle: @escaping @Sendable (Call) async throws -> Response
  ) {
    self.id = id
    self.method = method
    self.path = path
    self.entry = entry
    self.handle = handle
  }

  /// For handlers that only ask the database: they block, and run where that harms nobody.
  init(
    _ id: String, _ method: HTTPRequest.Method, _ path: String, _ entry: Entry,
    _ handle: @escaping @Sendable (Call) throws -> Response
  ) {
    self.init(id, method, path, entry) { (call) async throws -> Response in
      try await Blocking.run { try handle(call) }
    }
  }
}
