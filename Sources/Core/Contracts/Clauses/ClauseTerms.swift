package import Base

/// What the terms of every kind of clause say of themselves.
package protocol ClauseTerms: Hashable, Sendable {
  /// Where its lines stand in a run.
  var stage: Stage { get }
  /// The meters that it reads.
  var meters: [MeterKey] { get }
  /// The index series that its rates follow.
  var indexSeries: [IndexSeriesKey] { get }
  /// The calendars whose holidays it keeps.
  var calendars: [CalendarKey] { get }
  /// IANA names of the zones whose clocks it goes by, beside that of the contract.
  var zones: [String] { get }
  /// The clauses of the same contract whose lines or findings it rests on; they are rated before.
  var clauses: [String] { get }
  /// The terms as members of the clause's document.
  var members: [JSON.Member] { get }

  /// Reads the members of a clause that are its own; nil where the reader found faults.
  init?(_ fields: inout FieldReader)
}

extension ClauseTerms {
  package var stage: Stage { .usage }
  package var meters: [MeterKey] { [] }
  package var indexSeries: [IndexSeriesKey] { [] }
  package var calendars: [CalendarKey] { [] }
  package var zones: [String] { [] }
  package var clauses: [String] { [] }
}
