package import Base
package import Contracts
import GRDB
import Metering
import Rating
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
      /// The invoice is final. Where usage has come in since, `difference` says what it would
      /// change.
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

  private let store: Store
  private let catalogs: Catalogs
  private let zones: Zones

  package init(_ store: Store, _ catalogs: Catalogs, _ zones: Zones) {
    self.store = store
    self.catalogs = catalogs
    self.zones = zones
  }

  /// Rates the month for every contract in force in it, or for one customer's. Running it again
  /// with nothing new changes nothing.
  package func run(
    _ month: BillingMonth, customer: CustomerKey? = nil, now: Instant
  ) throws -> [Result] {
    let state = catalogs.current
    if let customer, state.catalog.customers[customer] == nil {
      throw Fault(.danglingReference, "there is no customer `\(customer)`", at: "/customer")
    }
    return try state.catalog.contracts.values.sorted { $0.key < $1.key }
      .filter { customer == nil || $0.customer == customer }
      .compactMap { try run($0, month, state, now) }
  }

  /// The invoice as it would be now, without keeping it; nil where the contract is not in force.
  package func preview(_ contract: Contract, _ month: BillingMonth) throws -> Invoice? {
    let state = catalogs.current
    return try store.pool.read { try invoice(contract.key, month, state, $0) }
  }

  private func run(
    _ contract: Contract, _ month: BillingMonth, _ state: CatalogState, _ now: Instant
  ) throws -> Result? {
    do {
      return try store.pool.write { db in
        guard let invoice = try invoice(contract.key, month, state, db) else { return nil }
        let kept = try Invoices.keep(invoice, now: now, db)
        return Result(
          contract: contract.key, customer: contract.customer, outcome: kept.outcome,
          invoice: kept.key, total: kept.total, difference: kept.difference, faults: [])
      }
    } catch let fault as Fault where fault.code != .internalError {
      return Result(
        contract: contract.key, customer: contract.customer, outcome: .parked, invoice: nil,
        total: nil, difference: nil, faults: [fault])
    }
  }

  func invoice(
    _ key: ContractKey, _ month: BillingMonth, _ state: CatalogState, _ db: Database
  ) throws -> Invoice? {
    guard let version = try version(key, month, state) else { return nil }
    let contract = version.contract
    guard let customer = state.catalog.customers[contract.customer] else {
      throw Fault(.danglingReference, "there is no customer `\(contract.customer)`")
    }
    let run = try self.run(of: contract, month, state)
    guard !run.period.isEmpty else { return nil }
    let lines = try rate(run, contract, before: before(run, key, month, state, db), state, db).lines
    let meters = Set(lines.flatMap(\.meters)).compactMap { state.meters[$0] }
    let versions = meters.map { ($0.key, state.servingVersion(of: $0.key)) }
    let series = state.indexBook(of: contract).keys
    let indexVersions = series.map { ($0, state.version(.indexSeries, $0.text)) }
    return try run.invoice(
      for: customer, lines, evidence: evidence(lines, contract, run.period, state, db),
      rules: Invoice.Rules(
        contractVersion: version.number,
        meterVersions: Dictionary(uniqueKeysWithValues: versions),
        indexVersions: Dictionary(uniqueKeysWithValues: indexVersions)))
  }

  /// The version a month is rated by; nil where the contract has not begun.
  private func version(
    _ key: ContractKey, _ month: BillingMonth, _ state: CatalogState
  ) throws -> ContractHistory.Version? {
    let history = state.catalog.histories[key]!
    if let version = history.inForce(in: month) { return version }
    guard month.next.firstDay > history.newest.from else { return nil }
    throw Fault(.danglingReference, "no version of the contract had taken effect in \(month)")
  }

  private func run(
    of contract: Contract, _ month: BillingMonth, _ state: CatalogState
  ) throws -> BillingRun {
    let zone = try zones.rules(contract.zone)
    let period = month.period(in: zone).intersection(contract.term(in: zone))
    return BillingRun(
      contract, month, zone: zone, assets: state.catalog.assets(of: contract, in: period),
      history: state.catalog.histories[contract.key])
  }

  /// The months that a run rests on, each rated anew by its own version of the contract. A month
  /// that reaches back further itself takes those before it along.
  private func before(
    _ run: BillingRun, _ key: ContractKey, _ month: BillingMonth, _ state: CatalogState,
    _ db: Database
  ) throws -> [RatedMonth] {
    var runs: [(BillingRun, Contract)] = []
    var (reach, next) = (run.reach, month.previous)
    while next >= reach, next < month, let version = try version(key, next, state) {
      let earlier = try self.run(of: version.contract, next, state)
      guard !earlier.period.isEmpty else { break }
      runs.append((earlier, version.contract))
      reach = min(reach, earlier.reach)
      next = next.previous
    }
    var months: [RatedMonth] = []
    for (run, contract) in runs.reversed() {
      months.append(try rate(run, contract, before: months, state, db))
    }
    return months
  }

  private func rate(
    _ run: BillingRun, _ contract: Contract, before: [RatedMonth], _ state: CatalogState,
    _ db: Database
  ) throws -> RatedMonth {
    try run.rate(
      UsageDesk.table(run.requests, contract, state, db),
      UsageDesk.table(run.eventRequests, contract, state, db),
      series: state.indexBook(of: contract), before: before)
  }

  private func evidence(
    _ lines: [RatedLine], _ contract: Contract, _ period: Period, _ state: CatalogState,
    _ db: Database
  ) throws -> [Evidence.Basis: Evidence] {
    var evidence: [Evidence.Basis: Evidence] = [:]
    for basis in Set(lines.flatMap(\.bases)) {
      guard let meter = state.meters[basis.meter] else { continue }
      let stretches = UsageDesk.stretches(contract, period, state.catalog, of: basis.assets)
      evidence[basis] = try EventLog.evidence(meter, stretches, db)
    }
    return evidence
  }
}
