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

  fileprivate init?(_ contract: Contract, _ months: [BillingMonth], isDraft: Bool) {
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

extension BillingService {
  /// None where every earlier period is final, or a draft that waits for its events.
  func neverBilled(
    _ contract: Contract, before month: BillingMonth, now: Instant, _ snapshot: any Snapshot
  ) throws -> [NeverBilled] {
    let zone = try zones.rules(contract.zone)
    let first = contract.billing.firstDay(of: month)
    let earlier = contract.periods(overOn: min(first, zone.date(at: now)))
    guard !earlier.isEmpty else { return [] }
    let statuses = try snapshot.statuses(contract.key)
    let drafts = earlier.filter { month in
      guard statuses[month] == .draft else { return false }
      let period = contract.billing.period(month, in: zone).intersection(contract.term(in: zone))
      return contract.graceEnd(periodEnd: period.end) <= now
    }
    return [
      NeverBilled(
        contract, earlier.filter { [nil, .void].contains(statuses[$0]) }, isDraft: false),
      NeverBilled(contract, drafts, isDraft: true),
    ].compactMap(\.self)
  }

  /// That a period has not begun or still runs; nil where it is over.
  func stillToCome(
    _ contract: Contract, _ month: BillingMonth, now: Instant
  ) throws -> Fault? {
    let cycle = contract.isOver(before: month) ? contract.cycleBehindEnd : contract.billing
    let (first, next) = (cycle.firstDay(of: month), cycle.firstDay(of: cycle.next(after: month)))
    let (start, end) = (
      max(first, contract.from), contract.until.map { $0 > first ? min($0, next) : next } ?? next
    )
    let today = try zones.rules(contract.zone).date(at: now)
    if today < start {
      return Fault(.periodNotOver, "\(month) has not begun: it is from \(start) until \(end)")
    }
    return today < end ? Fault(.periodNotOver, "\(month) still runs, until \(end)") : nil
  }
}
