import Base
import Contracts
import Metering
import Rating
import Settlement
import Workflow

/// Which invoices of a contract have what was billed for its outcomes: that of the period in which
/// an outcome became billable or, where word of it came later, the next one, by a correction.
struct BilledOutcomes {
  /// What was said of each outcome, and where in the log.
  typealias Said = [JSON: [(occurred: Instant, sequence: Int64)]]

  private let billing: BillingCycle
  private let zone: ZoneRules
  /// By month.
  private let invoices: [InvoiceOutline]
  /// The corrections that stand, by the events that they correct.
  private let corrections: [Int64: Int64]

  init(_ contract: Contract, _ zone: ZoneRules, _ snapshot: any Snapshot) throws {
    billing = contract.billing
    self.zone = zone
    invoices = try snapshot.outlines(contract.key)
    corrections = try snapshot.corrections()
  }

  func said(_ facts: [EventFact]) -> Said {
    facts.reduce(into: [:]) { said, fact in
      guard let outcome = fact.data["outcome"] else { return }
      let sequence = max(fact.sequence, corrections[fact.sequence] ?? 0)
      said[outcome, default: []].append((fact.reference.occurred, sequence))
    }
  }

  /// Nil where nothing is billed, or no invoice knows of it.
  func invoice(of entry: OutcomeAccount.Entry, _ said: Said) -> InvoiceKey? {
    guard entry.price != nil, let since = entry.billable?.since else { return nil }
    let words = said[.text(entry.outcome.key)] ?? []
    let last = words.filter { $0.occurred <= since }.map(\.sequence).max() ?? 0
    let month = billing.period(holding: zone.date(at: since))
    guard let own = invoices.last(where: { $0.month == month }) else { return nil }
    if own.knows(last) { return own.key }
    guard own.status == .final else { return nil }
    return invoices.first { $0.month > month && $0.knows(last) }?.key
  }
}

extension InvoiceOutline {
  /// Whether an event was in the log when it was rated.
  fileprivate func knows(_ event: Int64) -> Bool { lastEvent.map { event <= $0 } ?? true }
}
