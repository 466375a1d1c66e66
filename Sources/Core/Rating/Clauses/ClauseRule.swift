package import Base
package import Contracts

/// How a kind of clause is rated: it says what it wants to know, and makes its lines from that
/// alone. The same inputs give the same lines, on any machine and any day.
package protocol ClauseRule: ClauseTerms {
  /// The days within a period at which its rates step.
  func steps(after start: CivilDate, until end: CivilDate) -> [CivilDate]
  /// The days within a period up to which it wants to know what came to what before it: lines that
  /// it asks `RatingInputs.through` for. Rules behind it are asked as well.
  func cuts(_ scope: ClauseScope) -> [CivilDate]
  /// The earliest month whose lines and findings it rests on; the month itself where it rests on
  /// none before. The periods from the one that holds it on are rated anew, with what is known now.
  func reach(_ scope: ClauseScope) -> BillingMonth
  /// All usage that it may want to know.
  func requests(_ scope: ClauseScope) -> [UsageRequest]
  /// Those of its requests that it wants only where the others leave something open.
  func fallbacks(_ scope: ClauseScope) -> [UsageRequest]
  /// Whether the others do.
  func needsFallbacks(_ scope: ClauseScope, knowing usage: UsageTable) -> Bool
  /// The events that it reads one by one, because no sum of them says enough.
  func eventRequests(_ scope: ClauseScope) -> [EventRequest]
  func rate(_ scope: ClauseScope, _ inputs: RatingInputs) throws(Fault) -> RatedClause
  /// Whether it leaves out by itself the days of which its meters know nothing: then it is neither
  /// held nor estimated for a period without data.
  var leavesOutDays: Bool { get }
  /// What it asks of its meters.
  var meterNeeds: [MeterNeed] { get }
  /// Whether use fills the same free units, tiers and bands under it as under other terms of its
  /// kind.
  func counts(as other: any ClauseTerms) -> Bool
}

extension ClauseRule {
  package func steps(after start: CivilDate, until end: CivilDate) -> [CivilDate] { [] }
  package func cuts(_ scope: ClauseScope) -> [CivilDate] { [] }
  package func reach(_ scope: ClauseScope) -> BillingMonth { scope.windows.billingMonth }
  package func requests(_ scope: ClauseScope) -> [UsageRequest] { [] }
  package func fallbacks(_ scope: ClauseScope) -> [UsageRequest] { [] }
  package func needsFallbacks(_ scope: ClauseScope, knowing usage: UsageTable) -> Bool { false }
  package func eventRequests(_ scope: ClauseScope) -> [EventRequest] { [] }
  package var leavesOutDays: Bool { false }
  package var meterNeeds: [MeterNeed] { [] }
  package func counts(as other: any ClauseTerms) -> Bool { true }
}

extension ClauseTerms {
  /// Every kind has one.
  package var rule: any ClauseRule {
    guard let rule = self as? any ClauseRule else {
      preconditionFailure("nobody says how `\(kind)` is rated")
    }
    return rule
  }
}
