package import Base
import Contracts

/// What a month of a contract came to: its lines in order, and what clauses found.
package struct RatedMonth: Sendable {
  package let month: BillingMonth
  /// The part of it in which the contract was in force.
  package let period: Period
  package let currency: Currency
  package private(set) var lines: [RatedLine] = []
  private var findings: [String: Finding] = [:]

  package init(_ month: BillingMonth, _ period: Period, in currency: Currency) {
    self.month = month
    self.period = period
    self.currency = currency
  }

  mutating func add(_ clause: RatedClause, _ scope: ClauseScope) {
    lines += clause.lines
    if let finding = clause.finding { findings[scope.key] = finding }
  }

  /// What a clause found: for that asset where it rates each by itself, else for all.
  package func finding(of clause: String, for asset: AssetKey? = nil) -> Finding? {
    asset.flatMap { findings["\(clause)/\($0)"] } ?? findings[clause]
  }

  /// The usage lines before any credit, which percentages are of: those of the named clauses, or of
  /// all; of one asset where one is given and the line is for an asset. Source: domain, section 3,
  /// base.
  package func base(
    of clauses: [String] = [], for asset: AssetKey? = nil
  ) throws(Fault) -> Money {
    try sum { line in
      line.stage == .usage && (clauses.isEmpty || clauses.contains(line.clause))
        && (asset == nil || line.asset == nil || line.asset == asset)
    }
  }

  package func sum(where isCounted: (RatedLine) -> Bool) throws(Fault) -> Money {
    var sum = Money.zero(currency)
    for line in lines where isCounted(line) { sum = try sum + line.amount }
    return sum
  }
}

/// What a clause found beside its lines, such as an availability, for clauses that name it.
package struct Finding: Hashable, Sendable {
  /// Nil where too little is known to say it.
  package let value: Ratio?
  /// `%` or a unit of time, for people.
  package let unit: String
  /// The share of the time that is known.
  package let coverage: Ratio

  package init(_ value: Ratio?, unit: String, coverage: Ratio = .one) {
    self.value = value
    self.unit = unit
    self.coverage = coverage
  }
}
