package import Base
package import Contracts
package import Rating
package import Settlement

/// From usage to an invoice for one contract and one month, in order:
///
/// 1. period     the month on the contract's calendar, as far as the contract is in force
/// 2. pieces     the clauses of the versions in force, each for the days it holds
/// 3. scopes     each of them for whom it prices: all assets, some, or each by itself
/// 4. requests   which windows of which meters the clauses want to know
/// 5. rate       stage by stage, each clause makes its lines from that and from those before it,
///               or is held or estimated where its meters saw nothing; before prepaid credit pays
///               it, the whole is held between its minimum and its maximum
/// 6. evidence   each line names the events it rests on
/// 7. invoice    the lines and what else the month settles, taxes, sums, the rules that were used
package struct BillingRun: Sendable {
  private let stretches: [ContractHistory.Stretch]
  package let month: BillingMonth
  private let windows: RatingWindows
  private var clauses: [(rule: any ClauseRule, scope: ClauseScope, usage: MissingUsage)]

  /// `stretches` are the versions in force in the month, at least one; `assets` have served the
  /// contract during it, in order; `assignments` say when each asset does, over all its time;
  /// `history` has all versions, for clauses that judge what began under an older one.
  package init(
    _ stretches: [ContractHistory.Stretch], _ month: BillingMonth, zone: ZoneRules,
    assets: [AssetKey] = [], assignments: [AssetKey: [Period]] = [:],
    history: ContractHistory? = nil
  ) {
    let contract = stretches[stretches.count - 1].contract
    let windows = RatingWindows(
      month, contract.billing, term: contract.term(in: zone), zone: zone)
    self.stretches = stretches
    self.month = month
    self.windows = windows
    clauses = ClausePiece.pieces(of: stretches, in: windows).flatMap { piece in
      BillingRun.scopes(piece, contract.currency, windows, assets, history).map { scope in
        var scope = scope
        scope.assignments = assignments
        let rule = piece.clause.terms.rule
        return (rule, scope, MissingUsage(piece.clause.missing, rule, scope))
      }
    }
  }

  /// A contract that has only ever had one version.
  package init(
    _ contract: Contract, _ month: BillingMonth, zone: ZoneRules, assets: [AssetKey] = [],
    assignments: [AssetKey: [Period]] = [:]
  ) {
    let version = ContractHistory(contract).versions[0]
    self.init(
      [ContractHistory.Stretch(version: version, from: contract.from)], month, zone: zone,
      assets: assets, assignments: assignments)
  }

  static func scopes(
    _ piece: ClausePiece, _ currency: Currency, _ windows: RatingWindows, _ assets: [AssetKey],
    _ history: ContractHistory?
  ) -> [ClauseScope] {
    let clause = piece.clause
    let windows =
      piece.from == nil && piece.until == nil
      ? windows : windows.part(from: piece.from, until: piece.until)
    let named = clause.assets.isEmpty ? nil : clause.assets
    guard clause.isPerAsset else {
      return [
        ClauseScope(
          clause.key, assets: named, fleet: assets, in: currency, windows, from: piece.from,
          history: history)
      ]
    }
    return assets.filter { named?.contains($0) ?? true }.map {
      ClauseScope(
        clause.key, asset: $0, fleet: assets, in: currency, windows, from: piece.from,
        history: history)
    }
  }

  /// The version in force at the end of the month: it says when the contract ends.
  private var contract: Contract { stretches[stretches.count - 1].contract }

  /// The billing period before.
  package var previous: BillingMonth { contract.billing.previous(before: month) }

  /// Empty where the contract is not in force during the month.
  package var period: Period { windows.month }

  /// The earliest month that a clause rests on.
  package var reach: BillingMonth {
    clauses.map { $0.rule.reach($0.scope) }.min().map { min($0, month) } ?? month
  }

  /// All usage that the clauses may want to know.
  package var requests: [UsageRequest] { clauses.flatMap(\.usage.requests) }

  /// What they want to know first; with that known, what is left open.
  package var firstRequests: [UsageRequest] { clauses.flatMap(\.usage.first) }
  package func fallbacks(knowing usage: UsageTable) -> [UsageRequest] {
    clauses.flatMap { $0.usage.fallbacks(knowing: usage) }
  }

  package var eventRequests: [EventRequest] {
    clauses.flatMap { $0.rule.eventRequests($0.scope) }
  }

  /// `series` has every index series that the contract names, `before` the months from `reach` on.
  package func rate(
    _ usage: UsageTable, _ events: EventTable = EventTable(), series: IndexBook = [:],
    before: [RatedMonth] = []
  ) throws(Fault) -> RatedMonth {
    var inputs = RatingInputs(
      RatedMonth(month, period, in: contract.currency), usage: usage, events: events,
      series: series, before: before)
    for (rule, scope, usage) in clauses where rule.stage < .prepaid {
      inputs.add(try usage.rate(inputs), scope)
    }
    let bounds = DocumentBounds(
      stretches[0].contract.invoicing, windows, in: contract.currency)
    inputs.add(try bounds.rated(inputs.soFar.sum { _ in true }), bounds.scope)
    for (rule, scope, usage) in clauses where rule.stage >= .prepaid {
      inputs.add(try usage.rate(inputs), scope)
    }
    return inputs.soFar
  }

  /// Whether no invoice comes behind it by itself.
  private var isLast: Bool { contract.isOver(before: contract.billing.next(after: month)) }

  /// What an invoice needs to know of it once it has been rated; a fleet's are held together.
  package var rated: BillingRun {
    var run = self
    run.clauses = []
    return run
  }

  /// The lines, each with the events it rests on.
  package static func lines(
    _ lines: [RatedLine], evidence: [Evidence.Basis: Evidence]
  ) -> [InvoiceLine] {
    lines.map { line in
      InvoiceLine(line, evidence: line.bases.compactMap { evidence[$0] })
    }
  }

  /// `others` are settled beside what clauses made; `taxes` has those that the contract names.
  package func invoice(
    for customer: Customer, _ lines: [RatedLine], evidence: [Evidence.Basis: Evidence],
    beside others: [InvoiceLine] = [], rules: Invoice.Rules, unbilled: [Unbilled] = [],
    taxes: [TaxKey: Tax] = [:]
  ) throws(Fault) -> Invoice {
    try Invoice(
      contract: contract, changes: stretches.dropFirst(), customer: customer, month: month,
      period: period, zone: windows.zone, rules: rules,
      lines: BillingRun.lines(lines, evidence: evidence) + others, unbilled: unbilled,
      taxes: taxes, carries: contract.invoicing.carryNegative && !isLast)
  }
}
