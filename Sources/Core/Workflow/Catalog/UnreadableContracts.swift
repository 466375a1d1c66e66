package import Base

/// Contracts that rest on a damaged page of the catalog. A run parks them; what they may have a
/// part in is refused, so that no figure leaves them out in silence.
package struct UnreadableContracts: Sendable {
  /// The customer of each; nil where that cannot be read either.
  private var customers: [ContractKey: CustomerKey?] = [:]

  package var keys: [ContractKey] { customers.keys.sorted() }
  package var isEmpty: Bool { customers.isEmpty }

  package init() {}

  package mutating func add(_ key: ContractKey, of customer: CustomerKey?) {
    customers.updateValue(customer, forKey: key)
  }

  package func customer(of key: ContractKey) -> CustomerKey? { customers[key] ?? nil }

  /// Those that are, or may be, a customer's; with nil, all.
  package func keys(of customer: CustomerKey?) -> [ContractKey] {
    keys.filter { key in
      customer == nil || self.customer(of: key).map { $0 == customer } ?? true
    }
  }

  package static func fault(_ key: ContractKey) -> Fault {
    Fault(
      .dataDamaged,
      "contract `\(key)` lies on a damaged page of the database; the log and `usance verify` say "
        + "which")
  }

  /// Throws where that contract is among them.
  package func check(_ key: ContractKey) throws(Fault) {
    if customers[key] != nil { throw UnreadableContracts.fault(key) }
  }

  /// Throws where one of them is, or may be, that customer's; with nil, where there are any.
  package func check(customer: CustomerKey?) throws(Fault) {
    if let key = keys(of: customer).first { throw UnreadableContracts.fault(key) }
  }

  /// For the log.
  package var sentences: [String] {
    guard !isEmpty else { return [] }
    return keys.map { "contract `\($0)` cannot be read: billing runs park it" }
      + ["the catalog cannot be changed until these contracts can be read again"]
  }
}
