package import Base
import Contracts

/// What a month of a contract came to: its lines in order, and what clauses found.
package struct RatedMonth: Sendable {
  package let month: BillingMonth
  /// The part of it in which the contract was in force.
  package let period: Period
  package let currency: Currency
  package private(set) var lines: [RatedLine] = []
  /// The lines before credit notes took anything back of them.
  private var beforeNotes: [RatedLine]?
  var computed: [RatedLine] { beforeNotes ?? lines }
  /// What waits until more is known.
  package private(set) var unbilled: [UnbilledClause] = []
  /// Meters of usage clauses that saw nothing.
  package private(set) var silent: [SilentMeter] = []
  private var findings: [Subject: MeasuredResult] = [:]
  /// The clause that has taken money off for a finding.
  private var penalties: [Subject: String] = [:]
  /// What is left of each line that is owed by itself, by its key.
  private var leftover: [String: Money] = [:]
  /// What credit notes gave back to grants, or took of what was bought.
  private var returned: [Subject: [GrantMovement]] = [:]

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

  mutating func add(_ clause: RatedClause, _ scope: ClauseScope) throws(Fault) {
    lines += clause.lines
    for line in clause.lines { try count(line) }
    if let unbilled = clause.unbilled { self.unbilled.append(unbilled) }
    silent += clause.silent
    if let finding = clause.finding {
      findings[Subject(clause: scope.clause, asset: scope.asset)] = finding
    }
    for name in clause.penalised {
      penalties[Subject(clause: name, asset: scope.asset)] = scope.clause
    }
  }

  private mutating func count(_ line: RatedLine) throws(Fault) {
    guard !line.standsAlone else {
      leftover[line.key] = try left(of: line.key) + line.amount
      return
    }
    for share in line.shares where share.month == nil {
      leftover[share.line] = try left(of: share.line) + share.amount
    }
  }

  /// What is left of a line once others have taken off theirs, or added it.
  package func left(of line: String) -> Money { leftover[line] ?? .zero(currency) }

  /// The same month with other lines, and what is given back of grants with each.
  func replacingLines(
    _ replace: (RatedLine) throws(Fault) -> (line: RatedLine, returned: [GrantMovement])
  ) throws(Fault) -> RatedMonth {
    var month = self
    (month.lines, month.leftover, month.beforeNotes) = ([], [:], computed)
    for line in lines {
      let (owed, returned) = try replace(line)
      month.lines.append(owed)
      try month.count(owed)
      let subject = Subject(clause: line.clause, asset: line.asset)
      month.returned[subject] = try (month.returned[subject] ?? []).adding(returned)
    }
    return month
  }

  /// What credit notes changed of the grants of a clause.
  func returned(_ clause: String, _ asset: AssetKey?) -> [GrantMovement] {
    returned[Subject(clause: clause, asset: asset)] ?? []
  }

  /// What a clause found: for that asset where it rates each by itself, else for all.
  package func finding(of clause: String, for asset: AssetKey? = nil) -> MeasuredResult? {
    asset.flatMap { findings[Subject(clause: clause, asset: $0)] }
      ?? findings[Subject(clause: clause, asset: nil)]
  }

  /// The same; where the clause rated each asset by itself and all are asked for, the mean of what
  /// it found, by their weights.
  func mean(of clause: String, for asset: AssetKey?) throws(Fault) -> MeasuredResult? {
    if let finding = finding(of: clause, for: asset) { return finding }
    guard asset == nil else { return nil }
    return try MeasuredResult(meanOf: findings.filter { $0.key.clause == clause }.map(\.value))
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
    try baseLines(of: clauses, for: asset).gross
  }

  /// The same, line by line, with what is left of each: a credit is computed from the base, but it
  /// takes off no more than that.
  func baseLines(
    of clauses: [String] = [], for asset: AssetKey? = nil
  ) throws(Fault) -> BaseLines {
    try baseLines { line in
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
