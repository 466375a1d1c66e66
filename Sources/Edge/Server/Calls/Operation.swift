package import Access
package import HTTPTypes
import Hummingbird

/// One operation of the API, as openapi.yaml names it.
package struct Operation: Sendable {
  package enum Entry: Sendable {
    /// For everybody.
    case open
    /// With a bearer token that has any of the scopes.
    case token(anyOf: [TokenScope])
    /// With the cookie of a signed-in person whose token had the scope.
    case session(TokenScope)

    static func token(_ scope: TokenScope) -> Entry { .token(anyOf: [scope]) }
  }

  /// What most operations answer in.
  package static let document = ["application/json"]
  /// What lists and documents of finance can be given as.
  package static let table = ["application/json", "text/csv"]
  package static let page = ["text/html"]

  package let id: String
  package let method: HTTPRequest.Method
  /// With `{name}` where a parameter stands.
  package let path: String
  package let entry: Entry
  /// The content types there are of its answer, the usual one first; empty where `Accept` has no
  /// say: where nothing is answered, and where an event would be lost for it.
  package let types: [String]
  /// The names of its query parameters; any other is refused.
  package let parameters: [String]
  let handle: @Sendable (APICall) async throws -> Response

  init(
    _ id: String, _ method: HTTPRequest.Method, _ path: String, _ entry: Entry,
    in types: [String] = Operation.document, taking parameters: [String] = [],
    awaiting handle: @escaping @Sendable (APICall) async throws -> Response
  ) {
    self.id = id
    self.method = method
    self.path = path
    self.entry = entry
    self.types = types
    self.parameters = parameters
    self.handle = handle
  }

  /// The methods it is called by: whatever can be got has a head.
  package var methods: [HTTPRequest.Method] { method == .get ? [.get, .head] : [method] }

  /// For handlers that block: they run among work of their kind, where that harms nobody.
  init(
    _ id: String, _ method: HTTPRequest.Method, _ path: String, _ entry: Entry,
    in types: [String] = Operation.document, taking parameters: [String] = [],
    among kind: BlockingPool.Kind, _ handle: @escaping @Sendable (APICall) throws -> Response
  ) {
    self.init(
      id, method, path, entry, in: types, taking: parameters,
      awaiting: { call in try await call.blocking(kind) { try handle(call) } })
  }

  /// For handlers that have their answer at hand.
  init(
    _ id: String, _ method: HTTPRequest.Method, _ path: String, _ entry: Entry,
    in types: [String] = Operation.document,
    atOnce handle: @escaping @Sendable (APICall) throws -> Response
  ) {
    self.init(id, method, path, entry, in: types, awaiting: { call in try handle(call) })
  }
}
