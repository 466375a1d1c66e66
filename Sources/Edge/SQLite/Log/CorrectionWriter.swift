import Base
import Foundation
import GRDB
import Ingestion
import Metering
import Workflow

/// Brings corrections and the events they name together, whichever came first, and moves the
/// buckets from what stood to what stands now.
struct CorrectionWriter {
  private let state: CatalogState
  private var reader: MeterReader
  private var names: InternedTexts

  init(_ state: CatalogState, _ db: Database) throws {
    self.state = state
    reader = try MeterReader(state.meters.meters, db)
    names = InternedTexts()
  }

  /// Remembers what a correction names; `event` is its number, where it is there already.
  static func note(
    _ correction: Correction, _ sequence: Int64, source: Int64, event: Int64?, _ db: Database
  ) throws {
    try db.cachedStatement(
      sql: "INSERT INTO event_correction (sequence, source, id, event) VALUES (?, ?, ?, ?)"
    ).execute(arguments: [sequence, source, correction.id, event])
  }

  /// Lets the latest correction of an event stand. `new` are those of this transaction; of the ones
  /// before them it knows which was the latest.
  mutating func settle(
    _ event: Int64, new: [Int64], _ texts: inout TextInterner, _ buckets: inout BucketDeltas,
    _ db: Database
  ) throws {
    guard let page = try LogReader.page(holding: event, db) else {
      throw LogPage.damaged(event)
    }
    let original = page[event]
    let id = page.id(of: original)
    try db.cachedStatement(
      sql: "UPDATE event_correction SET event = ? WHERE source = ? AND id = ? AND event IS NULL"
    ).execute(arguments: [event, original.source, id])
    // No correction corrects another.
    guard original.type != (try TextInterner.find(Correction.eventType, db)) else { return }
    let candidates =
      switch try CorrectedEvents.standing(for: event, db) {
      case .itself: try StoredCorrection.sequences(naming: original.source, id: id, db)
      case .retracted(let latest), .amended(_, let latest): [latest] + new
      }
    let latest = try candidates.map { try StoredCorrection($0, &names, db) }.latest
    guard let latest else { return }
    try count(event, original, of: page, isTakenBack: true, &texts, &buckets, db)
    let body = try amended(original, of: page, latest.correction, &texts, db)
    try stand(body, for: event, received: page.received, latest.sequence, db)
    try count(event, original, of: page, isTakenBack: false, &texts, &buckets, db)
    // Who looks for unmatched events must look here.
    try db.execute(
      sql: "UPDATE event_page SET doubtful = 1 WHERE first = ?", arguments: [page.first])
  }

  /// Adds to the buckets what stands for an event, or takes it from them.
  private mutating func count(
    _ event: Int64, _ original: LogRecord, of page: LogPage, isTakenBack: Bool,
    _ texts: inout TextInterner, _ buckets: inout BucketDeltas, _ db: Database
  ) throws {
    switch try CorrectedEvents.standing(for: event, db) {
    case .itself: try count(original, of: page, isTakenBack, &texts, &buckets, db)
    case .amended(let page, _):
      try count(page[event], of: page, isTakenBack, &texts, &buckets, db)
    case .retracted: break
    }
  }

  private func count(
    _ record: LogRecord, of page: LogPage, _ isTakenBack: Bool, _ texts: inout TextInterner,
    _ buckets: inout BucketDeltas, _ db: Database
  ) throws {
    guard let subject = record.subject else { return }
    for reading in reader.readings(record, of: page) {
      let series = try BucketSeries(reading, state, &texts, db)
      buckets.count(
        reading, in: series, subject: subject, source: record.source, isTakenBack: isTakenBack)
    }
  }

  /// The record that stands, or nil where nothing does.
  private mutating func amended(
    _ original: LogRecord, of page: LogPage, _ correction: Correction, _ texts: inout TextInterner,
    _ db: Database
  ) throws -> [UInt8]? {
    guard case .amend(let amendment) = correction.action else { return nil }
    let numbers = EventNumbers(
      source: original.source,
      type: try amendment.type.map { try texts.number($0, db) } ?? original.type,
      subject: try amendment.subject.map { try texts.number($0, db) } ?? original.subject,
      author: original.author)
    // A type that no event had until now has its number only from here on.
    if amendment.type != nil { reader = try MeterReader(state.meters.meters, db) }
    let data = amendment.data?.bytes ?? original.data.map { Array(page.bytes[$0]) }
    return page.bytes.withUnsafeBytes { bytes in
      (data ?? []).withUnsafeBytes { newData in
        original.amended(
          bytes, numbers,
          occurred: amendment.time?.microsecondsSinceEpoch ?? original.occurredMicroseconds,
          moment: page.received.microsecondsSinceEpoch, data: data == nil ? nil : newData)
      }
    }
  }

  private func stand(
    _ body: [UInt8]?, for event: Int64, received: Instant, _ correction: Int64, _ db: Database
  ) throws {
    let record = body.flatMap { body in
      body.withUnsafeBytes {
        LogRecord($0, at: 0, moment: received.microsecondsSinceEpoch)
      }
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO event_amended (event, correction, subject, hour, received, checksum, body)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (event) DO UPDATE SET correction = excluded.correction,
          subject = excluded.subject, hour = excluded.hour, received = excluded.received,
          checksum = excluded.checksum, body = excluded.body
        """
    ).execute(arguments: [
      event, correction, record?.subject, record?.occurred.hour ?? 0,
      received.microsecondsSinceEpoch,
      body?.withUnsafeBytes { LogReader.checksum($0, first: event) } ?? 0, body.map { Data($0) },
    ])
  }
}
