package import Base
import Contracts
import GRDB

/// Periods of a contract that were over before the one that a run bills began, and have no invoice:
/// nobody has billed them, or the last that was is void.
package struct NeverBilled: Sendable {
  package let contract: ContractKey
  package let customer: CustomerKey
  /// The first and the last of them.
  package let months: ClosedRange<BillingMonth>
  /// How many there are.
  package let count: Int
  /// Whether all that lie between are among them.
  private let isUnbroken: Bool

  fileprivate init?(_ contract: Contract, _ months: [BillingMonth]) {
    guard let first = months.first, let last = months.last else { return nil }
    self.contract = contract.key
    customer = contract.customer
    self.months = first...last
    count = months.count
    isUnbroken = zip(months, months.dropFirst()).allSatisfy {
      contract.billing.next(after: $0) == $1
    }
  }

  /// `2013-01 to 2013-03 were never billed`.
  package var sentence: String {
    let (first, last) = (months.lowerBound, months.upperBound)
    guard count > 1 else { return "\(first) was never billed" }
    return isUnbroken
      ? "\(first) to \(last) were never billed"
      : "\(count) periods from \(first) to \(last) were never billed"
  }
}

extension BillingDesk {
  /// Nil where every earlier period has an invoice, be it a draft.
  func neverBilled(
    _ contract: Contract, before month: BillingMonth, now: Instant, _ db: Database
  ) throws -> NeverBilled? {
    let today = try zones.rules(contract.zone).date(at: now)
    let earlier = contract.periods(overOn: min(contract.billing.firstDay(of: month), today))
    guard !earlier.isEmpty else { return nil }
    let billed = try String.fetchSet(
      db.cachedStatement(
        sql: """
          SELECT month FROM invoice WHERE contract = ? AND NOT EXISTS
            (SELECT 1 FROM invoice_event AS event
              WHERE event.invoice = invoice.key AND kind = 'voided')
          """), arguments: [contract.key.text])
    return NeverBilled(contract, earlier.filter { !billed.contains($0.description) })
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
