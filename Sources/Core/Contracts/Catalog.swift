package import Base

/// Everything that has been agreed, as it stands at one revision.
package struct Catalog: Sendable {
  package private(set) var customers: [CustomerKey: Customer] = [:]
  package private(set) var assets: [AssetKey: Asset] = [:]
  package private(set) var contracts: [ContractKey: Contract] = [:]
  /// The assets that have ever served each contract.
  private var assetsByContract: [ContractKey: Set<AssetKey>] = [:]

  /// What each subject that has a meaning stands for, found by the bytes of an event.
  private var subjects = TextTable<Standing>()

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

  package mutating func put(_ contract: Contract) { contracts[contract.key] = contract }

  package mutating func put(_ asset: Asset) {
    for assignment in assets[asset.key]?.assignments ?? [] {
      assetsByContract[assignment.contract]?.remove(asset.key)
    }
    for assignment in asset.assignments {
      assetsByContract[assignment.contract, default: []].insert(asset.key)
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
  /// the customer itself throughout. A subject that names both is the asset, as in `doubt`, so that
  /// no event counts twice.
  package func subjects(of contract: Contract, in period: Period) -> [(subject: String, Period)] {
    let customer = contract.customer.text
    let isAlsoAsset = (try? AssetKey(customer)).map { assets[$0] != nil } ?? false
    var stretches: [(subject: String, Period)] = isAlsoAsset ? [] : [(customer, period)]
    for asset in (assetsByContract[contract.key] ?? []).sorted().compactMap({ assets[$0] }) {
      for assignment in asset.assignments where assignment.contract == contract.key {
        let stretch = assignment.period.intersection(period)
        if !stretch.isEmpty { stretches.append((asset.key.text, stretch)) }
      }
    }
    return stretches
  }

  /// The contracts that an event about a subject counts towards at that time.
  package func contracts(ofSubject subject: String, at instant: Instant) -> [ContractKey] {
    switch subjects[subject] {
    case .asset(let asset): [asset.contract(at: instant)].compactMap { $0 }
    case .customer:
      (try? CustomerKey(subject)).map { contracts(of: $0).map(\.key) } ?? []
    case nil: []
    }
  }

  package func contracts(of customer: CustomerKey) -> [Contract] {
    contracts.values.filter { $0.customer == customer }.sorted { $0.key < $1.key }
  }

  /// The references of a document to things that are not there, each with its place.
  package func danglingReferences(of asset: Asset) -> [Fault] {
    Set(asset.assignments.map(\.contract)).sorted().filter { contracts[$0] == nil }.map {
      Fault(.danglingReference, "there is no contract `\($0)`", at: "/assignments")
    }
  }

  package func danglingReferences(of contract: Contract) -> [Fault] {
    customers[contract.customer] != nil
      ? []
      : [
        Fault(
          .danglingReference, "there is no customer `\(contract.customer)`", at: "/customer")
      ]
  }
}
