package import Base
import Contracts
import GRDB
import Ingestion
import Metering

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
  }

  package let event: LoggedEvent
  package let counted: [Reading]
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
      let readings = EventQuery.readings(
        record, of: page, sequence, judgement, viewer.meters, state)
      return EventDetail(
        event: event, counted: readings, lines: try EventLines(event, record, state, db).lines(db),
        conflicts: try Int.fetchOne(
          db, sql: "SELECT count(*) FROM event_conflict WHERE event = ?", arguments: [sequence])!)
    }
  }

  private static func readings(
    _ record: EventRecord, of page: EventPage, _ sequence: Int64,
    _ judgement: EventViewer.Judgement, _ meters: MeterReader, _ state: CatalogState
  ) -> [EventDetail.Reading] {
    var (record, page) = (record, page)
    switch judgement.standing {
    case .itself: break
    case .retracted: return []
    case .amended(let other, _): (record, page) = (other[sequence], other)
    }
    guard record.subject != nil else { return [] }
    return meters.readings(record, of: page).map { reading in
      let meter = state.meters.meters[reading.meter]
      return EventDetail.Reading(
        meter: meter.key, value: Fixed(units: Int128(reading.units), places: meter.places),
        unit: meter.readingUnit.name, hour: record.occurred.hour)
    }
  }
}
