import Base
import GRDB
import Ingestion
import Metering

/// Reads events of the log with the meters as they are now.
struct MeterReader {
  private let book: MeterSet
  /// Which meters read each type, by its number.
  private var places: [Int64: [Int]] = [:]

  init(_ meters: [MeterDefinition], _ db: Database) throws {
    book = MeterSet(meters)
    for type in Set(meters.flatMap(\.eventTypes)) {
      if let number = try TextInterner.find(type, db) { places[number] = book.places(ofType: type) }
    }
  }

  /// What the meters count of an event that is in the log.
  func readings(_ record: LogRecord, of page: LogPage) -> [Reading] {
    var readings = MeterReadings()
    _ = read(record, of: page, into: &readings)
    return readings.all(at: record.occurred)
  }

  /// The meters that should count an event that is in the log, and cannot.
  func failures(_ record: LogRecord, of page: LogPage) -> [MeterFailure] {
    var readings = MeterReadings()
    return read(record, of: page, into: &readings).failures
  }

  func read(
    _ record: LogRecord, of page: LogPage, into readings: inout MeterReadings
  ) -> MeterVerdict {
    page.bytes.withUnsafeBytes { bytes in
      book.read(
        places[record.type], data: record.data.map { bytes.slice($0) }, at: record.occurred,
        into: &readings)
    }
  }
}

extension LogRecord {
  /// The log holds no time outside the years an instant can have.
  var occurred: Instant { Instant(microsecondsSinceEpoch: occurredMicroseconds) ?? .earliest }
}
