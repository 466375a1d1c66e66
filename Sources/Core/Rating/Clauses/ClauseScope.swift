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
  package private(set) var windows: RatingWindows
  /// The day within the period from which this part of it is rated.
  private var part: CivilDate?
  /// What the clause says within the period, in the order of time; empty where that does not
  /// change.
  package private(set) var segments: [ClauseSegment]
  private let run: RunScope

  /// One of the clauses of a run.
  package init(
    _ clause: String, asset: AssetKey? = nil, assets: [AssetKey]? = nil, in currency: Currency,
    _ windows: RatingWindows, from part: CivilDate? = nil, segments: [ClauseSegment] = [],
    of run: RunScope
  ) {
    self.clause = clause
    self.part = part
    self.asset = asset
    self.assets = asset.map { [$0] } ?? assets
    self.currency = currency
    self.windows = windows
    self.segments = segments
    self.run = run
  }

  /// One by itself.
  package init(
    _ clause: String, fleet: [AssetKey] = [], assignments: [AssetKey: [Period]] = [:],
    in currency: Currency, _ windows: RatingWindows, history: ContractHistory? = nil
  ) {
    self.init(
      clause, in: currency, windows,
      of: RunScope(fleet: fleet, assignments: assignments, history: history))
  }

  /// All that served the contract during the period.
  package var fleet: [AssetKey] { run.fleet }
  /// When each asset serves the contract, over all its time.
  package var assignments: [AssetKey: [Period]] { run.assignments }
  /// When each asset serves another one.
  package var elsewhere: [AssetKey: [Period]] { run.elsewhere }
  private var history: ContractHistory? { run.history }
  private var clocks: Clocks { run.clocks }

  /// Names the lines: the clause, the day from which a later part of the period is rated, and the
  /// asset where each has lines of its own.
  package var key: String {
    clause + (part.map { "@\($0)" } ?? "") + (asset.map { "/\($0)" } ?? "")
  }

  /// The same clause for some of the days alone; nil for the bounds of the period.
  func part(from start: CivilDate?, until end: CivilDate?) -> ClauseScope {
    var scope = self
    scope.part = start ?? part
    scope.windows = windows.part(from: start, until: end)
    scope.segments = []
    return scope
  }

  /// What the clause said at a moment, by the version of the contract that was in force then; nil
  /// where that version had no such clause, and `terms` where there is no other version.
  package func terms<Terms: ClauseTerms>(at instant: Instant, or terms: Terms) -> Terms? {
    guard let history else { return terms }
    let version = history.inForce(on: windows.zone.date(at: instant))
    return version.flatMap { self.terms(in: $0) } as? Terms
  }

  /// What the clause has said up to the end of the period, oldest first, `terms` among it.
  package func allTerms<Terms: ClauseTerms>(with terms: Terms) -> [Terms] {
    let last = windows.zone.date(at: windows.wholePeriod.last)
    let versions = history?.versions.filter { $0.contract.effective <= last } ?? []
    let earlier = versions.compactMap { self.terms(in: $0) as? Terms }
    return earlier.contains(terms) ? earlier : earlier + [terms]
  }

  /// The clocks of the zone of that name; without one, those of the contract. A run is given the
  /// zones and calendars that its clauses name.
  func zone(_ name: String?) -> ZoneRules {
    guard let name else { return windows.zone }
    guard let rules = clocks.zones[name] else {
      preconditionFailure("a run knows the zone `\(name)` of its clauses")
    }
    return rules
  }

  /// The days of a calendar; none without one.
  func holidays(_ key: CalendarKey?) -> [CivilDate] {
    guard let key else { return [] }
    guard let calendar = clocks.calendars[key] else {
      preconditionFailure("a run knows the calendar `\(key)` of its clauses")
    }
    return calendar.holidays
  }

  /// What the clause says for whom it is rated here, from day to day over all of the contract; nil
  /// while no version has it for them.
  func timeline<Terms: ClauseTerms>(_ terms: Terms) -> [(from: CivilDate, terms: Terms?)] {
    guard let history else { return [(windows.zone.date(at: windows.term.start), terms)] }
    return Set(history.versions.map(\.contract.effective)).sorted().map { day in
      guard let said = history.inForce(on: day)?.contract.clauses.first(where: isThis) else {
        return (day, nil)
      }
      return (day, said.terms as? Terms)
    }
  }

  /// Whether a clause of a version is this one, for whom it is rated here.
  private func isThis(_ other: Clause) -> Bool {
    other.key == clause && other.isPerAsset == (asset != nil)
      && (other.assets.isEmpty || asset.map(other.assets.contains) ?? true)
  }

  private func terms(in version: ContractHistory.Version) -> (any ClauseTerms)? {
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
  package func events(
    _ meter: MeterKey, _ period: Period, toTheEnd isToTheEnd: Bool = false
  ) -> EventRequest {
    EventRequest(meter: meter, period: period, assets: assets, toTheEnd: isToTheEnd)
  }

  /// Whether an event about a subject counts at that time: while the contract runs and, of an
  /// asset, while it serves it.
  func counts(_ subject: String, at instant: Instant) -> Bool {
    guard windows.term.contains(instant) else { return false }
    guard let served = (try? AssetKey(subject)).flatMap({ assignments[$0] }) else { return true }
    return served.contains { $0.contains(instant) }
  }

  /// Whether a billing period holds that time whose terms have the clause.
  func isRated(at instant: Instant) -> Bool {
    guard windows.term.contains(instant) else { return false }
    guard let history else { return true }
    let day = windows.zone.date(at: instant)
    let start = max(
      windows.billing.firstDay(of: windows.billing.period(holding: day)), history.newest.from)
    return history.inForce(on: start).flatMap { terms(in: $0) } != nil
  }

  /// The time in which something may be said that belongs to the period: beyond its end where no
  /// later one hears of it.
  var hearing: Period {
    let period = windows.period
    guard windows.cut == nil else { return period }
    let end =
      history.map { history in
        history.lastWord(on: clause, of: windows.billingMonth)
          .map(windows.zone.startOfDay) ?? .latest
      } ?? (windows.isLast ? .latest : period.end)
    return Period(start: period.start, end: end)
  }
}
