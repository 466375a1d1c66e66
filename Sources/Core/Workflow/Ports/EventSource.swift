package import Base
import Contracts
package import Metering

/// An event with all that the log knows of it.
package struct EventRecordView: Sendable {
  package let event: LoggedEvent
  /// What the meters count of what holds now, in their order.
  package let readings: [Reading]
  /// The meters that should have counted it and could not, with the reason.
  package let failures: [MeterFailure]
  package let history: EventHistory
  /// How many conflicting payloads are quarantined under its source and id.
  package let conflicts: Int

  package init(
    event: LoggedEvent, readings: [Reading], failures: [MeterFailure], history: EventHistory,
    conflicts: Int
  ) {
    self.event = event
    self.readings = readings
    self.failures = failures
    self.history = history
    self.conflicts = conflicts
  }
}

/// Events of some subjects in some hours, of a part of the log.
package struct SubjectEventsQuery: Sendable {
  package let subjects: Set<String>
  package let hours: ClosedRange<Int64>
  /// Those up to this number alone.
  package let last: Int64
  /// Those after this number, and those that were corrected after it; nil for all.
  package let since: Int64?
  /// Those after this number alone.
  package let after: Int64
  package let limit: Int

  package init(
    subjects: Set<String>, hours: ClosedRange<Int64>, last: Int64, since: Int64?, after: Int64,
    limit: Int
  ) {
    self.subjects = subjects
    self.hours = hours
    self.last = last
    self.since = since
    self.after = after
    self.limit = limit
  }
}

/// Where the pages of the log start, and what may be late on them.
package struct LogTail: Sendable {
  /// The first event of each page, in order.
  package var firsts: [Int64]
  /// The earliest time on each of them or on any after it, in microseconds.
  package var earliest: [Int64]
  /// The last correction that holds, or the last event that one holds for.
  package var lastAmended: Int64

  package init(firsts: [Int64], earliest: [Int64], lastAmended: Int64) {
    self.firsts = firsts
    self.earliest = earliest
    self.lastAmended = lastAmended
  }
}

/// Events as they were sent and as they hold, for whoever looks at them one by one.
package protocol EventSource {
  /// At most `limit` events after a number, in the order of the log.
  func events(
    _ filter: EventQuery, after: Int64, limit: Int
  ) throws(Fault) -> EventList
  /// Nil if the log has no event of that number.
  func event(_ number: Int64) throws(Fault) -> EventRecordView?
  /// Of the events of a query those that `isWanted`, with what it says of them, in order; and the
  /// number after which the next ones are found.
  func events<Note>(
    _ query: SubjectEventsQuery, where isWanted: (EventHistory) throws -> Note?
  ) throws(Fault) -> (events: [(event: LoggedEvent, note: Note)], next: Int64?)
  /// The samples that what a meter shows of a subject in some times rests on. The times rise.
  func samples(
    of meter: MeterDefinition, subject: String, group: String?, in times: [Period]
  ) throws(Fault) -> Set<Sample>
  /// The corrections that hold, by the events that they correct.
  func corrections() throws(Fault) -> [Int64: Int64]
  func tail() throws(Fault) -> LogTail
  /// Whether an event about one of some subjects came after a number and happened before a moment.
  func isLate(
    _ subjects: [String], after last: Int64, before end: Instant
  ) throws(Fault) -> Bool
  /// How many events the log holds: their numbers have no gaps.
  func eventCount() throws(Fault) -> Int64
}
