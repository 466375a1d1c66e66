import Base
import HTTPTypes
import Hummingbird
import Ingestion
import Storage
import Workflow

/// The operations of the API, one a file.
enum Handlers {}

extension Handlers {
  /// Takes CloudEvents; answers after they are on disk, with what became of each.
  static func postEvents(_ call: Call) async throws -> Response {
    try await take(call).response(call, minimalByDefault: false)
  }

  /// The same at the address where senders made for OpenMeter post: they expect no receipt.
  static func ingestEvents(_ call: Call) async throws -> Response {
    try await take(call).response(call, minimalByDefault: true)
  }

  private static func take(_ call: Call) async throws -> EventReceipt {
    switch try EventContent(call.request.headers) {
    case .document(let format):
      let body = try await call.body(bytesMax: Limits.bodyBytesMax)
      return try await store(body, as: format ?? EventFormat(sniffing: body), call)
    case .binary(let event):
      let data = try await call.body(bytesMax: Limits.bodyBytesMax)
      return try await store(event.structured(data: data), as: .single, call)
    case .lines(let format):
      return try await call.services.streams.run {
        var stream = try EventStream(call, format)
        return try await stream.take()
      }
    }
  }

  private static func store(
    _ body: [UInt8], as format: EventFormat, _ call: Call
  ) async throws -> EventReceipt {
    let state = call.services.catalogs.current
    let intake = EventIntake(catalog: state.catalog, meters: state.meters, now: call.now)
    let taken = try intake.take(body, as: format)
    let outcomes =
      taken.admitted.isEmpty
      ? [] : try await call.services.commit.store(taken, catalogRevision: state.revision)
    var receipt = EventReceipt(noticesMax: EventScanner.eventsMax)
    receipt.add(taken, outcomes, to: call.services.metrics)
    return receipt
  }
}

extension EventFormat {
  fileprivate init(sniffing body: [UInt8]) {
    let first = body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    self = first == UInt8(ascii: "[") ? .batch : .single
  }
}
