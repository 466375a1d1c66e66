package import Base

/// Everything that has been agreed, as it stands at one revision.
package struct Catalog: Sendable {
  package private(set) var customers: [CustomerKey: Customer] = [:]
  package private(set) var assets: [AssetKey: Asset] = [:]
  /// The newest version of each.
  package private(set) var contracts: [ContractKey: Contract] = [:]
  package private(set) var histories: [ContractKey: ContractHistory] = [:]
  package private(set) var indexSeries: [IndexSeriesKey: IndexSeries] = [:]
  package private(set) var taxes: [TaxKey: Tax] = [:]
  package private(set) var calendars: [CalendarKey: HolidayCalendar] = [:]
  private(set) var contractsByCustomer: [CustomerKey: Set<ContractKey>] = [:]
  /// The assets that have ever served each contract.
  private var assetsByContract: [ContractKey: Set<AssetKey>] = [:]
  /// The assets that ever filled each slot.
  private var assetsBySlot: [Slot: Set<AssetKey>] = [:]

  /// What each subject that has a meaning stands for, found by the bytes of an event.
  private var subjects = TextTable<Standing>()

  private struct Slot: Hashable {
    let contract: ContractKey
    let name: String
  }

  private enum Standing: Sendable {
    case asset(Asset)
    case customer
  }

  package init(customers: [Customer] = [], assets: [Asset] = [], contracts: [Contract] = []) {
    for customer in customers { put(customer) }
    for contract in contracts { put(contract) }
    for asset in assets { put(asset) }
  }

  package mutating func put(_ customer: Customer) {
    customers[customer.key] = customer
    if subjects[customer.key.text] == nil { subjects.put(.customer, for: customer.key.text) }
  }

  /// A contract that is there already has another version from now on.
  package mutating func put(_ contract: Contract) {
    if let before = contracts[contract.key] {
      contractsByCustomer[before.customer]?.remove(contract.key)
    }
    contractsByCustomer[contract.customer, default: []].insert(contract.key)
    contracts[contract.key] = contract
    if histories[contract.key]?.append(contract) == nil {
      histories[contract.key] = ContractHistory(contract)
    }
  }

  /// Lets one version of a contract hold throughout, as if it were the last that was agreed.
  package mutating func hold(_ version: Int, of key: ContractKey) throws(Fault) {
    guard let held = histories[key]?.holding(version) else {
      throw Fault(.unknownReference, "there is no version \(version) of contract `\(key)`")
    }
    histories[key] = held
    contracts[key] = held.newest
  }

  package mutating func put(_ series: IndexSeries) { indexSeries[series.key] = series }

  package mutating func put(_ tax: Tax) { taxes[tax.key] = tax }

  package mutating func put(_ calendar: HolidayCalendar) { calendars[calendar.key] = calendar }

  package mutating func put(_ asset: Asset) {
    for assignment in assets[asset.key]?.assignments ?? [] {
      assetsByContract[assignment.contract]?.remove(asset.key)
      if let slot = slot(of: assignment) { assetsBySlot[slot]?.remove(asset.key) }
    }
    for assignment in asset.assignments {
      assetsByContract[assignment.contract, default: []].insert(asset.key)
      if let slot = slot(of: assignment) { assetsBySlot[slot, default: []].insert(asset.key) }
    }
    assets[asset.key] = asset
    subjects.put(.asset(asset), for: asset.key.text)
  }

  /// Why an event about `subject` at that time would not reach any contract, or nil where it does.
  package func doubt(
    aboutSubject subject: UnsafeRawBufferPointer?, at instant: Instant
  ) -> Fault.Code? {
    switch subject.flatMap({ subjects[$0] }) {
    case .asset(let asset): asset.contract(at: instant) == nil ? .unassignedSubject : nil
    case .customer: nil
    case nil: .unknownSubject
    }
  }

  /// Whose events count towards a contract, and when: its assets while they are assigned to it, and
  /// the customer itself throughout, unless the contract leaves that to others. A subject that
  /// names both is the asset, as in `doubt`, so that no event counts twice.
  package func subjects(of contract: Contract, in period: Period) -> [(subject: String, Period)] {
    var stretches: [(subject: String, Period)] =
      countsCustomer(contract) ? [(contract.customer.text, period)] : []
    for asset in (assetsByContract[contract.key] ?? []).sorted().compactMap({ assets[$0] }) {
      for assignment in asset.assignments where assignment.contract == contract.key {
        let stretch = assignment.period.intersection(period)
        if !stretch.isEmpty { stretches.append((asset.key.text, stretch)) }
      }
    }
    return stretches
  }

  /// The assets that serve a contract at some time of the period, in order.
  package func assets(of contract: Contract, in period: Period) -> [AssetKey] {
    (assetsByContract[contract.key] ?? []).sorted().filter { key in
      assets[key]!.assignments.contains {
        $0.contract == contract.key && !$0.period.intersection(period).isEmpty
      }
    }
  }

  /// When each asset serves a contract within the period.
  package func assignments(of contract: Contract, in period: Period) -> [AssetKey: [Period]] {
    var assignments: [AssetKey: [Period]] = [:]
    for key in assetsByContract[contract.key] ?? [] {
      let stretches = assets[key]!.assignments.filter { $0.contract == contract.key }
        .map { $0.period.intersection(period) }.filter { !$0.isEmpty }
      if !stretches.isEmpty { assignments[key] = stretches }
    }
    return assignments
  }

  /// When each asset that ever serves a contract serves another one.
  package func assignments(besides contract: Contract) -> [AssetKey: [Period]] {
    var assignments: [AssetKey: [Period]] = [:]
    for key in assetsByContract[contract.key] ?? [] {
      let stretches = assets[key]!.assignments.filter { $0.contract != contract.key }
        .map(\.period)
      if !stretches.isEmpty { assignments[key] = stretches }
    }
    return assignments
  }

  /// The contracts that an event about a subject counts towards at that time.
  package func contracts(ofSubject subject: String, at instant: Instant) -> [ContractKey] {
    switch subjects[subject] {
    case .asset(let asset): [asset.contract(at: instant)].compactMap { $0 }
    case .customer:
      (try? CustomerKey(subject)).map { contracts(of: $0).filter(countsCustomer).map(\.key) } ?? []
    case nil: []
    }
  }

  package func contracts(of customer: CustomerKey) -> [Contract] {
    (contractsByCustomer[customer] ?? []).sorted().compactMap { contracts[$0] }
  }

  /// Whether events about the customer itself count towards a contract.
  func countsCustomer(_ contract: Contract) -> Bool {
    let isAlsoAsset = (try? AssetKey(contract.customer.text)).map { assets[$0] != nil } ?? false
    return contract.customerEvents && !isAlsoAsset
  }

  private func slot(of assignment: Assignment) -> Slot? {
    assignment.slot.map { Slot(contract: assignment.contract, name: $0) }
  }
}

