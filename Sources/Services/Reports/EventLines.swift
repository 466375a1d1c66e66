import Base
import Contracts
import Rating
import Settlement
import Workflow

/// Finds the invoice lines that rest on an event, corrections among them: on what stood in its
/// place when the invoice was rated, whatever has come or been corrected since.
struct EventLines {
  private let history: EventHistory
  private let billing: BillingService
  private let context: RatingContext
  private var rated: [String: (period: Period, bases: [String: [Evidence.Basis]])?] = [:]

  init(_ history: EventHistory, _ billing: BillingService, _ snapshot: any Snapshot) {
    self.history = history
    self.billing = billing
    context = RatingContext(snapshot.agreements, snapshot)
  }

  private var state: CatalogState { context.state }
  private var snapshot: any Snapshot { context.snapshot }

  mutating func lines() throws -> [EventDetail.Line] {
    var lines: [EventDetail.Line] = []
    var seen: Set<InvoiceKey> = []
    for content in history.contents {
      guard let subject = content.subject else { continue }
      if let customer = try? CustomerKey(subject), state.catalog.customers[customer] != nil {
        try state.unreadable.check(customer: customer)
      }
      for contract in state.catalog.contracts(ofSubject: subject, at: content.occurred) {
        for invoice in try invoices(of: contract, after: content.occurred)
        where seen.insert(invoice.key).inserted {
          lines += try self.lines(of: invoice)
        }
      }
    }
    return lines
  }

  private mutating func lines(of invoice: StoredInvoice) throws -> [EventDetail.Line] {
    var origins = try LineOrigins(invoice)
    var lines: [EventDetail.Line] = []
    for line in origins.lines {
      let origin = try origins.origin(of: line, snapshot)
      guard !LineBasis.meters(line, origin).isEmpty else { continue }
      let rated = try bases(of: invoice.contract, origin.month)
      guard let basis = try LineBasis(line, origin, of: invoice, rated, state, snapshot) else {
        continue
      }
      let (isPart, change) = basis.holds(history)
      guard isPart else { continue }
      lines.append(
        EventDetail.Line(invoice: invoice.key, line: basis.key, change: change?.rawValue))
    }
    return lines
  }

  /// Each month of a contract is rated once.
  private mutating func bases(
    of contract: ContractKey, _ month: BillingMonth
  ) throws -> (period: Period, bases: [String: [Evidence.Basis]])? {
    let place = "\(contract)~\(month)"
    if let known = rated[place] { return known }
    let made = try billing.bases(of: contract, month, context)
    rated[place] = .some(made)
    return made
  }

  /// The invoice of its time, those behind it that look back so far, which is a year at most, and
  /// those that correct one of these.
  private func invoices(
    of contract: ContractKey, after moment: Instant
  ) throws -> [StoredInvoice] {
    let near = try snapshot.invoices(
      .endingAfter(contract, moment, onlyCorrecting: false, limit: 12))
    guard let last = near.last else { return [] }
    return try near
      + snapshot.invoices(
        .endingAfter(contract, last.periodEnd, onlyCorrecting: true, limit: nil))
  }
}
