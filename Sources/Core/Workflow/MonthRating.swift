package import Base
package import Contracts
package import Rating
package import Settlement

/// From usage to an invoice for one contract and one period, in order:
///
/// 1. period     on the contract's calendar, as far as the contract is in force
/// 2. pieces     the clauses of the versions in force, each for the days it holds
/// 3. scopes     each of them for whom it prices: all assets, some, or each by itself
/// 4. requests   which windows of which meters the clauses want to know
/// 5. rate       stage by stage, each clause makes its lines from that and from those before it,
///               or is held or estimated where its meters saw nothing; before prepaid credit pays
///               it, the whole is held between its minimum and its maximum
/// 6. evidence   each line names the events it rests on
/// 7. invoice    the lines and what else the period settles, taxes, sums, the rules that were used
///
/// It may be asked what the period comes to as if only the time before a day had passed. Clauses
/// ask that too, for days inside the period (`ClauseRule.cuts`): such runs go beside it, clause by
/// clause.
package struct MonthRating: Sendable {
  private let stretches: [ContractHistory.Stretch]
  package let month: BillingMonth
  private let windows: RatingWindows
  private var clauses: [(rule: any ClauseRule, scope: ClauseScope, usage: MissingUsage)]
  /// The same period up to each of the days for which a clause asks, in order.
  private var parts: [MonthRating] = []

  /// `stretches` are the versions in force in the period, at least one; `assets` have served the
  /// contract during it, in order; `assignments` say when each asset does, over all its time;
  /// `history` has all versions, for clauses that judge what began under an older one; `clocks` has
  /// the zones and calendars that clauses name. With `cut`, a day within the period, it is rated as
  /// if only the time before that day had passed; with `accrued`, a recurring fee counts as far as
  /// it is for the time before that day.
  package init(
    _ stretches: [ContractHistory.Stretch], _ month: BillingMonth, zone: ZoneRules,
    assets: [AssetKey] = [], assignments: [AssetKey: [Period]] = [:],
    elsewhere: [AssetKey: [Period]] = [:], history: ContractHistory? = nil,
    clocks: Clocks = .none, through cut: CivilDate? = nil, accrued: CivilDate? = nil
  ) {
    let service = Service(assets: assets, here: assignments, elsewhere: elsewhere)
    self.init(stretches, month, zone, service, history, clocks, through: cut, accrued: accrued)
    let windows = windows
    let cuts = clauses.flatMap { $0.rule.cuts($0.scope) }.filter {
      windows.billing.firstDay(of: month) < $0 && $0 < cut ?? windows.nextDay
    }
    parts = Set(cuts).sorted().map { day in
      MonthRating(
        stretches, month, zone, service, history, clocks, through: day,
        accrued: accrued.map { min($0, day) })
    }
  }

  private init(
    _ stretches: [ContractHistory.Stretch], _ month: BillingMonth, _ zone: ZoneRules,
    _ service: Service, _ history: ContractHistory?, _ clocks: Clocks, through cut: CivilDate?,
    accrued: CivilDate?
  ) {
    let contract = stretches[stretches.count - 1].contract
    let windows = RatingWindows(
      month, contract.billing, term: contract.term(in: zone), zone: zone, through: cut,
      accrued: accrued)
    self.stretches = stretches
    self.month = month
    self.windows = windows
    let common = RunScope(
      fleet: service.assets, assignments: service.here, elsewhere: service.elsewhere,
      history: history, clocks: clocks)
    clauses = SegmentedClause.pieces(of: stretches, in: windows, history).flatMap { piece in
      let (assets, rule) = (service.ratedApart(piece.clause, history), piece.clause.terms.rule)
      return MonthRating.scopes(piece, assets, contract.currency, windows, common).map { scope in
        (rule, scope, MissingUsage(piece.clause.missing, rule, scope))
      }
    }
  }

  /// A contract that has only ever had one version.
  package init(
    _ contract: Contract, _ month: BillingMonth, zone: ZoneRules, assets: [AssetKey] = [],
    assignments: [AssetKey: [Period]] = [:], through cut: CivilDate? = nil
  ) {
    let version = ContractHistory(contract).versions[0]
    self.init(
      [ContractHistory.Stretch(version: version, from: contract.from)], month, zone: zone,
      assets: assets, assignments: assignments, through: cut)
  }

  static func scopes(
    _ piece: SegmentedClause, _ assets: [AssetKey?], _ currency: Currency, _ windows: RatingWindows,
    _ common: RunScope
  ) -> [ClauseScope] {
    let clause = piece.clause
    let windows =
      piece.from == nil && piece.until == nil
      ? windows : windows.part(from: piece.from, until: piece.until)
    return assets.map { asset in
      ClauseScope(
        clause.key, asset: asset, assets: clause.assets.isEmpty ? nil : clause.assets,
        in: currency, windows, from: piece.from, segments: piece.segments, of: common)
    }
  }

  /// The version in force at the end of the period: it says when the contract ends.
  private var contract: Contract { stretches[stretches.count - 1].contract }

  /// The billing period before.
  package var previous: BillingMonth { contract.billing.previous(before: month) }

  /// Empty where the contract is not in force during it.
  package var period: Period { windows.period }

  /// The earliest period that a clause rests on, by its first month.
  package var reach: BillingMonth {
    let months = clauses.map { $0.rule.reach($0.scope) } + [month]
    return contract.billing.period(holding: months.min()!)
  }

  private var all: [MonthRating] { parts + [self] }

  /// All usage that the clauses may want to know.
  package var requests: [UsageRequest] { all.flatMap { $0.clauses.flatMap(\.usage.requests) } }

  /// What they want to know first; with that known, what is left open.
  package var firstRequests: [UsageRequest] { all.flatMap { $0.clauses.flatMap(\.usage.first) } }
  package func fallbacks(knowing usage: UsageTable) -> [UsageRequest] {
    all.flatMap { run in run.clauses.flatMap { $0.usage.fallbacks(knowing: usage) } }
  }

  package var eventRequests: [EventRequest] {
    all.flatMap { run in run.clauses.flatMap { $0.rule.eventRequests($0.scope) } }
  }

  /// `series` has every index series that the contract names, `before` the periods from `reach` on,
  /// `credited` what credit notes took back of periods up to this one.
  package func rate(
    _ usage: UsageTable, _ events: EventTable = EventTable(), series: IndexSeriesByKey = [:],
    before: [RatedMonth] = [], credited: [BillingMonth: Credited] = [:]
  ) throws(Fault) -> RatedMonth {
    let (currency, runs) = (contract.currency, all)
    var states = runs.map { run in
      RatingInputs(
        RatedMonth(month, run.period, in: currency), usage: usage, events: events,
        series: series, before: before, credited: credited)
    }
    let ignored = runs.map { usage.ignoredReadings(in: $0.period) }
    for place in clauses.indices where clauses[place].rule.stage < .prepaid {
      try MonthRating.rate(place, of: runs, ignored, &states)
    }
    for (run, place) in zip(runs, states.indices) {
      try DocumentBounds(stretches[0].contract.invoicing, run.windows, in: currency)
        .rate(&states[place])
    }
    for place in clauses.indices where clauses[place].rule.stage >= .prepaid {
      try MonthRating.rate(place, of: runs, ignored, &states)
    }
    return states[states.count - 1].soFar
  }

  /// One clause in each of the runs; each is told what came of the clauses before in the shorter
  /// ones. Where nothing of its time has passed there is nothing of it.
  private static func rate(
    _ place: Int, of runs: [MonthRating], _ ignored: [[UsageRequest]],
    _ states: inout [RatingInputs]
  ) throws(Fault) {
    var passed: [CivilDate: RatedMonth] = [:]
    for (number, run) in runs.enumerated() {
      let clause = run.clauses[place]
      // What came before is kept for those behind alone: kept for nobody, it would be copied.
      let before = run.windows.cut.map { ($0, states[number].soFar) }
      states[number].passed = passed
      if run.windows.cut == nil || clause.scope.hasBegun {
        let rated = try clause.usage.rate(states[number])
        try states[number].add(rated.noting(ignored: ignored[number]), clause.scope)
      }
      if let (cut, month) = before { passed[cut] = month }
    }
  }

  /// Whether no invoice comes behind it by itself.
  private var isLast: Bool { contract.isOver(before: contract.billing.next(after: month)) }

  /// What an invoice needs to know of it once it has been rated; a fleet's are held together.
  package var rated: MonthRating {
    var run = self
    run.clauses = []
    run.parts = []
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
    beside others: [InvoiceLine] = [], rules: Invoice.Rules, unbilled: [UnbilledClause] = [],
    taxes: [TaxKey: Tax] = [:]
  ) throws(Fault) -> Invoice {
    try Invoice(
      contract: contract, changes: stretches.dropFirst(), customer: customer, month: month,
      period: period, zone: windows.zone, rules: rules,
      lines: MonthRating.lines(lines, evidence: evidence) + others, unbilled: unbilled,
      taxes: taxes, carries: contract.invoicing.carryNegative && !isLast)
  }
}

extension ClauseScope {
  /// Whether some of its time has passed, and the asset that it is for has come by then.
  fileprivate var hasBegun: Bool {
    guard !windows.period.isEmpty else { return false }
    let served = asset.flatMap { assignments[$0] }
    return served?.contains { $0.start < windows.passedUntil } ?? true
  }
}
