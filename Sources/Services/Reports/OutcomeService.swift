package import Base
package import Contracts
package import Metering
package import Rating
package import Workflow

/// Where outcomes stand, and what each was billed.
package struct OutcomeService: Sendable {
  /// All that is given must hold.
  package struct Filter: Sendable {
    package var customer: CustomerKey?
    package var contract: ContractKey?
    package var clause: String?
    package var asset: AssetKey?
    package var state: OutcomeState?
    package var outcome: OutcomeKey?

    package init() {}
  }

  /// One outcome, as a clause of a contract sees it.
  package struct Item: Sendable {
    package let contract: Contract
    package let clause: String
    package let asset: AssetKey?
    package let entry: OutcomeAccount.Entry
    /// The invoice, draft or final, that has what it is billed; nil where none has, or not yet.
    package let invoice: InvoiceKey?

    /// Its place in the list: by contract, clause, asset and key.
    package var position: [String] {
      [contract.key.text, clause, asset?.text ?? "", entry.outcome.key.text]
    }
  }

  private let home: any Home
  private let zones: any ZoneSource

  package init(_ home: any Home, _ zones: any ZoneSource) {
    self.home = home
    self.zones = zones
  }

  /// As things stand at `now`: at most `limit` behind the position `after`.
  package func list(
    _ filter: Filter, after: [String]? = nil, limit: Int, now: Instant
  ) throws -> [Item] {
    let state = home.agreements
    if let contract = filter.contract {
      try state.unreadable.check(contract)
    } else {
      try state.unreadable.check(customer: filter.customer)
    }
    let contracts = state.catalog.contracts.values.sorted { $0.key < $1.key }.filter {
      (filter.contract ?? $0.key) == $0.key && (filter.customer ?? $0.customer) == $0.customer
    }
    var items: [Item] = []
    for contract in contracts where after.map({ $0[0] <= contract.key.text }) ?? true {
      let sorted = try self.items(of: contract.key, now, state)
        .filter { isWanted($0, filter) && isBehind($0.position, after) }
        .sorted { $0.position.lexicographicallyPrecedes($1.position) }
      items += sorted.prefix(limit - items.count)
      if items.count == limit { break }
    }
    return items
  }

  /// The one outcome that a filter leaves; a fault where there is none, or more than one.
  package func one(_ filter: Filter, now: Instant) throws -> Item {
    let items = try list(filter, limit: 2, now: now)
    guard let item = items.first else { throw Fault(.notFound, "there is no such outcome") }
    guard items.count == 1 else {
      throw Fault(
        .invalidValue, "several clauses know an outcome of that key: say `contract` and `clause`")
    }
    return item
  }

  private func items(
    of key: ContractKey, _ now: Instant, _ state: CatalogState
  ) throws -> [Item] {
    try Interruption.check()
    guard let history = state.catalog.histories[key] else { return [] }
    let zone = try zones.rules(history.newest.zone)
    let contract = history.inForce(on: zone.date(at: now))?.contract ?? history.newest
    let run = OutcomeRating(
      contract, at: now, zone: zone, assets: state.catalog.assets(of: contract, in: .always),
      assignments: state.catalog.assignments(of: contract, in: contract.term(in: zone)),
      history: history)
    let (events, billed) = try home.read { snapshot in
      (
        try RatingContext(state, snapshot).table(run.requests, contract, .serving),
        try BilledOutcomes(contract, zone, snapshot)
      )
    }
    let said = try billed.said(run.requests.flatMap { try events.facts($0) })
    return try run.accounts(events).flatMap { account in
      account.account.entries.map { entry in
        Item(
          contract: contract, clause: account.clause, asset: account.asset, entry: entry,
          invoice: billed.invoice(of: entry, said))
      }
    }
  }

  private func isWanted(_ item: Item, _ filter: Filter) -> Bool {
    let outcome = item.entry.outcome
    return (filter.clause ?? item.clause) == item.clause
      && (filter.asset == nil || filter.asset == item.asset)
      && (filter.state ?? outcome.standing.state) == outcome.standing.state
      && (filter.outcome ?? outcome.key) == outcome.key
  }

  private func isBehind(_ position: [String], _ after: [String]?) -> Bool {
    after.map { $0.lexicographicallyPrecedes(position) } ?? true
  }
}
