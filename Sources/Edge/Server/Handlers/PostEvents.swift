import Base
import HTTPTypes
import Hummingbird
import Ingestion

/// The operations of the API, one a file.
enum Handlers {}

extension Handlers {
  /// Takes CloudEvents; answers after they are on disk, with what became of each. Most requests are
  /// so small that `EventShortcut` answers them instead.
  static func postEvents(at address: EventAddress, _ call: Call) async throws -> Response {
    try await take(call)
      .answer(at: address, preferences: call.request.headers[values: .prefer]).response
  }

  private static func take(_ call: Call) async throws -> EventReceipt {
    switch try EventContent(call.request.headers, call.services.zones) {
    case .document(let format):
      return try await store(
        EventDocument(try await call.body(bytesMax: Limits.bodyBytesMax), format, call.services))
    case .binary(let event):
      let data = try await call.body(bytesMax: Limits.bodyBytesMax)
      return try await store(EventDocument(event.structured(data: data), .single, call.services))
    case .lines(let format):
      return try await call.services.streams.run {
        var stream = try EventStream(call, format)
        return try await stream.take()
      }
    }
  }

  private static func store(_ document: EventDocument) async throws -> EventReceipt {
    document.receipt(try await document.store())
  }
}
