package import Base
import Contracts
import Settlement
import Workflow

/// Periods of a contract that were over before the one that a run bills began, and that nobody was
/// billed for: they have no invoice, or the last that was is void; or only a draft, although events
/// for them are no longer waited for.
package struct NeverBilled: Sendable {
  package let contract: ContractKey
  package let customer: CustomerKey
  /// The first and the last of them.
  package let months: ClosedRange<BillingMonth>
  /// How many there are.
  package let count: Int
  /// Whether each has a draft; else none has one.
  package let isDraft: Bool
  /// Whether all that lie between are among them.
  private let isUnbroken: Bool

  init?(_ contract: Contract, _ months: [BillingMonth], isDraft: Bool) {
    guard let first = months.first, let last = months.last else { return nil }
    self.isDraft = isDraft
    self.contract = contract.key
    customer = contract.customer
    self.months = first...last
    count = months.count
    isUnbroken = zip(months, months.dropFirst()).allSatisfy {
      contract.billing.next(after: $0) == $1
    }
  }

  /// `2013-01 to 2013-03 were never billed`, or `2013-01 is still a draft`.
  package var sentence: String {
    let (first, last) = (months.lowerBound, months.upperBound)
    guard count > 1 else {
      return isDraft ? "\(first) is still a draft" : "\(first) was never billed"
    }
    let periods =
      isUnbroken ? "\(first) to \(last)" : "\(count) periods from \(first) to \(last)"
    return periods + (isDraft ? " are still drafts" : " were never billed")
  }
}
