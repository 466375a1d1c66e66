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
  /// All that served the contract during the period.
  package let fleet: [AssetKey]
  package let currency: Currency
  package let windows: RatingWindows
  /// The day within the period from which this part of it is rated.
  private let part: CivilDate?
  /// When each asset serves the contract, over all its time.
  package var assignments: [AssetKey: [Period]] = [:]
  /// Every version of the contract; nil where there is only the one that is rated.
  private let history: ContractHistory?

  package init(
    _ clause: String, asset: AssetKey? = nil, assets: [AssetKey]? = nil, fleet: [AssetKey] = [],
    in currency: Currency, _ windows: RatingWindows, from part: CivilDate? = nil,
    history: ContractHistory? = nil
  ) {
    self.clause = clause
    self.part = part
    self.asset = asset
    self.assets = asset.map { [$0] } ?? assets
    self.fleet = fleet
    self.currency = currency
    self.windows = windows
    self.history = history
  }

  /// Names the lines: the clause, the day from which a later part of the period is rated, and the
  /// asset where each has lines of its own.
  package var key: String {
    clause + (part.map { "@\($0)" } ?? "") + (asset.map { "/\($0)" } ?? "")
  }

  /// What the clause said at a moment, by the version of the contract that was in force then; nil
  /// where that version had no such clause, and `terms` where there is no other version.
  package func terms(at instant: Instant, or terms: Clause.Terms) -> Clause.Terms? {
    guard let history else { return terms }
    return history.inForce(on: windows.zone.date(at: instant)).flatMap { self.terms(in: $0) }
  }

  /// What the clause has said up to the end of the period, oldest first, `terms` among it.
  package func allTerms(with terms: Clause.Terms) -> [Clause.Terms] {
    let last = windows.zone.date(at: windows.wholePeriod.last)
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

  /// What each asset was in, moment by moment. The customer itself is in a state only where the
  /// contract has no assets.
  func timelines(_ meter: MeterKey, _ period: Period) -> UsageRequest {
    UsageRequest(
      meter, Windows(period), assets: assets ?? (fleet.isEmpty ? nil : fleet), by: .asset,
      keepingTimelines: true)
  }

  /// Whether the last of those months of the contract is over with what is rated, or the contract
  /// is.
  func endsWith(_ months: ClosedRange<BillingMonth>) -> Bool {
    let next = windows.billing.firstDay(of: months.upperBound.next)
    return windows.isLast || windows.passedUntil >= windows.zone.startOfDay(next)
  }

  /// The events that a meter counts, one by one.
  package func events(_ meter: MeterKey, _ period: Period) -> EventRequest {
    EventRequest(meter: meter, period: period, assets: assets)
  }
}
