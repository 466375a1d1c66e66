import Base
import Contracts
import GRDB
import Rating
import Settlement

/// Finds the invoice lines that rest on an event, corrections among them: on what stood in its
/// place when the invoice was rated, whatever has come or been corrected since.
struct EventLines {
  private let history: EventHistory
  private let state: CatalogState
  private let billing: BillingDesk
  private let look: Look
  private var rated: [String: (period: Period, bases: [String: [Evidence.Basis]])?] = [:]

  init(_ history: EventHistory, _ billing: BillingDesk, _ state: CatalogState, _ db: Database) {
    self.history = history
    self.billing = billing
    self.state = state
    look = Look(state, db)
  }

  mutating func lines(_ db: Database) throws -> [EventDetail.Line] {
    var lines: [EventDetail.Line] = []
    var seen: Set<InvoiceKey> = []
    for content in history.contents {
      guard let subject = content.subject else { continue }
      if let customer = try? CustomerKey(subject), state.catalog.customers[customer] != nil {
        try state.unreadable.check(customer: customer)
      }
      for contract in state.catalog.contracts(ofSubject: subject, at: content.occurred) {
        for invoice in try invoices(of: contract, after: content.occurred, db)
        where seen.insert(invoice.key).inserted {
          lines += try self.lines(of: invoice, db)
        }
      }
    }
    return lines
  }

  private mutating func lines(
    of invoice: KeptInvoice, _ db: Database
  ) throws -> [EventDetail.Line] {
    var origins = try LineOrigins(invoice)
    var lines: [EventDetail.Line] = []
    for line in origins.lines {
      let origin = try origins.origin(of: line, db)
      guard !LineBasis.meters(line, origin).isEmpty else { continue }
      let rated = try bases(of: invoice.contract, origin.month)
      guard let basis = try LineBasis(line, origin, of: invoice, rated, state, db) else { continue }
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
    let made = try billing.bases(of: contract, month, look)
    rated[place] = .some(made)
    return made
  }

  /// The invoice of its time, those behind it that look back so far, which is a year at most, and
  /// those that correct one of these.
  private func invoices(
    of contract: ContractKey, after moment: Instant, _ db: Database
  ) throws -> [KeptInvoice] {
    let near = try Row.fetchAll(
      db,
      sql: """
        SELECT \(Invoices.standing) FROM invoice_standing
        WHERE contract = ? AND period_end > ? AND NOT is_void ORDER BY period_end LIMIT 12
        """, arguments: [contract.text, moment.microsecondsSinceEpoch]
    ).map { try Invoices.kept($0, db) }
    guard let last = near.last else { return [] }
    let later = try Row.fetchAll(
      db,
      sql: """
        SELECT \(Invoices.standing) FROM invoice_standing
        WHERE contract = ? AND period_end > ? AND NOT is_void
          AND instr(document, '"corrects":{"invoice"') > 0 ORDER BY period_end
        """, arguments: [contract.text, last.periodEnd.microsecondsSinceEpoch]
    ).map { try Invoices.kept($0, db) }
    return near + later
  }
}
