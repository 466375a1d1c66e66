import Base
import Contracts
import Settlement
import Workflow

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