extension Catalog {
  /// Slots that the asset is said to fill and cannot: the contract has none of that name, or
  /// another asset fills it at the time.
  package func slotFaults(of asset: Asset) -> [Fault] {
    asset.assignments.enumerated().compactMap { index, assignment in
      guard let slot = slot(of: assignment), let contract = contracts[slot.contract] else {
        return nil
      }
      let pointer = "/assignments/\(index)/slot"
      guard contract.slots.contains(slot.name) else {
        return Fault(
          .unknownReference, "contract `\(contract.key)` has no slot `\(slot.name)`", at: pointer)
      }
      let others = assetsBySlot[slot, default: []].subtracting([asset.key]).sorted()
      let holder = others.first { other in
        assets[other]!.assignments.contains {
          self.slot(of: $0) == slot && !$0.period.intersection(assignment.period).isEmpty
        }
      }
      return holder.map {
        Fault(
          .invalidValue, "asset `\($0)` fills the slot `\(slot.name)` at that time", at: pointer)
      }
    }
  }

  /// Slots that assets fill and the contract no longer has.
  package func slotFaults(of contract: Contract) -> [Fault] {
    let filled = assetsBySlot.filter { $0.key.contract == contract.key && !$0.value.isEmpty }
    return filled.sorted { $0.key.name < $1.key.name }
      .filter { !contract.slots.contains($0.key.name) }
      .map { slot, assets in
        Fault(
          .unknownReference,
          "asset `\(assets.min()!)` fills the slot `\(slot.name)`, which is not among them",
          at: "/slots")
      }
  }
}
