package import Base
package import Contracts
package import Ingestion
package import Metering

/// From the bytes of a request to what is stored, in order:
///
/// 1. scan    the text must be JSON, else the whole request is refused; an unsound event alone
/// 2. admit   an event may not come from the future
/// 3. read    every meter of its type takes its value; a negative running time is refused
/// 4. place   the subject must belong to somebody; if not, the event is kept all the same
///
/// What follows is Storage's: identity (seen before?) and the durable commit.
package struct EventIntake: Sendable {
  private let catalog: Catalog
  private let meters: MeterBook
  private let admission: Admission
  private let now: Instant

  package init(catalog: Catalog, meters: MeterBook, now: Instant) {
    self.catalog = catalog
    self.meters = meters
    self.now = now
    admission = Admission(now: now)
  }

  package func take(_ body: [UInt8], as format: EventFormat) throws(Fault) -> Intake {
    take(try EventScanner.scan(body, as: format))
  }

  /// From the second stage on, for events that were scanned in some other way.
  package func take(_ batch: EventBatch) -> Intake {
    var refusals = batch.refusals
    var admitted: [AdmittedEvent] = []
    admitted.reserveCapacity(batch.events.count)
    for event in batch.events {
      do throws(Fault) {
        admitted.append(try admit(event, of: batch))
      } catch {
        let place = batch.pointer(to: event.index)
        refusals.append(.init(index: event.index, fault: error.nested(under: place)))
      }
    }
    refusals.sort { $0.index < $1.index }
    return Intake(batch: batch, received: now, admitted: admitted, refusals: refusals)
  }

  private func admit(_ event: Event, of batch: EventBatch) throws(Fault) -> AdmittedEvent {
    let occurred = try admission.occurrence(of: event)
    let reading = try meters.reading(
      type: batch.text(event.type), data: event.data.map { batch.bytes[$0] })
    let subject = event.subject.map(batch.text)
    let doubt = catalog.doubt(aboutSubject: subject, at: occurred) ?? reading.doubt
    return AdmittedEvent(event: event, occurred: occurred, reading: reading, doubt: doubt)
  }
}

/// The events of one request that may be stored, and the ones that may not.
package struct Intake: Sendable {
  package let batch: EventBatch
  package let received: Instant
  package let admitted: [AdmittedEvent]
  package let refusals: [EventBatch.Refusal]
}

package struct AdmittedEvent: Sendable {
  package let event: Event
  package let occurred: Instant
  package let reading: MeterReading
  /// Why the event does not reach an invoice as things stand; it is kept and shown.
  package let doubt: Fault.Code?
}
