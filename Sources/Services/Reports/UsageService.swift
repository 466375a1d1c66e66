package import Base
package import Contracts
package import Metering
import Rating
package import Workflow

/// Answers what was used: a meter, its windows, and whose usage it is.
package struct UsageService: Sendable {
  let home: any Home
  let zones: any ZoneSource

  package init(_ home: any Home, _ zones: any ZoneSource) {
    self.home = home
    self.zones = zones
  }

  /// Values are counted before they are read: so many windows of so many subjects at once.
  package static let windowsMax = 10_000
  private static let valuesMax = 100_000
  /// So many are held of groups at once, also where only their sums are asked for.
  private static let groupValuesMax = 1_000_000

  /// Each event counts once, in the window that holds its time.
  package func answer(_ question: UsageScopeQuery) throws -> UsageResult {
    let state = home.agreements
    let meter = try state.meter(question.meter)
    let stretches = try stretches(question, state)
    let bySubject = Dictionary(grouping: Set(stretches), by: \.subject)
    let series = question.breakdown == .asset ? bySubject.count : 1
    guard series * question.windows.count <= Self.valuesMax else {
      throw Fault(
        .limitExceeded,
        "\(series) subjects with \(question.windows.count) windows each are more than "
          + "\(Self.valuesMax) values; ask for longer windows, or for less time")
    }
    return try home.read { snapshot in
      try refuse(question, ofManyGroups: meter, snapshot)
      return try snapshot.usage([
        UsageQuery(
          meter, question.windows, of: bySubject.values.flatMap(\.self),
          by: question.breakdown)
      ])[0]
    }
  }

  /// Devices name the groups, so there may be any number of them.
  private func refuse(
    _ question: UsageScopeQuery, ofManyGroups meter: MeterDefinition, _ snapshot: any Snapshot
  ) throws {
    guard !meter.groupBy.isEmpty else { return }
    let groups = try snapshot.groupCount(of: meter)
    let valuesMax = question.breakdown == .group ? Self.valuesMax : Self.groupValuesMax
    guard groups * question.windows.count <= valuesMax else {
      throw Fault(
        .limitExceeded,
        "\(groups) groups with \(question.windows.count) windows each are more than \(valuesMax) "
          + "values; ask for longer windows, or for less time")
    }
  }

  package func usage(
    _ meter: MeterKey, contract: Contract, _ period: Period
  ) throws -> MeteredUsage {
    let state = home.agreements
    let query = UsageQuery(
      try state.meter(meter), Windows(period),
      of: state.catalog.stretches(of: contract, in: period))
    return try home.read { try $0.usage([query])[0].all.whole }
  }

  /// From the first to the last hour in which anything was used that the contract prices.
  package func span(of contract: Contract) throws -> Period? {
    let state = home.agreements
    let meters = Set(contract.clauses.flatMap(\.meters))
    let subjects = Set(state.catalog.stretches(of: contract, in: .always).map(\.subject))
    return try home.read { snapshot in
      let spans = try meters.compactMap { meter in
        try state.meters[meter].flatMap { try snapshot.span(of: $0, subjects) }
      }
      guard let start = spans.map(\.start).min(), let end = spans.map(\.end).max() else {
        return nil
      }
      return Period(start: start, end: end)
    }
  }

  private func stretches(
    _ question: UsageScopeQuery, _ state: CatalogState
  ) throws -> [SubjectStretch] {
    let (period, catalog) = (question.windows.period, state.catalog)
    switch question.scope {
    case .customer(let customer):
      guard catalog.customers[customer] != nil else {
        throw Fault(.notFound, "there is no such customer")
      }
      try state.unreadable.check(customer: customer)
      // Its own events are there whether or not a contract prices them.
      return [SubjectStretch(customer.text, period)]
        + catalog.contracts(of: customer).flatMap { contract in
          catalog.stretches(of: contract, in: period).filter { $0.subject != customer.text }
        }
    case .contract(let key):
      try state.unreadable.check(key)
      guard let contract = catalog.contracts[key] else {
        throw Fault(.notFound, "there is no such contract")
      }
      let term = contract.term(in: try zones.rules(contract.zone))
      return catalog.stretches(of: contract, in: period.intersection(term))
    case .assets(let assets):
      for asset in assets where catalog.assets[asset] == nil {
        throw Fault(.notFound, "there is no such asset")
      }
      return assets.map { SubjectStretch($0.text, period) }
    }
  }
}
