package import Base

/// An event as it is shown: itself, and what has become of it.
package struct LoggedEvent: Hashable, Sendable {
  package enum Status: String, CaseIterable, Sendable {
    /// Some meter counted it for some customer.
    case counted
    /// Kept, and not counted; the reason says why not.
    case unmatched
    /// Another payload under a known source and id, kept aside.
    case conflicting
    /// A correction has put something else in its place, which counts.
    case amended
    /// A correction has taken it back.
    case retracted
    /// It corrects another event.
    case correction
  }

  /// What stands in the place of a corrected event.
  package struct Standing: Hashable, Sendable {
    /// The number of the correction.
    package let correction: Int64
    /// Nil where the event was taken back.
    package let content: Content?

    package init(correction: Int64, content: Content?) {
      self.correction = correction
      self.content = content
    }
  }

  package struct Content: Hashable, Sendable {
    package let type: String
    package let subject: String?
    package let occurred: Instant
    package let data: String?

    package init(type: String, subject: String?, occurred: Instant, data: String?) {
      self.type = type
      self.subject = subject
      self.occurred = occurred
      self.data = data
    }
  }

  package let sequence: Int64
  package let source: String
  package let id: String
  /// As it was sent.
  package let content: Content
  package let received: Instant
  package let attributes: String?
  /// Who posted it, as its token names them; nil where the log does not know.
  package let author: String?
  /// Nil where it was not corrected.
  package let standing: Standing?
  package let status: Status
  package let reason: Fault.Code?

  package init(
    sequence: Int64, source: String, id: String, content: Content, received: Instant,
    attributes: String?, author: String?, standing: Standing?, status: Status,
    reason: Fault.Code?
  ) {
    self.sequence = sequence
    self.source = source
    self.id = id
    self.content = content
    self.received = received
    self.attributes = attributes
    self.author = author
    self.standing = standing
    self.status = status
    self.reason = reason
  }
}

/// Which events are wanted; nil is no condition. Type, subject and time are those that were sent,
/// or those that stand.
package struct EventQuery: Sendable {
  package var status: LoggedEvent.Status?
  package var source: String?
  /// The one of that number; of payloads kept aside, those that came under its source and id.
  package var event: Int64?
  package var type: String?
  package var subject: String?
  /// When they happened.
  package var period: Period

  package init(
    status: LoggedEvent.Status? = nil, source: String? = nil, type: String? = nil,
    subject: String? = nil, period: Period = .always
  ) {
    self.status = status
    self.source = source
    self.type = type
    self.subject = subject
    self.period = period
  }
}

/// Some events of a list, and the position behind which the next ones are found; nil at the end.
package struct EventList: Sendable {
  package var events: [LoggedEvent] = []
  package var next: Int64?

  package init() {}
}
