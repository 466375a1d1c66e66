import Base
import Ingestion
import Services
import Workflow

/// The events of one request, read under the catalog as it stands: what is left is to store them.
/// An object, for it goes from thread to thread with all that was read.
final class IngestRequest: Sendable {
  private let intake: Intake
  private let catalogRevision: Int
  private let services: ServerContext

  /// Without a format the body itself shows whether it is one event or a list.
  init(
    _ body: [UInt8], _ format: EventFormat?, by poster: Poster, _ services: ServerContext
  ) throws(Fault) {
    let catalog = services.home.intake
    let stages = EventIntake(catalog.intake, now: services.clock(), poster: poster)
    intake = try stages.take(body, as: format ?? EventFormat(sniffing: body))
    catalogRevision = catalog.state.revision
    self.services = services
  }

  /// Whether none of the events may be stored.
  var isEmpty: Bool { intake.admitted.isEmpty }

  func store() async throws(Fault) -> [AppendResult] {
    isEmpty
      ? [] : try await services.commit.store(intake, catalogRevision: catalogRevision)
  }

  /// The same for whoever does not wait; `done` is called on the thread that writes.
  func store(done: @escaping CommitQueue.Completion) {
    services.commit.store(intake, catalogRevision: catalogRevision, done: done)
  }

  func receipt(_ outcomes: [AppendResult]) -> EventReceipt {
    var receipt = EventReceipt(noticesMax: EventScanner.eventsMax)
    receipt.add(intake, outcomes, to: services.metrics)
    return receipt
  }
}

extension EventFormat {
  fileprivate init(sniffing body: [UInt8]) {
    let first = body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    self = first == UInt8(ascii: "[") ? .batch : .single
  }
}
