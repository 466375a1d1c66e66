import Base
import Contracts
import GRDB
import Ingestion
import Metering

/// Finds the invoice lines that rest on an event: on what stood in its place when the invoice was
/// rated, whatever has come or been corrected since.
struct EventLines {
  private let event: LoggedEvent
  private let corrections: [StoredCorrection]
  private let state: CatalogState

  init(
    _ event: LoggedEvent, _ record: EventRecord, _ state: CatalogState, _ db: Database
  ) throws {
    self.event = event
    self.state = state
    guard event.content.type != Correction.eventType else {
      corrections = []
      return
    }
    var names = NameTexts()
    corrections = try StoredCorrection.sequences(naming: record.source, id: event.id, db)
      .map { try StoredCorrection($0, &names, db) }
  }

  func lines(_ db: Database) throws -> [EventDetail.Line] {
    try ([nil] + corrections.map(Optional.some)).flatMap { correction in
      try content(correction).map { content in
        try lines(content, db) { isStanding(correction, inLogThrough: $0) }
      } ?? []
    }
  }

  /// Whether that one stood, or the event itself, when the log ended with `last`.
  private func isStanding(_ correction: StoredCorrection?, inLogThrough last: Int64) -> Bool {
    event.sequence <= last
      && corrections.filter { $0.sequence <= last }.latest?.sequence == correction?.sequence
  }

  /// Nil where the event was taken back.
  private func content(_ correction: StoredCorrection?) -> LoggedEvent.Content? {
    let sent = event.content
    guard let correction else { return sent }
    guard case .amend(let amendment) = correction.correction.action else { return nil }
    return LoggedEvent.Content(
      type: amendment.type ?? sent.type, subject: amendment.subject ?? sent.subject,
      occurred: amendment.time ?? sent.occurred, data: amendment.data?.text ?? sent.data)
  }

  /// The lines whose evidence is of a meter that counts it: of the invoice of its time, and of
  /// those behind it that look back so far, which is a year at most.
  private func lines(
    _ content: LoggedEvent.Content, _ db: Database, where isRatedOn: (Int64) -> Bool
  ) throws -> [EventDetail.Line] {
    let meters = meters(counting: content)
    guard let subject = content.subject, !meters.isEmpty else { return [] }
    let contracts = state.catalog.contracts(ofSubject: subject, at: content.occurred)
    return try contracts.flatMap { contract in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT key, document, last_event FROM invoice_standing
          WHERE contract = ? AND period_end > ? AND NOT is_void ORDER BY period_end LIMIT 12
          """, arguments: [contract.text, content.occurred.microsecondsSinceEpoch])
      return try rows.flatMap { row in
        guard isRatedOn(row["last_event"] ?? .max) else { return [EventDetail.Line]() }
        let document = try JSON(parsing: Array((row["document"] as String).utf8))
        let key = try InvoiceKey(row["key"] as String)
        return (document["lines"]?.elements ?? []).filter { line in
          isAbout(meters, line: line)
            && covers(line["period"] ?? document["period"], content.occurred)
        }.compactMap { line in
          line["key"]?.stringValue.map { EventDetail.Line(invoice: key, line: $0) }
        }
      }
    }
  }

  private func covers(_ period: JSON?, _ moment: Instant) -> Bool {
    let bounds = ["start", "end"].compactMap {
      period?[$0]?.stringValue.flatMap { Instant($0) }
    }
    return bounds.count == 2 && bounds[0] <= moment && moment < bounds[1]
  }

  private func isAbout(_ meters: Set<String>, line: JSON) -> Bool {
    (line["evidence"]?.elements ?? []).contains { evidence in
      evidence["meter"]?.stringValue.map(meters.contains) ?? false
    }
  }

  private func meters(counting content: LoggedEvent.Content) -> Set<String> {
    var readings = MeterReadings()
    Array(content.type.utf8).withUnsafeBytes { type in
      Array((content.data ?? "").utf8).withUnsafeBytes { data in
        _ = state.meters.read(
          type: type, data: data, at: content.occurred, into: &readings)
      }
    }
    return Set(
      readings.all(at: content.occurred).map { state.meters.meters[$0.meter].key.text })
  }
}
