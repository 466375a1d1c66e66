package import Base
package import Contracts
package import Rating
package import Settlement

/// From usage to an invoice for one contract and one month, in order:
///
/// 1. period     the month on the contract's calendar, as far as the contract is in force
/// 2. scopes     each clause for whom it prices: all assets, some, or each by itself
/// 3. requests   which windows of which meters the clauses want to know
/// 4. rate       stage by stage, each clause makes its lines from that and from those before it
/// 5. evidence   each line names the events it rests on
/// 6. invoice    the lines, their sum, and the rules that were used
package struct BillingRun: Sendable {
  private let contract: Contract
  private let month: BillingMonth
  private let windows: RatingWindows
  private let clauses: [(rule: any ClauseRule, scope: ClauseScope)]

  /// `assets` have served the contract during the month, in order; `history` has its versions, for
  /// clauses that judge what began under an older one.
  package init(
    _ contract: Contract, _ month: BillingMonth, zone: ZoneRules, assets: [AssetKey] = [],
    history: ContractHistory? = nil
  ) {
    self.contract = contract
    self.month = month
    let windows = RatingWindows(month, term: contract.term(in: zone), zone: zone)
    self.windows = windows
    clauses = contract.clauses.inOrderOfRating.flatMap { clause in
      BillingRun.scopes(clause, contract, windows, assets, history).map { (clause.terms.rule, $0) }
    }
  }

  static func scopes(
    _ clause: Clause, _ contract: Contract, _ windows: RatingWindows, _ assets: [AssetKey],
    _ history: ContractHistory?
  ) -> [ClauseScope] {
    let named = clause.assets.isEmpty ? nil : clause.assets
    guard clause.isPerAsset else {
      return [
        ClauseScope(clause.key, assets: named, in: contract.currency, windows, history: history)
      ]
    }
    return assets.filter { named?.contains($0) ?? true }.map {
      ClauseScope(clause.key, asset: $0, in: contract.currency, windows, history: history)
    }
  }

  /// Empty where the contract is not in force during the month.
  package var period: Period { windows.month }

  /// The earliest month that a clause rests on.
  package var reach: BillingMonth {
    clauses.map { $0.rule.reach($0.scope) }.min().map { min($0, month) } ?? month
  }

  package var requests: [UsageRequest] { clauses.flatMap { $0.rule.requests($0.scope) } }

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
    for (rule, scope) in clauses { inputs.add(try rule.rate(scope, inputs), scope) }
    return inputs.soFar
  }

  package func invoice(
    for customer: Customer, _ lines: [RatedLine], evidence: [Evidence.Basis: Evidence],
    rules: Invoice.Rules
  ) throws(Fault) -> Invoice {
    try Invoice(
      contract: contract, customer: customer, month: month, period: period, zone: windows.zone,
      rules: rules,
      lines: lines.map { line in
        InvoiceLine(line, evidence: line.bases.compactMap { evidence[$0] })
      })
  }
}
