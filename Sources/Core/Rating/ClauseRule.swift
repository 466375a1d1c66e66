package import Base
package import Contracts

/// How a kind of clause is rated: it says what it wants to know, and makes its lines from that
/// alone. The same inputs give the same lines, on any machine and any day.
package protocol ClauseRule: ClauseTerms {
  /// The earliest month whose lines and findings it rests on; the month itself where it rests on
  /// none before. Those months are rated anew, with what is known now.
  func reach(_ scope: ClauseScope) -> BillingMonth
  func requests(_ scope: ClauseScope) -> [UsageRequest]
  /// The events that it reads one by one, because no sum of them says enough.
  func eventRequests(_ scope: ClauseScope) -> [EventRequest]
  func rate(_ scope: ClauseScope, _ inputs: RatingInputs) throws(Fault) -> RatedClause
}

extension ClauseRule {
  package func reach(_ scope: ClauseScope) -> BillingMonth { scope.windows.billingMonth }
  package func requests(_ scope: ClauseScope) -> [UsageRequest] { [] }
  package func eventRequests(_ scope: ClauseScope) -> [EventRequest] { [] }
}

extension Clause.Terms {
  package var rule: any ClauseRule {
    switch self {
    case .severityHours(let terms): terms
    case .usageCharge(let terms): terms
    case .flatFee(let terms): terms
    case .confirmedOutcome(let terms): terms
    }
  }
}

/// What a clause came to: its lines, and what clauses behind it may want to know.
package struct RatedClause: Sendable {
  package let lines: [RatedLine]
  package let finding: Finding?

  package init(_ lines: [RatedLine], _ finding: Finding? = nil) {
    self.lines = lines
    self.finding = finding
  }
}
