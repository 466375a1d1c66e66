import Base
import GRDB
import Ingestion
import Metering
import Rating

/// Reads the log where buckets do not say enough: the edges of a period, and evidence.
enum EventLog {
  struct Counted {
    let reference: Evidence.Reference
    let units: Int64
  }

  /// Gives every event of a subject in a period to `body`, with its page: as it stands, where it
  /// was corrected.
  static func forEach(
    of subject: Int64, _ period: Period, _ db: Database,
    _ body: (EventPage, EventRecord) throws -> Void
  ) throws {
    guard !period.isEmpty else { return }
    let start = period.start.microsecondsSinceEpoch
    let end = period.end.microsecondsSinceEpoch
    let last = Instant(microsecondsSinceEpoch: end - 1) ?? period.start
    let hours = period.start.hour...last.hour
    func take(_ page: EventPage, without corrected: Set<Int64>) throws {
      for sequence in page.sequences where !corrected.contains(sequence) {
        let record = page[sequence]
        guard record.subject == subject, record.occurredMicroseconds >= start,
          record.occurredMicroseconds < end
        else { continue }
        try body(page, record)
      }
    }
    try EventPages.forEach(of: subject, hours: hours, db) { page in
      try take(page, without: Amendments.corrected(page.sequences, db))
    }
    try Amendments.forEach(of: subject, hours: hours, db) { try take($0, without: []) }
  }

  /// The events of a subject in a period that the meter counted, with what it read.
  static func counted(
    by meter: MeterDefinition, subject: Int64, _ period: Period, _ db: Database
  ) throws -> [Counted] {
    let reader = try MeterReader([meter], db)
    var names = NameTexts()
    var counted: [Counted] = []
    try forEach(of: subject, period, db) { page, record in
      guard let value = reader.values(record, of: page).first else { return }
      counted.append(
        Counted(
          reference: .init(
            source: try names.text(record.source, db), id: page.id(of: record),
            occurred: record.occurred), units: value.units))
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

/// Reads events of the log with the meters as they are now.
struct MeterReader {
  private let book: MeterBook
  /// The texts of the types that any of the meters reads, by their numbers.
  private var types: [Int64: [UInt8]] = [:]

  init(_ meters: [MeterDefinition], _ db: Database) throws {
    book = MeterBook(meters)
    for type in Set(meters.flatMap(\.eventTypes)) {
      if let number = try Names.find(type, db) { types[number] = Array(type.utf8) }
    }
  }

  /// What the meters count of an event that is in the log.
  func values(_ record: EventRecord, of page: EventPage) -> [MeterValue] {
    var values: [MeterValue] = []
    _ = read(record, of: page, into: &values)
    return values
  }

  func read(
    _ record: EventRecord, of page: EventPage, into values: inout [MeterValue]
  ) -> MeterReading {
    // A type that no meter reads has no text here, and none is found under the empty one.
    (types[record.type] ?? []).withUnsafeBytes { type in
      page.bytes.withUnsafeBytes { bytes in
        book.read(type: type, data: record.data.map { bytes.slice($0) }, into: &values)
      }
    }
  }
}

extension EventRecord {
  /// The log holds no time outside the years an instant can have.
  var occurred: Instant { Instant(microsecondsSinceEpoch: occurredMicroseconds) ?? .earliest }
}
