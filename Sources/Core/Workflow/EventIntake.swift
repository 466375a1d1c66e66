package import Base
package import Contracts
package import Ingestion
package import Metering

/// From the bytes of a request to what is stored, in order:
///
/// 1. scan    the text must be JSON, else the whole request is refused; an unsound event alone
/// 2. allow   who posts it may not post every event there is
/// 3. admit   an event may not come from the future
/// 4. read    every meter of its type takes its value; a negative running time is refused
/// 5. place   the subject must belong to somebody; if not, the event is kept all the same
///
/// What follows is the engine's: identity (seen before?) and the durable commit.
package struct EventIntake: Sendable {
  private let terms: IntakeTerms
  private let admission: Admission
  private let now: Instant
  private let poster: Poster

  package init(_ terms: IntakeTerms, now: Instant, poster: Poster = .nobody) {
    self.terms = terms
    self.now = now
    self.poster = poster
    admission = Admission(now: now)
  }

  package func take(_ body: [UInt8], as format: EventFormat) throws(Fault) -> Intake {
    take(try EventScanner.scan(body, as: format))
  }

  /// From the second stage on, for events that were scanned in some other way.
  package func take(_ batch: EventBatch) -> Intake {
    var intake = Intake(batch: batch, received: now, author: poster.name)
    batch.bytes.withUnsafeBytes { bytes in
      for event in batch.events { admit(event, of: bytes, into: &intake) }
    }
    intake.refusals.sort { $0.index < $1.index }
    return intake
  }

  private func admit(
    _ event: Event, of bytes: UnsafeRawBufferPointer, into intake: inout Intake
  ) {
    let start = intake.readings.end
    do throws(Fault) {
      let occurred = try admission.occurrence(of: event)
      if bytes.slice(event.type).elementsEqual(Correction.eventType.utf8) {
        return try admitCorrection(event, at: occurred, of: bytes, into: &intake)
      }
      try poster.check(event, of: bytes)
      let verdict = terms.meters.read(
        type: bytes.slice(event.type), data: event.data.map { bytes.slice($0) }, at: occurred,
        into: &intake.readings)
      if let refusal = verdict.refusal { throw refusal }
      let doubt = terms.catalog.doubt(
        aboutSubject: event.subject.map { bytes.slice($0) }, at: occurred)
      if !verdict.failures.isEmpty {
        intake.failures[intake.admitted.count] = verdict.failures
      }
      intake.admitted.append(
        AdmittedEvent(
          event: event, occurred: occurred, values: start.values..<intake.readings.end.values,
          others: start.others..<intake.readings.end.others, doubt: doubt ?? verdict.doubt))
    } catch {
      intake.readings.removeAll(from: start)
      let place = intake.batch.pointer(to: event.index)
      intake.refusals.append(.init(index: event.index, fault: error.nested(under: place)))
    }
  }
}

extension EventIntake {
  /// No meter reads a correction; what it says must be sound, for nobody will look at it again.
  private func admitCorrection(
    _ event: Event, at occurred: Instant, of bytes: UnsafeRawBufferPointer,
    into intake: inout Intake
  ) throws(Fault) {
    guard let data = event.data else {
      throw Fault(.missingField, "a correction says in `data` what it corrects", at: "/data")
    }
    let correction: Correction
    do throws(Faults) {
      let json = try Faults.gather { () throws(Fault) in try JSON(parsing: Array(bytes[data])) }
      correction = try Correction(Node(json))
    } catch {
      throw error.list[0].nested(under: "/data")
    }
    try poster.check(correction, in: event, of: bytes)
    if case .amend(let amendment) = correction.action, let time = amendment.time {
      try admission.refuseFuture(time, at: "/data/amend/time")
    }
    intake.corrections[intake.admitted.count] = correction
    intake.admitted.append(
      AdmittedEvent(event: event, occurred: occurred, values: 0..<0, others: 0..<0, doubt: nil))
  }
}

/// What events are read by. An object, for every event that comes takes hold of it.
package final class IntakeTerms: Sendable {
  package let catalog: Catalog
  package let meters: MeterSet

  package init(_ catalog: Catalog, _ meters: MeterSet) {
    self.catalog = catalog
    self.meters = meters
  }
}

/// The events of one request that may be stored, and the ones that may not.
package struct Intake: Sendable {
  package let batch: EventBatch
  package let received: Instant
  /// Who posted the events, as the log names them.
  package let author: String?
  package fileprivate(set) var admitted: [AdmittedEvent] = []
  package fileprivate(set) var refusals: [EventBatch.Refusal]
  /// What some of the admitted events say about others, by their places in `admitted`.
  package fileprivate(set) var corrections: [Int: Correction] = [:]
  /// The meters that should have read an event and could not, by its place in `admitted`.
  package fileprivate(set) var failures: [Int: [MeterFailure]] = [:]
  /// What the meters read, one event behind the other.
  package fileprivate(set) var readings = MeterReadings()

  fileprivate init(batch: EventBatch, received: Instant, author: String?) {
    self.batch = batch
    self.received = received
    self.author = author
    refusals = batch.refusals
    admitted.reserveCapacity(batch.events.count)
    readings.reserveCapacity(batch.events.count * 2)
  }
}

package struct AdmittedEvent: Sendable {
  package let event: Event
  package let occurred: Instant
  /// Where its readings stand in `Intake.readings`.
  package let values: Range<Int>
  package let others: Range<Int>
  /// Why the event does not reach an invoice as things stand; it is kept and shown.
  package let doubt: Fault.Code?
}
