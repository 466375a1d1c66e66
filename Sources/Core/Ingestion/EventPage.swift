package import Base

/// A stretch of the log: some hundred events that were made durable together, as one row keeps
/// them. Their order inside a page is by subject, so that what belongs together lies together.
package struct EventPage: Sendable {
  /// A page is closed once it holds that many events or bytes.
  package static let eventsMax = 256
  package static let bytesMax = 32 << 10

  /// The sequence number of its first event.
  package let first: Int64
  /// What the times of its events are told from; when it was made durable.
  package let received: Instant
  package let bytes: [UInt8]
  /// Where each of its records starts.
  private let starts: [Int]

  /// Throws where the bytes are not `count` records: the row has been damaged.
  package init(
    first: Int64, count: Int, received: Instant, bytes: [UInt8]
  ) throws(Fault) {
    self.first = first
    self.received = received
    self.bytes = bytes
    let moment = received.microsecondsSinceEpoch
    let starts = bytes.withUnsafeBytes { buffer -> [Int]? in
      var starts: [Int] = []
      var position = 0
      while position < buffer.count, starts.count < count {
        guard let record = EventRecord(buffer, at: position, moment: moment) else { return nil }
        starts.append(position)
        position = record.end
      }
      return position == buffer.count && starts.count == count ? starts : nil
    }
    guard let starts else { throw EventPage.damaged(first) }
    self.starts = starts
  }

  package static func damaged(_ first: Int64) -> Fault {
    Fault(.internalError, "the log is damaged: the page of event \(first) is not what was written")
  }

  package var count: Int { starts.count }
  package var sequences: Range<Int64> { first..<first + Int64(starts.count) }

  package subscript(_ sequence: Int64) -> EventRecord {
    let start = starts[Int(sequence - first)]
    return bytes.withUnsafeBytes {
      EventRecord($0, at: start, moment: received.microsecondsSinceEpoch)!
    }
  }

  package func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  /// The identifier in the spelling it was sent in.
  package func id(of record: EventRecord) -> String {
    record.isUUID
      ? bytes.withUnsafeBytes {
        String(decoding: EventIdentifier.text(uuid: $0.slice(record.id)), as: UTF8.self)
      } : text(record.id)
  }
}
