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

  /// The lines alone, from buckets: without evidence, for which the log is read.
  package func lines(_ contract: Contract, _ month: BillingMonth) throws -> [RatedLine] {
    let state = catalogs.current
    let run = BillingRun(contract, month, zone: try zones.rules(contract.zone))
    return try store.pool.read { db in
      try run.lines(
        UsageDesk.table(run.requests, contract, state, db), state.indexBook(of: contract))
    }
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

  private func invoice(
    _ key: ContractKey, _ month: BillingMonth, _ state: CatalogState, _ db: Database
  ) throws -> Invoice? {
    let history = state.catalog.histories[key]!
    guard let version = history.inForce(in: month) else {
      guard month.next.firstDay > history.newest.from else { return nil }
      throw Fault(.danglingReference, "no version of the contract had taken effect in \(month)")
    }
    let contract = version.contract
    guard let customer = state.catalog.customers[contract.customer] else {
      throw Fault(.danglingReference, "there is no customer `\(contract.customer)`")
    }
    let run = BillingRun(contract, month, zone: try zones.rules(contract.zone))
    guard !run.period.isEmpty else { return nil }
    let series = state.indexBook(of: contract)
    let lines = try run.lines(UsageDesk.table(run.requests, contract, state, db), series)
    let stretches = UsageDesk.stretches(contract, run.period, state.catalog)
    let meters = Set(lines.flatMap(\.meters)).compactMap { state.meters[$0] }
    let evidence = try meters.map { ($0.key, try EventLog.evidence($0, stretches, db)) }
    let versions = meters.map { ($0.key, state.servingVersion(of: $0.key)) }
    let indexVersions = series.keys.map { ($0, state.version(.indexSeries, $0.text)) }
    return try run.invoice(
      for: customer, lines, evidence: Dictionary(uniqueKeysWithValues: evidence),
      rules: Invoice.Rules(
        contractVersion: version.number,
        meterVersions: Dictionary(uniqueKeysWithValues: versions),
        indexVersions: Dictionary(uniqueKeysWithValues: indexVersions)))
  }
}
