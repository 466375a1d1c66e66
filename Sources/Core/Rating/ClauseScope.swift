package import Base
package import Contracts
package import Metering

/// For whom, when and in which currency a clause is rated.
package struct ClauseScope: Sendable {
  package let clause: String
  /// The one asset that is rated by itself; nil where all are rated together.
  package let asset: AssetKey?
  /// Whose usage counts; nil for everything that serves the contract.
  package let assets: [AssetKey]?
  package let currency: Currency
  package let windows: RatingWindows
  /// Every version of the contract; nil where there is only the one that is rated.
  private let history: ContractHistory?

  package init(
    _ clause: String, asset: AssetKey? = nil, assets: [AssetKey]? = nil, in currency: Currency,
    _ windows: RatingWindows, history: ContractHistory? = nil
  ) {
    self.clause = clause
    self.asset = asset
    self.assets = asset.map { [$0] } ?? assets
    self.currency = currency
    self.windows = windows
    self.history = history
  }

  /// Names the lines: the clause, and the asset where each has lines of its own.
  package var key: String { asset.map { "\(clause)/\($0)" } ?? clause }

  /// What the clause said at a moment, by the version of the contract that was in force then; nil
  /// where that version had no such clause, and `terms` where there is no other version.
  package func terms(at instant: Instant, or terms: Clause.Terms) -> Clause.Terms? {
    guard let history else { return terms }
    return history.inForce(on: windows.zone.date(at: instant)).flatMap { self.terms(in: $0) }
  }

  /// What the clause has said up to the end of the month, oldest first, `terms` among it.
  package func allTerms(with terms: Clause.Terms) -> [Clause.Terms] {
    let last = windows.zone.date(at: windows.wholeMonth.last)
    let versions = history?.versions.filter { $0.contract.effective <= last } ?? []
    let earlier = versions.compactMap { self.terms(in: $0) }
    return earlier.contains(terms) ? earlier : earlier + [terms]
  }

  private func terms(in version: ContractHistory.Version) -> Clause.Terms? {
    version.contract.clauses.first { $0.key == clause }?.terms
  }

  /// A window of a meter, for those whose usage counts here.
  package func request(
    _ meter: MeterKey, _ period: Period, by breakdown: UsageBreakdown? = nil
  ) -> UsageRequest {
    request(meter, Windows(period), by: breakdown)
  }

  package func request(
    _ meter: MeterKey, _ windows: Windows, by breakdown: UsageBreakdown? = nil
  ) -> UsageRequest {
    UsageRequest(meter, windows, assets: assets, by: breakdown)
  }

  /// The events that a meter counts, one by one.
  package func events(_ meter: MeterKey, _ period: Period) -> EventRequest {
    EventRequest(meter: meter, period: period, assets: assets)
  }
}
