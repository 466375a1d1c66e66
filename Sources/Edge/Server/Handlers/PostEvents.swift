import Base
import HTTPTypes
import Hummingbird
import Ingestion

/// The operations of the API, one a file.
enum Handlers {}

extension Handlers {
  /// Takes CloudEvents; answers after they are on disk, with what became of each. Most requests are
  /// so small that `FastPathHandler` answers them instead.
  static func postEvents(at address: IngestEndpoint, _ call: APICall) async throws -> Response {
    try await take(call)
      .answer(at: address, preferences: call.request.headers[values: .prefer]).response
  }

  private static func take(_ call: APICall) async throws -> EventReceipt {
    switch try EventContent(call.request.headers, call.services.zones) {
    case .document(let format):
      return try await store(try await call.body(bytesMax: Limits.bodyBytesMax), format, call)
    case .binary(let event):
      let data = try await call.body(bytesMax: Limits.bodyBytesMax)
      return try await store(event.structured(data: data), .single, call)
    case .lines(let format):
      return try await call.services.streams.run {
        var stream = try StreamedIngest(call, format)
        return try await stream.take()
      }
    }
  }

  private static func store(
    _ body: [UInt8], _ format: EventFormat?, _ call: APICall
  ) async throws -> EventReceipt {
    let document = try await document(body, format, call)
    return document.receipt(try await document.store())
  }

  /// To read many events takes a while: single ones of others must not wait behind them.
  private static func document(
    _ body: [UInt8], _ format: EventFormat?, _ call: APICall
  ) async throws -> IngestRequest {
    guard body.count > FastPathRequest.bytesMax else {
      return try IngestRequest(body, format, by: call.poster, call.services)
    }
    return try await call.services.pool.run(.batches) {
      try IngestRequest(body, format, by: call.poster, call.services)
    }
  }
}
