import Base
package import Ingestion
package import Rating

/// A correction of the log, with what decides which of several holds.
package struct StoredCorrection: Sendable {
  package let sequence: Int64
  package let correction: Correction
  private let reference: Evidence.Reference

  package init(_ sequence: Int64, _ correction: Correction, _ reference: Evidence.Reference) {
    self.sequence = sequence
    self.correction = correction
    self.reference = reference
  }

  /// By time, then by the bytes of source and id.
  package func precedes(_ other: StoredCorrection) -> Bool {
    reference.precedes(other.reference)
  }
}

extension Sequence<StoredCorrection> {
  /// The one that holds.
  package var latest: StoredCorrection? { self.max { $0.precedes($1) } }
}

/// What an event was at any time of the log: as it was sent, or what the correction that held then
/// put in its place.
package struct EventHistory: Sendable {
  package let sequence: Int64
  /// Who sent it: the number that the log has for it, and its name.
  package let source: (number: Int64, name: String)
  package let id: String
  private let sent: LoggedEvent.Content
  private let corrections: [StoredCorrection]

  package init(
    _ sequence: Int64, _ sent: LoggedEvent.Content, source: (number: Int64, name: String),
    id: String, corrections: [StoredCorrection]
  ) {
    self.sequence = sequence
    self.sent = sent
    self.source = source
    self.id = id
    self.corrections = corrections
  }

  /// What held when the log ended with `last`; nil if the event had not come, or had been
  /// retracted.
  package func content(inLogThrough last: Int64) -> LoggedEvent.Content? {
    guard sequence <= last else { return nil }
    return content(of: corrections.filter { $0.sequence <= last }.latest)
  }

  /// All that it ever was.
  package var contents: [LoggedEvent.Content] {
    ([nil] + corrections.map(Optional.some)).compactMap(content)
  }

  private func content(of correction: StoredCorrection?) -> LoggedEvent.Content? {
    guard let correction else { return sent }
    guard case .amend(let amendment) = correction.correction.action else { return nil }
    return LoggedEvent.Content(
      type: amendment.type ?? sent.type, subject: amendment.subject ?? sent.subject,
      occurred: amendment.time ?? sent.occurred, data: amendment.data?.text ?? sent.data)
  }
}
