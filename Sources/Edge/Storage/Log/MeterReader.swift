import Base
import GRDB
import Ingestion
import Metering

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
  func readings(_ record: EventRecord, of page: EventPage) -> [Reading] {
    var readings = MeterReadings()
    _ = read(record, of: page, into: &readings)
    return readings.all(at: record.occurred)
  }

  func read(
    _ record: EventRecord, of page: EventPage, into readings: inout MeterReadings
  ) -> MeterVerdict {
    // A type that no meter reads has no text here, and none is found under the empty one.
    (types[record.type] ?? []).withUnsafeBytes { type in
      page.bytes.withUnsafeBytes { bytes in
        book.read(
          type: type, data: record.data.map { bytes.slice($0) }, at: record.occurred,
          into: &readings)
      }
    }
  }
}

extension EventRecord {
  /// The log holds no time outside the years an instant can have.
  var occurred: Instant { Instant(microsecondsSinceEpoch: occurredMicroseconds) ?? .earliest }
}
