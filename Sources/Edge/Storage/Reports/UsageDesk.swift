package import Base
package import Contracts
import GRDB
package import Metering
import Rating

/// Answers what was used: a meter, its windows, and whose usage it is.
package struct UsageDesk: Sendable {
  let store: Store
  let catalogs: Catalogs
  let zones: Zones

  package init(_ store: Store, _ catalogs: Catalogs, _ zones: Zones) {
    self.store = store
    self.catalogs = catalogs
    self.zones = zones
  }

  /// Values are counted before they are read: so many windows of so many subjects at once.
  package static let windowsMax = 10_000
  private static let valuesMax = 100_000
  /// So many are held of groups at once, also where only their sums are asked for.
  private static let groupValuesMax = 1_000_000

  /// Each event counts once, in the window that holds its time.
  package func answer(_ question: UsageQuestion) throws -> UsageAnswer {
    let state = catalogs.current
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
    return try store.pool.read { db in
      try refuse(question, ofManyGroups: meter, db)
      return try UsageDesk.answer(
        meter, question.windows, question.breakdown, bySubject, Look(state, db))
    }
  }

  /// Devices name the groups, so there may be any number of them.
  private func refuse(
    _ question: UsageQuestion, ofManyGroups meter: MeterDefinition, _ db: Database
  ) throws {
    guard !meter.groupBy.isEmpty else { return }
    let groups = try MeterSeries.all(of: meter, db).count
    let valuesMax = question.breakdown == .group ? Self.valuesMax : Self.groupValuesMax
    guard groups * question.windows.count <= valuesMax else {
      throw Fault(
        .limitExceeded,
        "\(groups) groups with \(question.windows.count) windows each are more than \(valuesMax) "
          + "values; ask for longer windows, or for less time")
    }
  }

  private static func answer(
    _ meter: MeterDefinition, _ windows: Windows, _ breakdown: UsageBreakdown?,
    _ stretches: [String: [SubjectStretch]], keepingTimelines: Bool = false, _ look: Look
  ) throws -> UsageAnswer {
    let none = [Usage](repeating: Usage(), count: windows.count)
    var all = none
    var parts: [String: [Usage]] = [:]
    guard !windows.isEmpty else { return UsageAnswer(UsageSeries(meter, all)) }
    let buckets = try look.buckets(meter, windows, keepingTimelines: keepingTimelines)
    for (subject, stretches) in stretches {
      try Interruption.check()
      if breakdown == .asset { parts[subject] = none }
      for (group, usage) in try buckets.usage(of: subject, in: stretches.map(\.period), look.db) {
        add(usage, to: &all)
        switch breakdown {
        case .asset: add(usage, to: &parts[subject, default: none])
        case .group: add(usage, to: &parts[group, default: none])
        case nil: break
        }
      }
    }
    return UsageAnswer(
      UsageSeries(meter, all),
      parts: parts.sorted { $0.key < $1.key }.map { .init($0.key, UsageSeries(meter, $0.value)) })
  }

  private static func add(_ usage: [Usage], to sums: inout [Usage]) {
    for (place, usage) in usage.enumerated() { sums[place].add(usage) }
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
      return Period(hours: first..<last)
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

  private func stretches(
    _ question: UsageQuestion, _ state: CatalogState
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
          UsageDesk.stretches(contract, period, catalog).filter { $0.subject != customer.text }
        }
    case .contract(let key):
      try state.unreadable.check(key)
      guard let contract = catalog.contracts[key] else {
        throw Fault(.notFound, "there is no such contract")
      }
      let term = contract.term(in: try zones.rules(contract.zone))
      return UsageDesk.stretches(contract, period.intersection(term), catalog)
    case .assets(let assets):
      for asset in assets where catalog.assets[asset] == nil {
        throw Fault(.notFound, "there is no such asset")
      }
      return assets.map { SubjectStretch($0.text, period) }
    }
  }

  /// All that the clauses of a contract asked for, read in one transaction.
  static func table(
    _ requests: [UsageRequest], _ contract: Contract, _ pins: MeterPins, _ look: Look
  ) throws -> UsageTable {
    let state = look.state
    var answers: [UsageRequest: UsageAnswer] = [:]
    for request in Set(requests) {
      guard state.hasMeter(request.meter) else { continue }
      let stretches = stretches(
        contract, request.windows.period, state.catalog, of: request.assets)
      answers[request] = try answer(
        look.meter(request.meter, pins), request.windows, request.breakdown,
        Dictionary(grouping: stretches, by: \.subject),
        keepingTimelines: request.keepsTimelines, look)
    }
    return UsageTable(answers)
  }

  /// The events that the clauses of a contract asked for one by one.
  static func table(
    _ requests: [EventRequest], _ contract: Contract, _ pins: MeterPins, _ look: Look
  ) throws -> EventTable {
    let state = look.state
    var facts: [EventRequest: [EventFact]] = [:]
    for request in Set(requests) {
      guard state.hasMeter(request.meter) else { continue }
      var stretches = stretches(contract, request.period, state.catalog, of: request.assets)
      if request.isToTheEnd { stretches = toTheEnd(stretches, request.period) }
      facts[request] = try EventLog.facts(look.meter(request.meter, pins), stretches, look.db)
    }
    return EventTable(facts)
  }

  /// Of each subject everything from when it first counts.
  private static func toTheEnd(
    _ stretches: [SubjectStretch], _ period: Period
  ) -> [SubjectStretch] {
    Dictionary(grouping: stretches, by: \.subject).sorted { $0.key < $1.key }.map {
      let start = $1.map(\.period.start).min()!
      return SubjectStretch($0, Period(start: start, end: period.end))
    }
  }

  /// Whose events a line rests on, and when: `period` is that of its line where it says no other.
  /// Of what is named one by one, also what was said once an asset, or the contract, was gone.
  static func stretches(
    of basis: Evidence.Basis, _ contract: Contract, _ period: Period, _ catalog: Catalog
  ) -> [SubjectStretch] {
    let time = basis.period ?? period
    let stretches = stretches(contract, time, catalog, of: basis.assets)
    guard basis.events != nil else { return stretches }
    let before = UsageDesk.stretches(
      contract, Period(start: .earliest, end: time.end), catalog, of: basis.assets)
    return toTheEnd(before, time).map {
      SubjectStretch($0.subject, $0.period.intersection(time))
    }
  }

  /// Whose events count towards a contract, and when; of all, or of some assets alone.
  static func stretches(
    _ contract: Contract, _ period: Period, _ catalog: Catalog, of assets: [AssetKey]? = nil
  ) -> [SubjectStretch] {
    let wanted = assets.map { Set($0.map(\.text)) }
    return catalog.subjects(of: contract, in: period)
      .filter { wanted?.contains($0.subject) ?? true }
      .map { SubjectStretch($0.subject, $0.1) }
  }
}
