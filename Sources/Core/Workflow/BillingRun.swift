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
package struct BillingRun: Sendable {
  private let stretches: [ContractHistory.Stretch]
  package let month: BillingMonth
  private let windows: RatingWindows
  private var clauses: [(rule: any ClauseRule, scope: ClauseScope, usage: MissingUsage)]
  /// The same period up to each of the days for which a clause asks, in order.
  private var parts: [BillingRun] = []

  /// `stretches` are the versions in force in the period, at least one; `assets` have served the
  /// contract during it, in order; `assignments` say when each asset does, over all its time;
  /// `history` has all versions, for clauses that judge what began under an older one; `clocks` has
  /// the zones and calendars that clauses name. With `cut`, a day within the period, it is rated as
  /// if only the time before that day had passed.
  package init(
    _ stretches: [ContractHistory.Stretch], _ month: BillingMonth, zone: ZoneRules,
    assets: [AssetKey] = [], assignments: [AssetKey: [Period]] = [:],
    elsewhere: [AssetKey: [Period]] = [:], history: ContractHistory? = nil,
    clocks: Clocks = .none, through cut: CivilDate? = nil
  ) {
    let service = Service(assets: assets, here: assignments, elsewhere: elsewhere)
    self.init(stretches, month, zone, service, history, clocks, through: cut)
    let windows = windows
    let cuts = clauses.flatMap { $0.rule.cuts($0.scope) }.filter {
      windows.billing.firstDay(of: month) < $0 && $0 < cut ?? windows.nextDay
    }
    parts = Set(cuts).sorted().map { day in
      BillingRun(stretches, month, zone, service, history, clocks, through: day)
    }
  }

  private init(
    _ stretches: [ContractHistory.Stretch], _ month: BillingMonth, _ zone: ZoneRules,
    _ service: Service, _ history: ContractHistory?, _ clocks: Clocks, through cut: CivilDate?
  ) {
    let contract = stretches[stretches.count - 1].contract
    let windows = RatingWindows(
      month, contract.billing, term: contract.term(in: zone), zone: zone, through: cut)
    self.stretches = stretches
    self.month = month
    self.windows = windows
    clauses = ClausePiece.pieces(of: stretches, in: windows, history).flatMap { piece in
      BillingRun.scopes(piece, contract.currency, windows, service, history).map { scope in
        var scope = scope
        scope.clocks = clocks
        let rule = piece.clause.terms.rule
        return (rule, scope, MissingUsage(piece.clause.missing, rule, scope))
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
    _ piece: ClausePiece, _ currency: Currency, _ windows: RatingWindows, _ service: Service,
    _ history: ContractHistory?
  ) -> [ClauseScope] {
    let clause = piece.clause
    let windows =
      piece.from == nil && piece.until == nil
      ? windows : windows.part(from: piece.from, until: piece.until)
    return service.ratedApart(clause, history).map { asset in
      var scope = ClauseScope(
        clause.key, asset: asset, assets: clause.assets.isEmpty ? nil : clause.assets,
        fleet: service.assets, in: currency, windows, from: piece.from, history: history)
      scope.segments = piece.segments
      scope.assignments = service.here
      scope.elsewhere = service.elsewhere
      return scope
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

  private var all: [BillingRun] { parts + [self] }

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

  /// `series` has every index series that the contract names, `before` the periods from `reach` on.
  package func rate(
    _ usage: UsageTable, _ events: EventTable = EventTable(), series: IndexBook = [:],
    before: [RatedMonth] = []
  ) throws(Fault) -> RatedMonth {
    let currency = contract.currency
    var states = all.map { run in
      RatingInputs(
        RatedMonth(month, run.period, in: currency), usage: usage, events: events,
        series: series, before: before)
    }
    for place in clauses.indices where clauses[place].rule.stage < .prepaid {
      try rate(place, &states)
    }
    for (run, place) in zip(all, states.indices) {
      try DocumentBounds(stretches[0].contract.invoicing, run.windows, in: currency)
        .rate(&states[place])
    }
    for place in clauses.indices where clauses[place].rule.stage >= .prepaid {
      try rate(place, &states)
    }
    return states[states.count - 1].soFar
  }

  /// One clause in each of the runs; each is told what came of the clauses before in the shorter
  /// ones. Where nothing of its time has passed there is nothing of it.
  private func rate(_ place: Int, _ states: inout [RatingInputs]) throws(Fault) {
    var passed: [CivilDate: RatedMonth] = [:]
    for (run, state) in zip(all, states.indices) {
      let clause = run.clauses[place]
      let before = states[state].soFar
      states[state].passed = passed
      if run.windows.cut == nil || !clause.scope.windows.period.isEmpty {
        let rated = try clause.usage.rate(states[state])
        try states[state].add(
          rated.noting(ignored: states[state].usage.ignoredReadings(in: run.period)), clause.scope)
      }
      if let cut = run.windows.cut { passed[cut] = before }
    }
  }

  /// Whether no invoice comes behind it by itself.
  private var isLast: Bool { contract.isOver(before: contract.billing.next(after: month)) }

  /// What an invoice needs to know of it once it has been rated; a fleet's are held together.
  package var rated: BillingRun {
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
