import Base
import Contracts
import GRDB
import Settlement

/// Finds the invoice lines that rest on an event, corrections among them: on what stood in its
/// place when the invoice was rated, whatever has come or been corrected since.
struct EventLines {
  private let history: EventHistory
  private let state: CatalogState

  init(_ history: EventHistory, _ state: CatalogState) {
    self.history = history
    self.state = state
  }

  func lines(_ db: Database) throws -> [EventDetail.Line] {
    var lines: [EventDetail.Line] = []
    var seen: Set<InvoiceKey> = []
    for content in history.contents {
      guard let subject = content.subject else { continue }
      for contract in state.catalog.contracts(ofSubject: subject, at: content.occurred) {
        for invoice in try invoices(of: contract, after: content.occurred, db)
        where seen.insert(invoice.key).inserted {
          lines += try self.lines(of: invoice, db)
        }
      }
    }
    return lines
  }

  private func lines(of invoice: KeptInvoice, _ db: Database) throws -> [EventDetail.Line] {
    var origins = try LineOrigins(invoice)
    return try origins.lines.compactMap { line in
      let origin = try origins.origin(of: line, db)
      guard let basis = LineBasis(line, origin, of: invoice, state) else { return nil }
      let (isPart, change) = basis.holds(history)
      return isPart
        ? EventDetail.Line(invoice: invoice.key, line: basis.key, change: change?.rawValue) : nil
    }
  }

  /// The invoice of its time, those behind it that look back so far, which is a year at most, and
  /// those that correct one of these.
  private func invoices(
    of contract: ContractKey, after moment: Instant, _ db: Database
  ) throws -> [KeptInvoice] {
    let near = try Row.fetchAll(
      db,
      sql: """
        SELECT * FROM invoice_standing
        WHERE contract = ? AND period_end > ? AND NOT is_void ORDER BY period_end LIMIT 12
        """, arguments: [contract.text, moment.microsecondsSinceEpoch]
    ).map(Invoices.kept)
    guard let last = near.last else { return [] }
    let later = try Row.fetchAll(
      db,
      sql: """
        SELECT * FROM invoice_standing
        WHERE contract = ? AND period_end > ? AND NOT is_void
          AND instr(document, '"corrects":{"invoice"') > 0 ORDER BY period_end
        """, arguments: [contract.text, last.periodEnd.microsecondsSinceEpoch]
    ).map(Invoices.kept)
    return near + later
  }
}
