package import Base

/// A stretch of the log: some hundred events that were made durable together, as one row keeps
/// them. Their order inside a page is by subject, so that what belongs together lies together.
package struct LogPage: Sendable {
  /// A page is closed once it holds that many events or bytes.
  package static let eventsMax = 256
  package static let bytesMax = 32 << 10

  /// The sequence number of its first event.
  package let first: Int64
  /// What the times of its events are told from; when it was made durable.
  package let received: Instant
  package let bytes: [UInt8]
  private let records: [LogRecord]

  /// Throws where the bytes are not `count` records: the row has been damaged.
  package init(
    first: Int64, count: Int, received: Instant, bytes: [UInt8]
  ) throws(Fault) {
    self.first = first
    self.received = received
    self.bytes = bytes
    let moment = received.microsecondsSinceEpoch
    let records = bytes.withUnsafeBytes { buffer -> [LogRecord]? in
      var records: [LogRecord] = []
      records.reserveCapacity(min(count, LogPage.eventsMax))
      var position = 0
      while position < buffer.count, records.count < count {
        guard let record = LogRecord(buffer, at: position, moment: moment) else { return nil }
        records.append(record)
        position = record.end
      }
      return position == buffer.count && records.count == count ? records : nil
    }
    guard let records else { throw LogPage.damaged(first) }
    self.records = records
  }

  package static func damaged(_ first: Int64) -> Fault {
    Fault(.dataDamaged, "the log is damaged: the page of event \(first) is not what was written")
  }

  package var count: Int { records.count }
  package var sequences: Range<Int64> { first..<first + Int64(records.count) }

  /// Whose the event is; a record is more than is needed to find that out.
  package func subject(of sequence: Int64) -> Int64? { records[Int(sequence - first)].subject }

  package subscript(_ sequence: Int64) -> LogRecord { records[Int(sequence - first)] }

  package func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  /// The identifier in the spelling it was sent in.
  package func id(of record: LogRecord) -> String {
    String(decoding: identifier(of: record).spelling, as: UTF8.self)
  }

  package func identifier(of record: LogRecord) -> EventIdentifier {
    EventIdentifier(of: record, in: bytes)
  }
}
