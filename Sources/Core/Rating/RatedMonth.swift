package import Base
import Contracts

/// What a month of a contract came to: its lines in order, and what clauses found.
package struct RatedMonth: Sendable {
  package let month: BillingMonth
  /// The part of it in which the contract was in force.
  package let period: Period
  package let currency: Currency
  package private(set) var lines: [RatedLine] = []
  /// What waits until more is known.
  package private(set) var unbilled: [Unbilled] = []
  private var findings: [Subject: Finding] = [:]
  /// The clause that has taken money off for a finding.
  private var penalties: [Subject: String] = [:]

  /// A clause, and the asset that it was rated for by itself.
  private struct Subject: Hashable {
    let clause: String
    let asset: AssetKey?
  }

  package init(_ month: BillingMonth, _ period: Period, in currency: Currency) {
    self.month = month
    self.period = period
    self.currency = currency
  }

  mutating func add(_ clause: RatedClause, _ scope: ClauseScope) {
    lines += clause.lines
    if let unbilled = clause.unbilled { self.unbilled.append(unbilled) }
    if let finding = clause.finding {
      findings[Subject(clause: scope.clause, asset: scope.asset)] = finding
    }
    for name in clause.penalised {
      penalties[Subject(clause: name, asset: scope.asset)] = scope.clause
    }
  }

  /// What a clause found: for that asset where it rates each by itself, else for all.
  package func finding(of clause: String, for asset: AssetKey? = nil) -> Finding? {
    asset.flatMap { findings[Subject(clause: clause, asset: $0)] }
      ?? findings[Subject(clause: clause, asset: nil)]
  }

  /// The same; where the clause rated each asset by itself and all are asked for, the mean of what
  /// it found, by their weights.
  func mean(of clause: String, for asset: AssetKey?) throws(Fault) -> Finding? {
    if let finding = finding(of: clause, for: asset) { return finding }
    guard asset == nil else { return nil }
    return try Finding(meanOf: findings.filter { $0.key.clause == clause }.map(\.value))
  }

  /// The clause that has already taken money off for what that clause found; nil where none has.
  func penalty(on clause: String, for asset: AssetKey?) -> String? {
    if let asset, let name = penalties[Subject(clause: clause, asset: asset)] { return name }
    if let name = penalties[Subject(clause: clause, asset: nil)] { return name }
    guard asset == nil else { return nil }
    return penalties.filter { $0.key.clause == clause }.map(\.value).min()
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
