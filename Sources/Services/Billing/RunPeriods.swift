import Base
import Contracts
import Settlement
import Workflow

extension BillingService {
  /// What of a contract a run bills.
  func months(
    of contract: Contract, _ span: BillingRequest.Span, _ snapshot: any Snapshot
  ) throws -> [BillingMonth] {
    switch span {
    case .month(let month): return [month]
    case .asOf(let day):
      let known = try snapshot.statuses(contract.key)
      return contract.periods(overOn: day).filter { known[$0] != .final }
        + afterEnd(of: contract, day, known)
    }
  }

  /// What comes late behind the end is settled by one document at a time: by the draft that is
  /// there, or else by the last month that is over.
  private func afterEnd(
    of contract: Contract, _ day: CivilDate, _ known: [BillingMonth: InvoiceStatus]
  ) -> [BillingMonth] {
    guard let last = contract.lastMonthBehindEnd(overOn: day) else { return [] }
    let drafts = known.filter { $0.value == .draft && contract.isOver(before: $0.key) }
    guard drafts.isEmpty else { return drafts.keys.filter { $0 <= last }.sorted() }
    return known[last] == .final ? [] : [last]
  }
}
