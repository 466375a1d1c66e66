import Base
import Ingestion
import Storage
import Workflow

/// Takes events that come a line each, slice by slice: while one slice is being stored the next is
/// read, and there are never more than these two. What was stored stays stored, whatever becomes of
/// the rest; whoever sends it all again is safe, for every event counts once.
struct EventStream {
  private let call: Call
  private var body: BodyReader
  private var format: any LineFormat
  private var slicer = LineSlicer()
  private var isAtEnd = false
  private var receipt = EventReceipt(noticesMax: Limits.streamNoticesMax)
  private var storing: Task<(Intake, [EventOutcome]), any Error>?

  init(_ call: Call, _ format: any LineFormat) throws(Fault) {
    self.call = call
    self.format = format
    body = try BodyReader(call, .stream, bytesMax: Limits.streamBytesMax)
  }

  mutating func take() async throws -> EventReceipt {
    do {
      while let slice = try await nextSlice() {
        try await store(try format.events(in: slice))
      }
      if let rest = try format.end() { try await store(rest) }
      try await finishStoring()
    } catch let fault as Fault {
      // The disk has the last word about the slice before.
      try? await finishStoring()
      throw Fault(
        fault.code,
        fault.detail + "; \(receipt.stored) events that came before are stored, and may come again",
        at: fault.pointer)
    }
    return receipt
  }

  /// Begins to, once the batch before is stored.
  private mutating func store(_ batch: EventBatch) async throws {
    let state = call.services.catalogs.current
    let intake = EventIntake(catalog: state.catalog, meters: state.meters, now: call.now)
      .take(batch)
    try await finishStoring()
    storing = Task { [commit = call.services.commit] in
      let isEmpty = intake.admitted.isEmpty
      return (
        intake, isEmpty ? [] : try await commit.store(intake, catalogRevision: state.revision)
      )
    }
  }

  private mutating func nextSlice() async throws(Fault) -> LineSlice? {
    while true {
      if let slice = slicer.next() { return slice }
      if isAtEnd { return slicer.last() }
      if let piece = try await body.next() { slicer.append(piece) } else { isAtEnd = true }
    }
  }

  private mutating func finishStoring() async throws {
    guard let task = storing else { return }
    storing = nil
    let (intake, outcomes) = try await body.pausing { try await task.value }
    receipt.add(intake, outcomes, to: call.services.metrics)
  }
}
