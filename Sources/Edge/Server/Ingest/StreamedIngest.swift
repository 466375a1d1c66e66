import Base
import Ingestion
import Services
import Synchronization
import Workflow

/// Takes events that come a line each, slice by slice: while one slice is being stored the next is
/// read, and there are never more than these two. What was stored stays stored, whatever becomes of
/// the rest; whoever sends it all again is safe, for every event counts once.
struct StreamedIngest {
  private let call: APICall
  private var body: BodyReader
  private var format: any LineFormat
  private var slicer = LineSlicer()
  private var isAtEnd = false
  private var receipt = EventReceipt(noticesMax: Limits.streamNoticesMax)
  private var storing: Task<(Intake, [AppendResult]), any Error>?

  init(_ call: APICall, _ format: any LineFormat) throws(Fault) {
    self.call = call
    self.format = format
    body = try BodyReader(call, .stream, bytesMax: Limits.streamBytesMax)
  }

  mutating func take() async throws -> EventReceipt {
    do {
      while let slice = try await nextSlice() {
        try await store { (format) throws(Fault) in try format.events(in: slice) }
      }
      try await store { (format) throws(Fault) in try format.end() }
      try await finishStoring()
    } catch let fault as Fault {
      // The disk has the last word about the slice before.
      try? await finishStoring()
      throw Fault(
        fault.code,
        fault.detail
          + "; events that came before and are stored: \(receipt.stored), send all again",
        at: fault.pointer)
    }
    return receipt
  }

  /// Reads a batch, and begins to store it once the one before is stored. Reading is work for a
  /// while: single events of others must not wait behind it.
  private mutating func store(
    _ read: @escaping @Sendable (inout any LineFormat) throws(Fault) -> EventBatch?
  ) async throws {
    let catalog = call.services.home.intake
    let stages = EventIntake(catalog.intake, now: call.now, poster: call.poster)
    let intake: Intake?
    (format, intake) = try await call.services.pool.run(.batches) { [format] in
      var format = format
      let batch = try read(&format)
      return (format, batch.map { stages.take($0) })
    }
    try await finishStoring()
    guard let intake else { return }
    storing = Task { [commit = call.services.commit] in
      let isEmpty = intake.admitted.isEmpty
      let revision = catalog.state.revision
      return (intake, isEmpty ? [] : try await commit.store(intake, catalogRevision: revision))
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

/// How many streams are read at the same time, for each holds slices in memory.
final class StreamSlots: Sendable {
  private let taken = Mutex(0)

  func run<Value>(_ work: () async throws -> Value) async throws -> Value {
    let isFree = taken.withLock { taken in
      guard taken < Limits.streamsMax else { return false }
      taken += 1
      return true
    }
    guard isFree else {
      throw Fault(.overloaded, "\(Limits.streamsMax) streams are being read; send this one later")
    }
    defer { taken.withLock { $0 -= 1 } }
    return try await work()
  }
}
