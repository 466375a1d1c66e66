import Access
import Base
import HTTPTypes
import Hummingbird
import NIOCore
import Workflow

/// One request on its way through an operation: what was asked, by whom, of what.
struct APICall: Sendable {
  let request: Request
  let parameters: Parameters
  /// Nil where there is no body.
  let bodyDeadline: BodyDeadline?
  /// What is held of the body is counted here, until the call is answered.
  let bodyLease: BodyLease
  let channel: any Channel
  let services: ServerContext
  /// Nil where the operation is open to everybody.
  let caller: Caller?

  var now: Instant { services.clock() }

  /// Whoever posts the events of this call.
  var poster: Poster { caller.map(Poster.init(_:)) ?? .nobody }

  /// A parameter of the path, read by its type; what cannot name a thing names none.
  func key<Kind>(_ name: String = "key") throws -> Key<Kind> {
    guard let text = parameters.get(name), let key = try? Key<Kind>(text) else {
      throw Fault(.notFound, "there is no such \(Kind.noun.split(separator: " ")[0])")
    }
    return key
  }

  func header(_ name: HTTPField.Name) -> String? { request.headers[name] }

  /// Does work that waits for the disk, or computes for long, where that harms nobody. A read is
  /// stopped when the client is gone.
  func blocking<Value: Sendable>(
    _ kind: BlockingPool.Kind, _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await services.pool.run(kind, for: channel, work)
  }

  /// The whole body. One that says it is too large, or for which there is no room now, is refused
  /// before it is read; one that comes too slowly loses its connection.
  func body(bytesMax: Int) async throws -> [UInt8] {
    var reader = try BodyReader(self, .whole, bytesMax: bytesMax)
    let length = min(header(.contentLength).flatMap { Int($0) } ?? 0, bytesMax)
    try bodyLease.expect(bytes: length)
    var body: [UInt8] = []
    while let piece = try await reader.next() {
      try bodyLease.hold(bytes: body.count + piece.count)
      if body.isEmpty {
        body = piece
        // The length was checked, and what is reserved takes no memory until it is written.
        body.reserveCapacity(length)
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
    return Node(try await json(parsing: body(bytesMax: bytesMax)))
  }

  /// A large document takes a while to read: other requests must not wait behind it.
  func json(parsing body: [UInt8]) async throws -> JSON {
    guard body.count > Limits.freeBodyBytesMax else { return try JSON(parsing: body) }
    return try await services.pool.run(.batches) { try JSON(parsing: body) }
  }
}
