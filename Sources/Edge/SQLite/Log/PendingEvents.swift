import Base
import Ingestion

/// The new events of one transaction, before they have their places in the log.
struct PendingEvents {
  struct Entry {
    let subject: Int64
    let hour: Int64
    let occurred: Int64
    /// Where its record stands in `bytes`.
    let record: Range<Int>
    /// Where the index of identities waits for its sequence number.
    let identity: Int
    let isDoubtful: Bool
  }

  /// What the times of the records are told from.
  let received: Instant
  private(set) var bytes: [UInt8] = []
  private(set) var entries: [Entry] = []

  init(received: Instant) { self.received = received }

  /// Writes the record of an event, to be kept or taken back.
  mutating func append(
    _ event: Event, of text: UnsafeRawBufferPointer, _ numbers: EventNumbers, occurred: Instant
  ) -> Range<Int> {
    let start = bytes.count
    LogRecord.append(
      event, of: text, numbers, occurred: occurred.microsecondsSinceEpoch,
      moment: received.microsecondsSinceEpoch, to: &bytes)
    return start..<bytes.count
  }

  mutating func keep(_ entry: Entry) { entries.append(entry) }

  mutating func takeBack(_ record: Range<Int>) { bytes.removeSubrange(record) }

  /// The event that stands in for its sequence number as -1, -2, ...
  func event(_ standIn: Int64) -> StoredEvent {
    // A copy of its own: the bytes here go on growing while it is looked at.
    let own = Array(bytes[entries[Int(-standIn) - 1].record])
    let record = own.withUnsafeBytes {
      LogRecord($0, at: 0, moment: received.microsecondsSinceEpoch)!
    }
    return StoredEvent(place: standIn, record: record, bytes: own)
  }

  func record(at start: Int) -> LogRecord {
    bytes.withUnsafeBytes {
      LogRecord($0, at: start, moment: received.microsecondsSinceEpoch)!
    }
  }

  /// The order in the log: by subject, then by hour, so that what belongs together lies together.
  func placesInOrder() -> [Int] {
    entries.indices.sorted { left, right in
      let (first, second) = (entries[left], entries[right])
      if first.subject != second.subject { return first.subject < second.subject }
      if first.hour != second.hour { return first.hour < second.hour }
      return left < right
    }
  }
}
