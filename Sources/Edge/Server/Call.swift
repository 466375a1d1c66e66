import Access
import Base
import HTTPTypes
import Hummingbird

/// One request on its way through an operation: what was asked, by whom, of what.
struct Call: Sendable {
  let request: Request
  let parameters: Parameters
  /// Nil where there is no body.
  let bodyDeadline: BodyDeadline?
  let services: Services
  /// Nil where the operation is open to everybody.
  let caller: Caller?

  var now: Instant { services.clock() }

  /// A parameter of the path, read by its type; what cannot name a thing names none.
  func key<Kind>(_ name: String = "key") throws -> Key<Kind> {
    guard let text = parameters.get(name), let key = try? Key<Kind>(text) else {
      throw Fault(.notFound, "there is no such \(Kind.noun.split(separator: " ")[0])")
    }
    return key
  }

  func header(_ name: HTTPField.Name) -> String? { request.headers[name] }

  /// The whole body. One that says it is too large is refused before it is read; one that comes too
  /// slowly loses its connection.
  func body(bytesMax: Int) async throws -> [UInt8] {
    var reader = try BodyReader(self, .whole, bytesMax: bytesMax)
    var body: [UInt8] = []
    while let piece = try await reader.next() {
      if body.isEmpty {
        body = piece
        // The length was checked, and what is reserved takes no memory until it is written.
        body.reserveCapacity(min(header(.contentLength).flatMap { Int($0) } ?? 0, bytesMax))
      } else {
        body += piece
      }
    }
    return body
  }

  /// The body as a JSON object.
  func document(bytesMax: Int = Limits.documentBytesMax) async throws -> Node {
    let type = MediaTypeName(header(.contentType))
    guard type == nil || type == "application/json" else {
      throw Fault(.unsupportedMediaType, "expected Content-Type: application/json")
    }
    return Node(try JSON(parsing: await body(bytesMax: bytesMax)))
  }
}
