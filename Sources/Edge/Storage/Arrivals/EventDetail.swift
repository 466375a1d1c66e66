package import Base
import Contracts
import GRDB
import Ingestion
package import Metering

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

extension EventQuery {
  /// Nil where the log has no event of that number.
  package func detail(_ sequence: Int64) throws -> EventDetail? {
    let state = catalogs.current
    return try store.pool.read { db in
      guard let page = try EventPages.page(holding: sequence, db) else { return nil }
      var viewer = try EventViewer(state, db)
      let record = page[sequence]
      let judgement = try viewer.judge(record, of: page, sequence, isCorrected: true, db)
      let event = try viewer.view(record, of: page, sequence, judgement, db)
      let standing = EventQuery.standing(record, of: page, sequence, judgement)
      let readings = standing.map { viewer.meters.readings($0, of: $1) } ?? []
      let failures = standing.map { viewer.meters.failures($0, of: $1) } ?? []
      let history = try EventHistory(
        sequence, event.content, source: record.source, id: event.id, db)
      var lines = EventLines(history, billing, state, db)
      return EventDetail(
        event: event,
        counted: readings.map { EventDetail.Reading($0, of: state.meters.meters[$0.meter]) },
        notCounted: failures, lines: try lines.lines(db),
        conflicts: try Int.fetchOne(
          db, sql: "SELECT count(*) FROM event_conflict WHERE event = ?", arguments: [sequence])!)
    }
  }

  /// What counts of an event: itself, or what was put in its place; nil where nothing does.
  private static func standing(
    _ record: EventRecord, of page: EventPage, _ sequence: Int64,
    _ judgement: EventViewer.Judgement
  ) -> (EventRecord, EventPage)? {
    var (record, page) = (record, page)
    switch judgement.standing {
    case .itself: break
    case .retracted: return nil
    case .amended(let other, _): (record, page) = (other[sequence], other)
    }
    return record.subject == nil ? nil : (record, page)
  }
}

extension EventDetail.Reading {
  fileprivate init(_ reading: Metering.Reading, of meter: MeterDefinition) {
    self.init(
      meter: meter.key, value: Fixed(units: Int128(reading.units), places: meter.places),
      unit: meter.readingUnit.name, hour: reading.occurred.hour)
  }
}
