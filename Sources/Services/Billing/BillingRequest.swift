package import Base
import Contracts
import Settlement
import Workflow

/// What a billing run is asked for.
package struct BillingRequest: Sendable {
  package enum Span: Hashable, Sendable {
    /// The period of that name.
    case month(BillingMonth)
    /// Every period that is over on that day and has no final invoice yet, the oldest first.
    case asOf(CivilDate)
  }

  package let span: Span
  /// One customer's contracts only.
  package let customer: CustomerKey?
  /// Contracts behind that one only, and no more than so many: a long run in parts.
  package let after: ContractKey?
  package let contractsMax: Int?
  /// Whether what comes of it is only shown, and nothing is kept.
  package let isDryRun: Bool
  /// Whether the drafts whose grace period is over are finalised.
  package let finalises: Bool
  /// Final invoices whose periods are to be counted again by the meters as they serve now; what
  /// that changes is a correction.
  package let recount: Set<InvoiceKey>

  package init(
    _ span: Span, customer: CustomerKey? = nil, after: ContractKey? = nil,
    contractsMax: Int? = nil, isDryRun: Bool = false, finalises: Bool = false,
    recount: Set<InvoiceKey> = []
  ) {
    self.span = span
    self.customer = customer
    self.after = after
    self.contractsMax = contractsMax
    self.isDryRun = isDryRun
    self.finalises = finalises
    self.recount = recount
  }

  /// The contracts in the order of their keys, and how many there are behind them.
  func contracts(_ catalog: Catalog) -> ([Contract], remaining: Int) {
    let all = catalog.contracts.values.filter { contract in
      (customer == nil || contract.customer == customer)
        && after.map { $0 < contract.key } ?? true
    }.sorted { $0.key < $1.key }
    let taken = Array(all.prefix(contractsMax ?? .max))
    return (taken, all.count - taken.count)
  }

  /// A parked result for each contract that cannot be read, up to the last one of this part.
  func unreadable(
    _ state: CatalogState, through last: ContractKey?
  ) -> [RunResult] {
    let month: BillingMonth =
      switch span {
      case .month(let month): month
      case .asOf(let day): BillingMonth(year: day.year, month: day.month)!
      }
    return state.unreadable.keys(of: customer).filter { key in
      after.map { $0 < key } ?? true && last.map { key <= $0 } ?? true
    }.map { key in
      RunResult(
        contract: key, customer: state.unreadable.customer(of: key), month: month,
        outcome: .parked, invoice: nil, total: nil, difference: nil,
        faults: [UnreadableContracts.fault(key)])
    }
  }
}

extension BillingRequest: CustomStringConvertible {
  /// Why a draft was written: `billing run of 2013-01`.
  package var description: String {
    switch span {
    case .month(let month): "billing run of \(month)"
    case .asOf(let day): "billing run as of \(day)"
    }
  }
}
