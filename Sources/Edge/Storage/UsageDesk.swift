package import Base
package import Contracts
import GRDB
package import Metering
import Rating

/// Answers what was used: a meter, a window, a contract or a customer.
package struct UsageDesk: Sendable {
  private let store: Store
  private let catalogs: Catalogs

  package init(_ store: Store, _ catalogs: Catalogs) {
    self.store = store
    self.catalogs = catalogs
  }

  /// Usage of everything that serves one of the customer's contracts in the period, each event
  /// once.
  package func usage(
    _ meter: MeterKey, customer: CustomerKey, _ period: Period
  ) throws -> MeteredUsage {
    let state = catalogs.current
    guard state.catalog.customers[customer] != nil else {
      throw Fault(.notFound, "there is no such customer")
    }
    let stretches = state.catalog.contracts(of: customer).flatMap { contract in
      UsageDesk.stretches(contract, period, state.catalog)
    }
    return try usage(meter, Array(Set(stretches)), state)
  }

  package func usage(
    _ meter: MeterKey, asset: AssetKey, _ period: Period
  ) throws -> MeteredUsage {
    let state = catalogs.current
    guard state.catalog.assets[asset] != nil else {
      throw Fault(.notFound, "there is no such asset")
    }
    return try usage(meter, [SubjectStretch(asset.text, period)], state)
  }

  package func usage(
    _ meter: MeterKey, contract: Contract, _ period: Period
  ) throws -> MeteredUsage {
    let state = catalogs.current
    return try usage(meter, UsageDesk.stretches(contract, period, state.catalog), state)
  }

  /// From the first to the last hour in which anything was used that the contract prices.
  package func span(of contract: Contract) throws -> Period? {
    let state = catalogs.current
    let meters = Set(contract.clauses.flatMap(\.meters))
    let subjects = Set(UsageDesk.stretches(contract, .always, state.catalog).map(\.subject))
    return try store.pool.read { db in
      var hours: [Int64] = []
      for meter in meters {
        guard let meter = state.meters[meter] else { continue }
        for subject in subjects {
          guard let subject = try Names.find(subject, db) else { continue }
          hours += try Buckets.span(meter, subject: subject, db)
        }
      }
      guard let first = hours.min(), let last = hours.max() else { return nil }
      return Period(
        start: Instant(clampingSeconds: first * 3600), end: Instant(clampingSeconds: last * 3600))
    }
  }

  private func usage(
    _ meter: MeterKey, _ stretches: [SubjectStretch], _ state: CatalogState
  ) throws -> MeteredUsage {
    let meter = try state.meter(meter)
    return try store.pool.read { db in
      MeteredUsage(meter, try Buckets.usage(meter, stretches, db))
    }
  }

  /// All that the clauses of a contract asked for, read in one transaction.
  static func table(
    _ requests: [UsageRequest], _ contract: Contract, _ state: CatalogState, _ db: Database
  ) throws -> UsageTable {
    var values: [UsageRequest: MeteredUsage] = [:]
    for request in Set(requests) {
      guard state.hasMeter(request.meter) else { continue }
      let meter = try state.meter(request.meter)
      let stretches = stretches(contract, request.period, state.catalog)
      values[request] = MeteredUsage(meter, try Buckets.usage(meter, stretches, db))
    }
    return UsageTable(values)
  }

  static func stretches(
    _ contract: Contract, _ period: Period, _ catalog: Catalog
  ) -> [SubjectStretch] {
    catalog.subjects(of: contract, in: period).map { SubjectStretch($0.subject, $0.1) }
  }
}
