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

  private struct Book {
    let key: InvoiceKey
    let month: BillingMonth
    let lastEvent: Int64
    let isFinal: Bool
  }

  private let billing: BillingCycle
  private let zone: ZoneRules
  /// By month; the newest issue of each.
  private let books: [Book]
  /// The corrections that stand, by the events that they correct.
  private let corrections: [Int64: Int64]

  init(_ contract: Contract, _ zone: ZoneRules, _ snapshot: any Snapshot) throws {
    billing = contract.billing
    self.zone = zone
    let invoices = try snapshot.invoices(
      .endingAfter(contract.key, .earliest, onlyCorrecting: false, limit: nil))
    books = invoices.map { invoice in
      Book(
        key: invoice.key, month: invoice.month, lastEvent: invoice.lastEvent ?? .max,
        isFinal: invoice.status == .final)
    }.sorted { ($0.month, $0.key.text.count, $0.key) < ($1.month, $1.key.text.count, $1.key) }
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
    guard let own = books.last(where: { $0.month == month }) else { return nil }
    if last <= own.lastEvent { return own.key }
    guard own.isFinal else { return nil }
    return books.first { $0.month > month && last <= $0.lastEvent }?.key
  }
}
