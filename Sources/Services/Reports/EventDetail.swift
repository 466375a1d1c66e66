package import Base
import Contracts
package import Metering
package import Workflow

/// Everything about one event: where it was counted, and which invoice lines rest on it.
package struct EventDetail: Sendable {
  package struct Reading: Sendable {
    package let meter: MeterKey
    package let value: Fixed
    package let unit: String
    /// The hour of the bucket, counted from 1970-01-01T00:00Z.
    package let hour: Int64
  }

  package struct Line: Sendable {
    package let invoice: InvoiceKey
    package let line: String
    /// Of a correction line: `came`, `changed` or `went`; nil where it is as it was.
    package let change: String?
  }

  package let event: LoggedEvent
  package let counted: [Reading]
  /// The meters that should have counted it and could not, with the reason.
  package let notCounted: [MeterFailure]
  package let lines: [Line]
  /// How many other payloads are kept aside under its source and id.
  package let conflicts: Int
}

/// Finds which invoice lines rest on an event, and which events a line rests on.
package struct EventTraces: Sendable {
  let home: any Home
  /// Rates a period again to say what its lines rest on.
  let billing: BillingService

  package init(_ home: any Home, _ billing: BillingService) {
    self.home = home
    self.billing = billing
  }

  /// Nil if the log has no event of that number.
  package func detail(_ number: Int64) throws -> EventDetail? {
    try home.read { snapshot in
      guard let view = try snapshot.event(number) else { return nil }
      let state = snapshot.agreements
      var lines = EventLines(view.history, billing, snapshot)
      return EventDetail(
        event: view.event,
        counted: view.readings.map { EventDetail.Reading($0, of: state.meters.meters[$0.meter]) },
        notCounted: view.failures, lines: try lines.lines(), conflicts: view.conflicts)
    }
  }
}

extension EventDetail.Reading {
  fileprivate init(_ reading: Metering.Reading, of meter: MeterDefinition) {
    self.init(
      meter: meter.key, value: Fixed(units: Int128(reading.units), places: meter.places),
      unit: meter.readingUnit.name, hour: reading.occurred.hour)
  }
}
