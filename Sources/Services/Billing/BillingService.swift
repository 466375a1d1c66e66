package import Base
package import Contracts
import Metering
package import Rating
package import Settlement
package import Workflow

/// Bills contracts: gathers what the pure `MonthRating` needs, and keeps what it makes.
package struct BillingService: Sendable {
  let home: any Home
  let zones: any ZoneSource
  /// As many are held in memory, with all their lines: the log is read once for each half of them.
  let contractsAtOnce: Int

  package init(
    _ home: any Home, _ zones: any ZoneSource, contractsAtOnce: Int = 2500
  ) {
    self.home = home
    self.zones = zones
    self.contractsAtOnce = contractsAtOnce
  }

  /// Does what a run is asked for, contract by contract. Doing it again with nothing new changes
  /// nothing.
  package func run(
    _ request: BillingRequest, by name: String, now: Instant
  ) throws -> BillingReport {
    let rated = home.ratingTime(now)
    let state = home.agreements
    if let customer = request.customer, state.catalog.customers[customer] == nil {
      throw Fault(.unknownReference, "there is no customer `\(customer)`", at: "/customer")
    }
    let author = Author(name, at: now, reason: request.description)
    try recount(request, state, by: name, at: now)
    let (contracts, remaining) = request.contracts(state.catalog)
    let run = BillingRun(
      self, request, state, author: author, rated: rated)
    let (results, neverBilled) = try run.results(of: contracts)
    let last = remaining == 0 ? nil : contracts.last?.key
    return BillingReport(
      results: results + request.unreadable(state, through: last), neverBilled: neverBilled,
      next: last, remaining: remaining)
  }

  /// The invoice as it would be now, without keeping it; nil where there is nothing to bill.
  package func preview(_ contract: Contract, _ month: BillingMonth) throws -> Invoice? {
    try home.read { try preview(contract.key, month, RatingContext($0.agreements, $0)) }
  }

  func preview(_ key: ContractKey, _ month: BillingMonth, _ context: RatingContext) throws
    -> Invoice?
  {
    if let rated = try rate(key, month, context) {
      return try invoice(withEvidence(rated, context), context)
    }
    return try isLeftToDraft(key, before: month, context) ? nil : closing(key, month, context)
  }

  /// The lines alone, from buckets: without evidence, for which the log is read.
  package func lines(_ contract: Contract, _ month: BillingMonth) throws -> [RatedLine] {
    try home.read { snapshot in
      let state = snapshot.agreements
      let stretches = try stretches(contract.key, month, state)
      guard !stretches.isEmpty else { return [] }
      let (run, context) = (try self.run(stretches, month, state), RatingContext(state, snapshot))
      let before = try before(run, contract.key, month, context)
      let pins = try context.pins(contract.key, month)
      return try rate(run, stretches, before: before, pins, context).lines
    }
  }

  /// What a run says of an invoice that is final: what is still to be corrected of it.
  func result(
    of final: StoredInvoice, _ rated: RatedDraft, _ context: RatingContext
  ) throws -> RunResult {
    let lines = try context.documents(of: final.contract).corrections(of: final)
      .lines(rated.invoiceLines)
    let zero = Money.zero(final.total.currency)
    return RunResult(
      contract: final.contract, customer: final.customer, month: final.month, outcome: .final,
      invoice: final.key, total: final.total,
      difference: lines.isEmpty ? nil : try lines.reduce(zero) { try $0 + $1.rated.amount },
      faults: [])
  }

  /// The lines of the month together with what it settles beside them.
  func invoice(
    _ rated: RatedDraft, _ context: RatingContext
  ) throws -> Invoice {
    try rated.run.invoice(
      for: rated.customer, rated.lines, evidence: rated.evidence,
      beside: context.snapshot.adjustments(.period(rated.contract.key, rated.run.month)).lines()
        + corrections(rated.contract, carriedIn: rated.run.month, context),
      rules: rated.rules,
      unbilled: rated.unbilled, taxes: context.state.catalog.taxes)
  }

  /// What the clauses alone charge for a month, without evidence; nil where the contract is not in
  /// force.
  func charges(
    _ key: ContractKey, _ month: BillingMonth, _ context: RatingContext
  ) throws -> Invoice? {
    try rate(key, month, context).map {
      try $0.run.invoice(
        for: $0.customer, $0.lines, evidence: [:], rules: $0.rules, unbilled: $0.unbilled,
        taxes: context.state.catalog.taxes)
    }
  }

  /// What late events changed in earlier months whose invoices are final, as far back as the
  /// contract says, each rated anew by the rules that were in force then; and what those left to
  /// the next invoice. The earliest period behind such a month that is not final carries it, and no
  /// other.
  func corrections(
    _ contract: Contract, carriedIn month: BillingMonth, _ context: RatingContext
  ) throws -> [InvoiceLine] {
    let documents = try context.documents(of: contract.key)
    let first = contract.invoicing.correctMonths.map { month.advanced(by: -$0) }
    let billing = contract.billing
    let carried = contract.carries(month, over: documents.invoices.map(\.month))
    var lines: [InvoiceLine] = []
    for final in documents.invoices
    where carried.contains(final.month) {
      let isCorrected =
        try first.map { billing.next(after: final.month) > $0 } ?? true && context.mayAffect(final)
      // Only one that came to nothing can have left anything to the next.
      guard isCorrected || final.total.amountMinor == 0 else { continue }
      let corrections = try documents.corrections(of: final)
      if let carried = try corrections.carriedOn() { lines.append(carried) }
      guard isCorrected, let anew = try rate(contract.key, final.month, context) else { continue }
      // Most often nothing has changed, and the log need not be read for it.
      guard try !corrections.lines(anew.invoiceLines).isEmpty else { continue }
      lines += try corrections.lines(withEvidence(anew, context).invoiceLines)
    }
    return lines
  }

  /// What the clauses of a contract make of a period, without evidence; nil where it is not in
  /// force. With `cut`, a day within it, as if only the time before that day had passed; with
  /// `accrued`, recurring fees as far as they are for the time before that day.
  func rate(
    _ key: ContractKey, _ month: BillingMonth, _ context: RatingContext,
    through cut: CivilDate? = nil,
    accrued: CivilDate? = nil
  ) throws -> RatedDraft? {
    try Interruption.check()
    let state = context.state
    let stretches = try stretches(key, month, state)
    guard let contract = stretches.last?.contract else { return nil }
    guard let customer = state.catalog.customers[contract.customer] else {
      throw Fault(.unknownReference, "there is no customer `\(contract.customer)`")
    }
    let run = try self.run(stretches, month, state, through: cut, accrued: accrued)
    guard !run.period.isEmpty else { return nil }
    try refuseShared(contract, run.period, context)
    let before = try before(run, key, month, context)
    let pins = try context.pins(key, month)
    let rated = try rate(run, stretches, before: before, pins, context)
    let lines = rated.lines
    let notes = try context.credited(key)?.noteNumbers(before: month) ?? []
    let indexVersions = indexBook(stretches, state).keys.map {
      ($0, state.version(.indexSeries, $0.text))
    }
    return RatedDraft(
      run: run.rated, contract: contract, customer: customer, lines: lines,
      rules: Invoice.Rules(
        contractVersion: stretches[0].version.number,
        meterVersions: meterVersions(of: key, in: month, contract.billing, state),
        indexVersions: Dictionary(uniqueKeysWithValues: indexVersions),
        calendarVersions: calendarVersions(stretches, state), creditNotes: notes),
      unbilled: rated.unbilled, silent: rated.silent, pins: pins)
  }

  /// The versions that serve of every meter a document may rest on: its months before and those it
  /// corrects had clauses of their own.
  func meterVersions(
    of key: ContractKey, in month: BillingMonth, _ cycle: BillingCycle, _ state: CatalogState
  ) -> [MeterKey: Int] {
    let end = cycle.firstDay(of: cycle.next(after: month))
    let history = state.catalog.histories[key]!
    let meters = history.meters(before: end).compactMap { state.meters[$0] }
    return Dictionary(
      uniqueKeysWithValues: meters.map { ($0.key, state.servingVersion(of: $0.key)) })
  }

  private func calendarVersions(
    _ stretches: [ContractHistory.Stretch], _ state: CatalogState
  ) -> [CalendarKey: Int] {
    let keys = Set(stretches.flatMap(\.contract.clauses).flatMap(\.calendars))
    return Dictionary(
      uniqueKeysWithValues: keys.map { ($0, state.version(.calendar, $0.text)) })
  }

  /// The versions a month is rated by; none where the contract has not begun.
  private func stretches(
    _ key: ContractKey, _ month: BillingMonth, _ state: CatalogState
  ) throws -> [ContractHistory.Stretch] {
    let history = try state.history(of: key)
    let stretches = history.inForce(in: month)
    let billing = history.newest.billing
    guard billing.begins(in: month) else { return [] }
    guard stretches.isEmpty,
      billing.firstDay(of: billing.next(after: month)) > history.newest.from
    else { return stretches }
    throw Fault(.unknownReference, "no version of the contract had taken effect in \(month)")
  }

  private func run(
    _ stretches: [ContractHistory.Stretch], _ month: BillingMonth, _ state: CatalogState,
    through cut: CivilDate? = nil, accrued: CivilDate? = nil
  ) throws -> MonthRating {
    let contract = stretches[stretches.count - 1].contract
    let zone = try zones.rules(contract.zone)
    let period = contract.billing.period(month, in: zone)
      .intersection(contract.term(in: zone))
    return MonthRating(
      stretches, month, zone: zone, assets: state.catalog.assets(of: contract, in: period),
      assignments: state.catalog.assignments(of: contract, in: contract.term(in: zone)),
      elsewhere: state.catalog.assignments(besides: contract),
      history: state.catalog.histories[contract.key], clocks: try clocks(stretches, state),
      through: cut, accrued: accrued)
  }

  /// The zones that clauses name beside the contract's own, and the calendars.
  private func clocks(
    _ stretches: [ContractHistory.Stretch], _ state: CatalogState
  ) throws -> Clocks {
    var rules: [String: ZoneRules] = [:]
    for name in Set(stretches.flatMap(\.contract.clauses).flatMap(\.zones)) {
      rules[name] = try zones.rules(name)
    }
    return Clocks(zones: rules, calendars: state.catalog.calendars)
  }

  /// The months that a run rests on, each rated anew by its own versions of the contract. A month
  /// that reaches back further itself takes those before it along.
  private func before(
    _ run: MonthRating, _ key: ContractKey, _ month: BillingMonth, _ context: RatingContext
  ) throws -> [RatedMonth] {
    var runs: [(MonthRating, [ContractHistory.Stretch])] = []
    var (reach, next) = (run.reach, run.previous)
    while next >= reach, next < (runs.last?.0.month ?? month) {
      let stretches = try stretches(key, next, context.state)
      guard !stretches.isEmpty else { break }
      let earlier = try self.run(stretches, next, context.state)
      guard !earlier.period.isEmpty else { break }
      runs.append((earlier, stretches))
      reach = min(reach, earlier.reach)
      next = earlier.previous
    }
    var months: [RatedMonth] = []
    let documents = try context.credited(key)
    for (run, stretches) in runs.reversed() {
      let rated = try context.rated(key, run.month) {
        let pins = try context.pins(key, run.month)
        return try rate(run, stretches, before: months, pins, context)
      }
      let credited = try documents?.credited(run.month)
      months.append(try credited.map { try rated.less($0) } ?? rated)
    }
    return months
  }

  private func rate(
    _ run: MonthRating, _ stretches: [ContractHistory.Stretch], before: [RatedMonth],
    _ pins: MeterPins, _ context: RatingContext
  ) throws -> RatedMonth {
    let contract = stretches[stretches.count - 1].contract
    let first = try context.table(run.firstRequests, contract, pins)
    let fallbacks = try context.table(run.fallbacks(knowing: first), contract, pins)
    return try run.rate(
      first.adding(fallbacks),
      context.table(run.eventRequests, contract, pins),
      series: indexBook(stretches, context.state), before: before,
      credited: context.credited(contract.key)?.credited(through: run.month) ?? [:])
  }

  private func indexBook(
    _ stretches: [ContractHistory.Stretch], _ state: CatalogState
  ) -> IndexSeriesByKey {
    stretches.reduce(into: [:]) { book, stretch in
      book.merge(state.indexBook(of: stretch.contract)) { known, _ in known }
    }
  }

  /// The same with its evidence, for which the log is read.
  func withEvidence(
    _ rated: RatedDraft, _ context: RatingContext
  ) throws -> RatedDraft {
    try withEvidence([rated], context)[0]
  }

  /// That of many is gathered at once.
  func withEvidence(
    _ rated: [RatedDraft], _ context: RatingContext
  ) throws -> [RatedDraft] {
    var withEvidence = rated
    for (pins, places) in Dictionary(grouping: rated.indices, by: { rated[$0].pins }) {
      var wanted: [EvidenceRequest] = []
      // Where what each basis of a period asks for stands among them, each once for the period.
      let bases = places.map { place in
        var known: [EvidenceRequest: Int] = [:]
        return evidenceRequests(rated[place], context.state).mapValues { request in
          if let number = known[request] { return number }
          wanted.append(request)
          known[request] = wanted.count - 1
          return wanted.count - 1
        }
      }
      let found = try context.snapshot.evidence(wanted, by: context.meters(pins))
      for (place, bases) in zip(places, bases) {
        withEvidence[place].evidence = bases.mapValues { found[$0].evidence }
        withEvidence[place].silentAssets = SilentAssets.all(of: rated[place]) { basis in
          bases[basis].map { found[$0].unheard } ?? []
        }
        let reasons = Set(bases.values).flatMap { found[$0].reasons }
        let (contract, month) = (rated[place].contract.key, rated[place].run.month)
        if !reasons.isEmpty { context.note(reasons, contract, month) }
      }
    }
    return withEvidence
  }

  private func evidenceRequests(
    _ rated: RatedDraft, _ state: CatalogState
  ) -> [Evidence.Basis: EvidenceRequest] {
    let bounds = rated.contract.review.bounds
    var requests: [Evidence.Basis: EvidenceRequest] = [:]
    // A meter without a line may be one that could read nothing.
    let silent = rated.silent.map { Evidence.Basis($0.meter, assets: $0.assets) }
    // Of a line that names its events, all those of its time are looked over.
    let named = rated.lines.filter { $0.events != nil }.flatMap { line in
      line.meters.map { Evidence.Basis($0, assets: line.assets) }
    }
    for basis in Set(rated.lines.flatMap(\.bases) + silent + named)
    where state.meters[basis.meter] != nil {
      let isNamed = basis.events != nil
      requests[basis] = EvidenceRequest(
        meter: basis.meter,
        stretches: state.catalog.stretches(of: basis, rated.contract, in: rated.run.period),
        times: basis.times, group: basis.group, only: basis.events.map { Set($0) },
        reviewed: isNamed ? nil : rated.run.period, bounds: bounds[basis.meter] ?? .none)
    }
    return requests
  }

  /// What each line of a period rests on, by its key, as things stand; nil where it cannot be
  /// rated.
  func bases(
    of key: ContractKey, _ month: BillingMonth, _ context: RatingContext
  ) throws -> (period: Period, bases: [String: [Evidence.Basis]])? {
    do {
      guard let rated = try rate(key, month, context) else { return nil }
      return (
        rated.run.period,
        Dictionary(rated.lines.map { ($0.key, $0.bases) }) { first, _ in first }
      )
    } catch let fault as Fault where fault.code != .dataDamaged {
      return nil
    }
  }
}
