import Base
import GRDB
import Ingestion

/// What an event was at any time of the log: as it was sent, or what the correction that stood then
/// put in its place.
struct EventHistory {
  let sequence: Int64
  /// Who sent it, as the log knows it, and by its name.
  let source: (number: Int64, name: String)
  let id: String
  private let sent: LoggedEvent.Content
  private let corrections: [StoredCorrection]

  init(
    _ sequence: Int64, _ sent: LoggedEvent.Content, source: Int64, id: String, _ db: Database
  ) throws {
    self.sequence = sequence
    self.sent = sent
    self.id = id
    var texts = NameTexts()
    self.source = (source, try texts.text(source, db))
    guard sent.type != Correction.eventType else {
      corrections = []
      return
    }
    var names = NameTexts()
    corrections = try StoredCorrection.sequences(naming: source, id: id, db)
      .map { try StoredCorrection($0, &names, db) }
  }

  /// What stood when the log ended with `last`; nil where the event had not come, or had been taken
  /// back.
  func content(inLogThrough last: Int64) -> LoggedEvent.Content? {
    guard sequence <= last else { return nil }
    return content(of: corrections.filter { $0.sequence <= last }.latest)
  }

  /// All that it ever was.
  var contents: [LoggedEvent.Content] {
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
