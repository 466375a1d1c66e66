import Base
import Contracts
import Rating
import Settlement
import Workflow

/// What is settled behind the end of a contract. It has no next invoice that could carry what
/// comes late, so a run makes a document for a month behind the end where there is something to
/// settle: corrections of its periods, such as a true-up or a holdback that is released at last,
/// and goodwill. Where there is nothing, there is no document.
extension BillingService {
  /// Whether the draft of an earlier month behind the end settles what there is: one document does
  /// at a time.
  func isLeftToDraft(
    _ key: ContractKey, before month: BillingMonth, _ context: RatingContext
  ) throws -> Bool {
    guard let contract = context.state.catalog.contracts[key], contract.isOver(before: month) else {
      return false
    }
    return try context.snapshot.statuses(key).contains {
      $0.value == .draft && $0.key < month && contract.isOver(before: $0.key)
    }
  }

  /// The document of a month behind the end; nil where nothing is left to settle.
  func closing(
    _ key: ContractKey, _ month: BillingMonth, _ context: RatingContext
  ) throws -> Invoice? {
    let state = context.state
    guard let version = state.catalog.histories[key]?.inForce(in: month).last?.version,
      version.contract.isOver(before: month)
    else { return nil }
    let contract = version.contract
    let lines =
      try context.snapshot.adjustments(.period(key, month)).lines()
      + corrections(contract, carriedIn: month, context)
    guard !lines.isEmpty else { return nil }
    guard let customer = state.catalog.customers[contract.customer] else {
      throw Fault(.unknownReference, "there is no customer `\(contract.customer)`")
    }
    let (zone, cycle) = (try zones.rules(contract.zone), contract.cycleBehindEnd)
    return try Invoice(
      contract: contract, customer: customer, month: month,
      period: cycle.period(month, in: zone), zone: zone,
      rules: Invoice.Rules(
        contractVersion: version.number,
        meterVersions: meterVersions(of: key, in: month, cycle, state),
        creditNotes: try context.credited(key)?.noteNumbers(before: month) ?? []),
      lines: lines, taxes: state.catalog.taxes)
  }
}
