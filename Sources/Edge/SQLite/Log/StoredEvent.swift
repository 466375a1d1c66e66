import Base
import GRDB
import Ingestion

/// An event that is stored, or about to be, beside one that came with the same source and id.
struct StoredEvent {
  /// Its sequence number; below zero for one of this transaction, which has none yet.
  let place: Int64
  let record: LogRecord
  let bytes: [UInt8]

  /// Whether another record, of other bytes, has the same source and id.
  func hasIdentity(of other: LogRecord, in otherBytes: [UInt8]) -> Bool {
    guard record.source == other.source, record.isUUID == other.isUUID else { return false }
    return bytes.withUnsafeBytes { mine in
      otherBytes.withUnsafeBytes { theirs in
        mine.slice(record.id).isSame(as: theirs.slice(other.id))
      }
    }
  }

  func isIdentified(bySource source: Int64, id: String) -> Bool {
    record.source == source
      && EventIdentifier(of: record, in: bytes).spelling.elementsEqual(id.utf8)
  }

  /// Whether the other one says the same: then it is a repeat, else a conflict.
  func isRepeated(
    by event: Event, of text: UnsafeRawBufferPointer, _ numbers: EventNumbers, occurred: Instant
  ) -> Bool {
    // Nearly every repeat is the same to the byte.
    let isUndated = event.time == nil
    if record.type == numbers.type, record.subject == numbers.subject,
      isUndated || record.occurredMicroseconds == occurred.microsecondsSinceEpoch,
      isSame(record.data, event.data, text), isSame(record.attributes, event.attributes, text)
    {
      return true
    }
    return payload.isSame(
      as: PayloadIdentity(event, of: text, numbers, occurred), ignoringTime: isUndated)
  }

  private func isSame(
    _ kept: Range<Int>?, _ sent: Range<Int>?, _ text: UnsafeRawBufferPointer
  ) -> Bool {
    guard let kept, let sent else { return kept == sent }
    return bytes.withUnsafeBytes { $0.slice(kept).isSame(as: text.slice(sent)) }
  }

  private var payload: PayloadIdentity {
    PayloadIdentity(
      type: record.type, subject: record.subject,
      occurredMicroseconds: record.occurredMicroseconds,
      attributes: record.attributes.map { Array(bytes[$0]) },
      data: record.data.map { Array(bytes[$0]) })
  }
}

extension PayloadIdentity {
  init(
    _ event: Event, of text: UnsafeRawBufferPointer, _ numbers: EventNumbers, _ occurred: Instant
  ) {
    self.init(
      type: numbers.type, subject: numbers.subject,
      occurredMicroseconds: occurred.microsecondsSinceEpoch,
      attributes: event.attributes.map { Array(text[$0]) },
      data: event.data.map { Array(text[$0]) })
  }
}
