package import Base

/// What two contracts of one customer would both bill. Events about an asset belong to the contract
/// that it serves at the time. Those about the customer itself belong to every contract of it that
/// prices their meter: were there two, they would be billed twice.
extension Catalog {
  /// A meter whose events about the customer another contract prices as well.
  package struct SharedMeter: Hashable, Sendable {
    package let meter: MeterKey
    package let other: ContractKey
  }

  /// Those of a contract on the days from one to another, in order.
  package func sharedMeters(
    of contract: Contract, from start: CivilDate, until end: CivilDate?
  ) -> [SharedMeter] {
    guard countsCustomer(contract), let history = histories[contract.key],
      contractsByCustomer[contract.customer].map({ $0.count > 1 }) ?? false
    else { return [] }
    return contracts(of: contract.customer).flatMap { other -> [SharedMeter] in
      guard other.key != contract.key, countsCustomer(other) else { return [] }
      let from = [start, contract.from, other.from].max()!
      let until = [end, contract.until, other.until].compactMap(\.self).min()
      guard let theirs = histories[other.key]?.customerMeters(from: from, until: until) else {
        return []
      }
      return history.customerMeters(from: from, until: until).intersection(theirs).sorted()
        .map { SharedMeter(meter: $0, other: other.key) }
    }
  }

  /// Why a contract cannot be agreed on beside others: they do not say which part of the usage is
  /// whose. Assets keep two contracts apart where each has some. What is closed stays as it is.
  package func sharingFaults(of contract: Contract, closed: CivilDate?) -> [Fault] {
    let hasAssets = !assets(of: contract, in: .always).isEmpty
    let shared = sharedMeters(of: contract, from: closed ?? contract.from, until: nil)
    return shared.filter { shared in
      let other = contracts[shared.other]!
      return !hasAssets || assets(of: other, in: .always).isEmpty
    }.map {
      Fault(
        .invalidValue,
        """
        contract `\($0.other)` prices the meter `\($0.meter)` for `\(contract.customer)` as well: \
        let each have `assets` of its own, or say `customerEvents: false` in the one for which \
        events about the customer itself do not count
        """, at: "/clauses")
    }
  }
}

extension ContractHistory {
  /// The meters whose events about the customer itself it prices on some days.
  fileprivate func customerMeters(from start: CivilDate, until end: CivilDate?) -> Set<MeterKey> {
    guard end.map({ start < $0 }) ?? true else { return [] }
    let days = versions.map(\.contract.effective).filter { day in
      start < day && end.map { day < $0 } ?? true
    }
    return Set(([start] + days).flatMap { inForce(on: $0)?.contract.customerMeters ?? [] })
  }
}

extension Contract {
  private static let pricing: Set<RatingStage> = [.usage, .outcome, .gainShare, .coCreation]

  fileprivate var customerMeters: [MeterKey] {
    let own = clauses.filter { $0.assets.isEmpty && !$0.isPerAsset }
    return own.filter { Contract.pricing.contains($0.stage) }.flatMap(\.meters)
  }
}
