import Base
import GRDB
import Ingestion
import Metering
import Rating

/// Reads the log where buckets do not say enough: the edges of a period, and facts.
enum EventLog {
  /// Gives every event of a subject in a period to `body`, with its page: as it stands, where it
  /// was corrected.
  static func forEach(
    of subject: Int64, _ period: Period, _ db: Database,
    _ body: (LogPage, LogRecord) throws -> Void
  ) throws {
    guard !period.isEmpty else { return }
    func take(_ page: LogPage, without corrected: Set<Int64>) throws {
      for sequence in page.sequences where !corrected.contains(sequence) {
        let record = page[sequence]
        guard record.subject == subject, period.contains(record.occurred) else { continue }
        try body(page, record)
      }
    }
    try LogReader.forEach(of: subject, hours: period.hours, db) { page in
      try take(page, without: CorrectedEvents.corrected(page.sequences, db))
    }
    try CorrectedEvents.forEach(of: subject, hours: period.hours, db) { try take($0, without: []) }
  }

  /// Everything that a meter reads of a subject and that falls into a period, with how much of it
  /// does.
  static func readings(
    of meter: MeterDefinition, subject: Int64, _ period: Period, _ db: Database,
    _ body: (LogPage, LogRecord, Reading, Tally) throws -> Void
  ) throws {
    let reader = try MeterReader([meter], db)
    try forEach(of: subject, meter.aggregation.reach(of: period), db) { page, record in
      for reading in reader.readings(record, of: page) {
        guard let tally = reading.tally(in: period) else { continue }
        try body(page, record, reading, tally)
      }
    }
  }

  /// Every event that a meter counted for some subjects, as it stands, in canonical order.
  static func facts(
    _ meter: MeterDefinition, _ stretches: [SubjectStretch], _ db: Database
  ) throws -> [EventFact] {
    var names = InternedTexts()
    var facts: [EventFact] = []
    for stretch in stretches {
      guard let subject = try TextInterner.find(stretch.subject, db) else { continue }
      try readings(of: meter, subject: subject, stretch.period, db) { page, record, reading, _ in
        let reference = Evidence.Reference(
          source: try names.text(record.source, db), id: page.id(of: record),
          occurred: record.occurred)
        let data = try record.data.map { try JSON(parsing: Array(page.bytes[$0])) }
        var fact = EventFact(
          reference, type: try names.text(record.type, db), subject: stretch.subject,
          value: Fixed(units: Int128(reading.units), places: meter.places), data: data ?? .null)
        fact.sequence = page.first
        facts.append(fact)
      }
    }
    return facts.sorted { $0.reference.precedes($1.reference) }
  }
}
