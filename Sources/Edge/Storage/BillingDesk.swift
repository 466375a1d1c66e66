package import Base
package import Contracts
import GRDB
import Metering
package import Rating
package import Settlement
import Workflow

/// Runs a month: gathers what the pure `BillingRun` needs, and keeps what it makes.
package struct BillingDesk: Sendable {
  /// What a run made of one contract.
  package struct Result: Sendable {
    package enum Outcome: String, Sendable {
      /// A draft was written, or written anew.
      case drafted
      /// The draft stands as it was.
      case unchanged
      /// The invoice is final. Where something has changed since that no other invoice carries yet,
      /// `difference` says what the next one corrects.
      case final
      /// Something stands in the way; the other contracts went on.
      case parked
    }

    package let contract: ContractKey
    package let customer: CustomerKey
    package let outcome: Outcome
    package let invoice: InvoiceKey?
    package let total: Money?
    package let difference: Money?
    package let faults: [Fault]
  }

  let store: Store
  let catalogs: Catalogs
  private let zones: Zones

  package init(_ store: Store, _ catalogs: Catalogs, _ zones: Zones) {
    self.store = store
    self.catalogs = catalogs
    self.zones = zones
  }

  /// Rates the month for every contract in force in it, or for one customer's. Running it again
  /// with nothing new changes nothing. `finalise` is asked for what it makes of each draft.
  package func run(
    _ month: BillingMonth, customer: CustomerKey? = nil, now: Instant,
    finalise: ((InvoiceKey) throws -> Void)? = nil
  ) throws -> [Result] {
    let state = catalogs.current
    if let customer, state.catalog.customers[customer] == nil {
      throw Fault(.danglingReference, "there is no customer `\(customer)`", at: "/customer")
    }
    let late = LateEvents(state)
    return try state.catalog.contracts.values.sorted { $0.key < $1.key }
      .filter { customer == nil || $0.customer == customer }
      .compactMap { contract in
        guard let result = try run(contract, month, state, now, late) else { return nil }
        guard let finalise, let invoice = result.invoice, result.faults.isEmpty else {
          return result
        }
        do {
          try finalise(invoice)
          return result
        } catch let fault as Fault where fault.code != .internalError {
          return result.with(fault)
        }
      }
  }

  /// The invoice as it would be now, without keeping it; nil where the contract is not in force.
  package func preview(_ contract: Contract, _ month: BillingMonth) throws -> Invoice? {
    let state = catalogs.current
    return try store.pool.read { db in
      try rate(contract.key, month, state, db).map { try invoice($0, state, LateEvents(state), db) }
    }
  }

  /// The lines alone, from buckets: without evidence, for which the log is read.
  package func lines(_ contract: Contract, _ month: BillingMonth) throws -> [RatedLine] {
    let state = catalogs.current
    return try store.pool.read { db in
      let stretches = try stretches(contract.key, month, state)
      guard !stretches.isEmpty else { return [] }
      let run = try self.run(stretches, month, state)
      let before = try before(run, contract.key, month, state, db)
      return try rate(run, stretches, before: before, state, db).lines
    }
  }

  private func run(
    _ contract: Contract, _ month: BillingMonth, _ state: CatalogState, _ now: Instant,
    _ late: LateEvents
  ) throws -> Result? {
    do {
      return try store.pool.write { db in
        guard let rated = try rate(contract.key, month, state, db) else { return nil }
        if let final = try Invoices.newest(contract.key, month, db), final.status == .final {
          return try result(of: final, rated, db)
        }
        let kept = try Invoices.keep(invoice(rated, state, late, db), now: now, db)
        return Result(
          contract: contract.key, customer: contract.customer, outcome: kept.outcome,
          invoice: kept.key, total: kept.total, difference: nil, faults: [])
      }
    } catch let fault as Fault where fault.code != .internalError {
      return Result(
        contract: contract.key, customer: contract.customer, outcome: .parked, invoice: nil,
        total: nil, difference: nil, faults: [fault])
    }
  }

  /// What a run says of an invoice that is final: what is still to be corrected of it.
  private func result(
    of final: KeptInvoice, _ rated: MonthAnew, _ db: Database
  ) throws -> Result {
    let later = try Invoices.finals(final.contract, db).filter { $0.key != final.key }
    let lines = try Corrections(of: final.billed(), later: later.map { try $0.billed() })
      .lines(rated.invoiceLines)
    let zero = Money.zero(final.total.currency)
    return Result(
      contract: final.contract, customer: final.customer, outcome: .final, invoice: final.key,
      total: final.total,
      difference: lines.isEmpty ? nil : try lines.reduce(zero) { try $0 + $1.rated.amount },
      faults: [])
  }

  /// The lines of the month together with what it settles beside them.
  func invoice(
    _ rated: MonthAnew, _ state: CatalogState, _ late: LateEvents, _ db: Database
  ) throws -> Invoice {
    try rated.run.invoice(
      for: rated.customer, rated.lines, evidence: rated.evidence,
      beside: Adjustments.lines(rated.contract.key, rated.run.month, db)
        + corrections(carriedBy: rated, state, late, db), rules: rated.rules,
      unbilled: rated.unbilled, taxes: state.catalog.taxes)
  }

  /// What the clauses alone charge for a month; nil where the contract is not in force.
  func charges(
    _ key: ContractKey, _ month: BillingMonth, _ state: CatalogState, _ db: Database
  ) throws -> Invoice? {
    try rate(key, month, state, db).map {
      try $0.run.invoice(
        for: $0.customer, $0.lines, evidence: $0.evidence, rules: $0.rules,
        unbilled: $0.unbilled, taxes: state.catalog.taxes)
    }
  }

  /// What late events changed in earlier months whose invoices are final, as far back as the
  /// contract says, each rated anew by the rules that were in force then.
  private func corrections(
    carriedBy rated: MonthAnew, _ state: CatalogState, _ late: LateEvents, _ db: Database
  ) throws -> [InvoiceLine] {
    let finals = try Invoices.finals(rated.contract.key, db).filter { $0.month != rated.run.month }
    let first = rated.contract.invoicing.correctMonths.map { rated.run.month.advanced(by: -$0) }
    var lines: [InvoiceLine] = []
    for final in finals
    where final.month < rated.run.month && first.map({ final.month >= $0 }) ?? true {
      guard try late.mayTouch(final, db),
        let anew = try rate(rated.contract.key, final.month, state, db)
      else { continue }
      lines += try Corrections(
        of: final.billed(), later: finals.filter { $0.key != final.key }.map { try $0.billed() }
      ).lines(anew.invoiceLines)
    }
    return lines
  }

  /// What the clauses of a contract make of a month; nil where it is not in force.
  func rate(
    _ key: ContractKey, _ month: BillingMonth, _ state: CatalogState, _ db: Database
  ) throws -> MonthAnew? {
    let stretches = try stretches(key, month, state)
    guard let contract = stretches.last?.contract else { return nil }
    guard let customer = state.catalog.customers[contract.customer] else {
      throw Fault(.danglingReference, "there is no customer `\(contract.customer)`")
    }
    let run = try self.run(stretches, month, state)
    guard !run.period.isEmpty else { return nil }
    let before = try before(run, key, month, state, db)
    let rated = try rate(run, stretches, before: before, state, db)
    let lines = rated.lines
    let meters = Set(lines.flatMap(\.meters)).compactMap { state.meters[$0] }
    let versions = meters.map { ($0.key, state.servingVersion(of: $0.key)) }
    let indexVersions = indexBook(stretches, state).keys.map {
      ($0, state.version(.indexSeries, $0.text))
    }
    return MonthAnew(
      run: run, contract: contract, customer: customer, lines: lines,
      evidence: try evidence(lines, contract, run.period, state, db),
      rules: Invoice.Rules(
        contractVersion: stretches[0].version.number,
        meterVersions: Dictionary(uniqueKeysWithValues: versions),
        indexVersions: Dictionary(uniqueKeysWithValues: indexVersions)),
      unbilled: rated.unbilled)
  }

  /// The versions a month is rated by; none where the contract has not begun.
  private func stretches(
    _ key: ContractKey, _ month: BillingMonth, _ state: CatalogState
  ) throws -> [ContractHistory.Stretch] {
    let history = state.catalog.histories[key]!
    let stretches = history.inForce(in: month)
    let billing = history.newest.billing
    guard billing.begins(in: month) else { return [] }
    guard stretches.isEmpty,
      billing.firstDay(of: billing.next(after: month)) > history.newest.from
    else { return stretches }
    throw Fault(.danglingReference, "no version of the contract had taken effect in \(month)")
  }

  private func run(
    _ stretches: [ContractHistory.Stretch], _ month: BillingMonth, _ state: CatalogState
  ) throws -> BillingRun {
    let contract = stretches[stretches.count - 1].contract
    let zone = try zones.rules(contract.zone)
    let period = contract.billing.period(month, in: zone)
      .intersection(contract.term(in: zone))
    return BillingRun(
      stretches, month, zone: zone, assets: state.catalog.assets(of: contract, in: period),
      assignments: state.catalog.assignments(of: contract, in: contract.term(in: zone)),
      history: state.catalog.histories[contract.key])
  }

  /// The months that a run rests on, each rated anew by its own versions of the contract. A month
  /// that reaches back further itself takes those before it along.
  private func before(
    _ run: BillingRun, _ key: ContractKey, _ month: BillingMonth, _ state: CatalogState,
    _ db: Database
  ) throws -> [RatedMonth] {
    var runs: [(BillingRun, [ContractHistory.Stretch])] = []
    var (reach, next) = (run.reach, run.previous)
    while next >= reach, next < (runs.last?.0.month ?? month) {
      let stretches = try stretches(key, next, state)
      guard !stretches.isEmpty else { break }
      let earlier = try self.run(stretches, next, state)
      guard !earlier.period.isEmpty else { break }
      runs.append((earlier, stretches))
      reach = min(reach, earlier.reach)
      next = earlier.previous
    }
    var months: [RatedMonth] = []
    for (run, stretches) in runs.reversed() {
      months.append(try rate(run, stretches, before: months, state, db))
    }
    return months
  }

  private func rate(
    _ run: BillingRun, _ stretches: [ContractHistory.Stretch], before: [RatedMonth],
    _ state: CatalogState, _ db: Database
  ) throws -> RatedMonth {
    let contract = stretches[0].contract
    return try run.rate(
      UsageDesk.table(run.requests, contract, state, db),
      UsageDesk.table(run.eventRequests, contract, state, db),
      series: indexBook(stretches, state), before: before)
  }

  private func indexBook(
    _ stretches: [ContractHistory.Stretch], _ state: CatalogState
  ) -> IndexBook {
    stretches.reduce(into: [:]) { book, stretch in
      book.merge(state.indexBook(of: stretch.contract)) { known, _ in known }
    }
  }

  private func evidence(
    _ lines: [RatedLine], _ contract: Contract, _ period: Period, _ state: CatalogState,
    _ db: Database
  ) throws -> [Evidence.Basis: Evidence] {
    var evidence: [Evidence.Basis: Evidence] = [:]
    for basis in Set(lines.flatMap(\.bases)) {
      guard let meter = state.meters[basis.meter] else { continue }
      let stretches = UsageDesk.stretches(
        contract, basis.period ?? period, state.catalog, of: basis.assets)
      evidence[basis] = try EventLog.evidence(meter, stretches, db)
    }
    return evidence
  }
}

/// What the clauses of a contract make of one month, as things stand.
struct MonthAnew {
  let run: BillingRun
  let contract: Contract
  let customer: Customer
  let lines: [RatedLine]
  let evidence: [Evidence.Basis: Evidence]
  let rules: Invoice.Rules
  let unbilled: [Unbilled]

  var invoiceLines: [InvoiceLine] { BillingRun.lines(lines, evidence: evidence) }
}

extension BillingDesk.Result {
  /// The same, with what kept the draft from being finalised.
  fileprivate func with(_ fault: Fault) -> BillingDesk.Result {
    Self(
      contract: contract, customer: customer, outcome: outcome, invoice: invoice, total: total,
      difference: difference, faults: [fault])
  }
}
