import Base
import GRDB
import Metering
import Rating

/// Reads the log where buckets do not say enough: the edges of a period, and evidence.
enum EventLog {
  struct Counted {
    let reference: Evidence.Reference
    let units: Int64
  }

  /// The events of a subject in a period that the meter counted, with what it read.
  static func counted(
    by meter: MeterDefinition, subject: Int64, _ period: Period, _ db: Database
  ) throws -> [Counted] {
    let book = MeterBook([meter])
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT source.text, event.id, event.occurred, type.text, event.data
          FROM event JOIN name AS source ON source.id = event.source
            JOIN name AS type ON type.id = event.type
          WHERE event.subject = ? AND event.occurred >= ? AND event.occurred < ?
          """),
      arguments: [
        subject, period.start.microsecondsSinceEpoch, period.end.microsecondsSinceEpoch,
      ])
    var counted: [Counted] = []
    while let row = try rows.next() {
      let data: String? = row[4]
      let reading = try? book.reading(type: row[3], data: data.map { Array($0.utf8)[...] })
      guard let value = reading?.values.first else { continue }
      let occurred = Instant(microsecondsSinceEpoch: row[2]) ?? .earliest
      counted.append(
        Counted(
          reference: .init(source: row[0], id: row[1], occurred: occurred), units: value.units))
    }
    return counted
  }

  /// Everything a meter counted for some subjects, in canonical order.
  static func evidence(
    _ meter: MeterDefinition, _ stretches: [SubjectStretch], _ db: Database
  ) throws -> Evidence {
    var events: [Counted] = []
    for stretch in stretches {
      guard let subject = try Names.find(stretch.subject, db) else { continue }
      events += try counted(by: meter, subject: subject, stretch.period, db)
    }
    events.sort { $0.reference.precedes($1.reference) }
    var builder = EvidenceBuilder(meter: meter.key, places: meter.places)
    for event in events { builder.append(event.reference, units: event.units) }
    return builder.finish()
  }
}
