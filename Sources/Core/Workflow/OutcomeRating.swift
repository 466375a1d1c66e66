package import Base
package import Contracts
package import Rating

/// From events to where every outcome of a contract stands at a moment, in order:
///
/// 1. scopes     each clause that bills outcomes, or did: all assets together, or each by itself
/// 2. requests   the events that such a clause reads
/// 3. accounts   what became of each outcome, and what it was billed
package struct OutcomeRating: Sendable {
  /// What one clause, or one asset of it, has to tell.
  package struct Account: Sendable {
    package let clause: String
    package let asset: AssetKey?
    package let account: OutcomeAccount
  }

  private let moment: Instant
  private let clauses: [(terms: ConfirmedOutcomeTerms, scope: ClauseScope)]

  /// `assets` have ever served the contract, in order; `assignments` say when.
  package init(
    _ contract: Contract, at moment: Instant, zone: ZoneRules, assets: [AssetKey],
    assignments: [AssetKey: [Period]] = [:], history: ContractHistory
  ) {
    self.moment = moment
    let billing = contract.billing
    let month = billing.period(holding: zone.date(at: moment))
    let windows = RatingWindows(month, billing, term: contract.term(in: zone), zone: zone)
    let service = Service(assets: assets, here: assignments, elsewhere: [:])
    let common = RunScope(fleet: assets, assignments: assignments, history: history)
    clauses = OutcomeRating.clauses(of: contract, history).flatMap { clause in
      guard let terms = clause.terms as? ConfirmedOutcomeTerms else {
        return [(ConfirmedOutcomeTerms, ClauseScope)]()
      }
      let apart = service.ratedApart(clause, history)
      return MonthRating.scopes(
        SegmentedClause(clause: clause), apart, contract.currency, windows, common
      ).map { (terms, $0) }
    }
  }

  /// Those in force, and those that earlier versions had: what they billed may still come back.
  private static func clauses(
    of contract: Contract, _ history: ContractHistory
  ) -> [Clause] {
    var clauses = contract.clauses
    for clause in history.versions.reversed().flatMap(\.contract.clauses)
    where !clauses.contains(where: { $0.key == clause.key }) {
      clauses.append(clause)
    }
    return clauses
  }

  package var requests: [EventRequest] {
    clauses.flatMap { $0.terms.requests($0.scope, through: moment) }
  }

  package func accounts(_ events: EventTable) throws(Fault) -> [Account] {
    var accounts: [Account] = []
    for (terms, scope) in clauses {
      let rated = try ConfirmedOutcome(terms, scope, events, through: moment)
      accounts.append(
        Account(clause: scope.clause, asset: scope.asset, account: rated.account))
    }
    return accounts
  }
}
