package import Base

/// What the terms of every kind of clause say of themselves. Their reader and their writer are each
/// other's inverse.
package protocol ClauseTerms: Hashable, Sendable {
  /// The name of the kind in a contract.
  static var kind: String { get }
  /// Where its lines stand in a run.
  var stage: RatingStage { get }
  /// The meters that it reads.
  var meters: [MeterKey] { get }
  /// Those of them that may show running time.
  var timeMeters: [MeterKey] { get }
  /// The index series that its rates follow.
  var indexSeries: [IndexSeriesKey] { get }
  /// The calendars whose holidays it keeps.
  var calendars: [CalendarKey] { get }
  /// IANA names of the zones whose clocks it goes by, beside that of the contract.
  var zones: [String] { get }
  /// The clauses of the same contract whose lines or findings it rests on; they are rated before.
  var clauses: [String] { get }
  /// What it judges together.
  var spans: [ClauseSpan] { get }
  /// Which time of an asset it charges, where each asset is charged by itself and it says so.
  var assetTime: AssetTime? { get }
  /// The terms as members of the clause's document.
  var members: [JSON.Member] { get }

  /// Reads the members of a clause that are its own; nil where the reader found faults.
  init?(_ fields: inout FieldReader)

  /// What is agreed in a few words: `at least 20.00 EUR`.
  func summary(in currency: Currency) -> String
}

extension ClauseTerms {
  package var stage: RatingStage { .usage }
  package var meters: [MeterKey] { [] }
  package var timeMeters: [MeterKey] { [] }
  package var indexSeries: [IndexSeriesKey] { [] }
  package var calendars: [CalendarKey] { [] }
  package var zones: [String] { [] }
  package var clauses: [String] { [] }
  package var spans: [ClauseSpan] { [] }
  package var assetTime: AssetTime? { nil }

  package var kind: String { Self.kind }

  /// Whether others are of the same kind and say the same.
  package func isEqual(to other: any ClauseTerms) -> Bool { other as? Self == self }
}

/// Months that a clause judges together.
package struct ClauseSpan: Hashable, Sendable {
  /// Where it stands in the clause.
  let pointer: String
  let length: BillingCycle.Length
}
