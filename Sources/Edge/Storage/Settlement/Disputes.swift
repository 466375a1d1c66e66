package import Base
import GRDB
package import Settlement

extension SettlementDesk {
  /// Notes that the customer disputes a line, or an `amount` of it before tax: what that comes to
  /// with its tax is not overdue until the dispute is resolved. Of a charge no more is in dispute
  /// than is owed for it; of a line that charges nothing, no more than can go back of the charges
  /// that it falls on.
  package func dispute(
    _ key: InvoiceKey, line: String, amount: Fixed? = nil, reason: String,
    _ transaction: MoneyTransaction
  ) throws -> KeptInvoice {
    let db = transaction.db
    let invoice = try final(key, db)
    let disputed = try disputed(line, invoice, db)
    let open = try InvoiceEvents.disputes(of: key, in: invoice.total.currency, db)
    guard !open.contains(where: { $0.line == line }) else {
      throw Fault(.wrongInvoiceStatus, "the line is in dispute already", at: "/line")
    }
    let claimed = try disputed.claim(amount)
    let held = try disputed.gross(of: claimed)
    _ = try held.storedMinor
    try InvoiceEvents.append(
      InvoiceEvent(
        .disputed, of: key, by: transaction.author(reason), amount: held, line: line,
        claimed: claimed), db)
    return try Invoices.get(key, db)
  }

  /// Ends a dispute: the line is upheld, or what is claimed of it is credited, as far as it is
  /// still owed; or only an `amount` of that, before tax.
  package func resolve(
    _ key: InvoiceKey, line: String, as resolution: InvoiceEvent.Resolution,
    amount: Fixed? = nil, reason: String, _ transaction: MoneyTransaction
  ) throws -> KeptInvoice {
    let db = transaction.db
    let invoice = try final(key, db)
    let disputed = try disputed(line, invoice, db)
    let open = try InvoiceEvents.disputes(of: key, in: invoice.total.currency, db)
    guard let dispute = open.first(where: { $0.line == line }) else {
      throw Fault(.wrongInvoiceStatus, "the line is not in dispute", at: "/line")
    }
    if resolution == .credited {
      let claimed = try SettlementDesk.credited(amount, of: dispute)
      let parts = try disputed.parts(of: claimed)
      // A later invoice may have given it back already.
      if !parts.isEmpty {
        _ = try credit(key, parts, reason: reason, resolving: line, transaction)
      }
    } else if amount != nil {
      throw Fault(.invalidValue, "what is upheld has no amount", at: "/amount")
    }
    try release(dispute, of: invoice, as: resolution, transaction.author(reason), db)
    return try Invoices.get(key, db)
  }

  private static func credited(_ asked: Fixed?, of dispute: OpenDispute) throws(Fault) -> Money {
    guard let claimed = dispute.claimed else {
      throw Fault(
        .invalidValue,
        "the dispute of line `\(dispute.line)` claims no amount: credit the charges and uphold it",
        at: "/resolution")
    }
    guard let asked else { return claimed }
    guard let fixed = asked.exactly(places: claimed.currency.minorDigits), fixed.units > 0,
      fixed.units <= claimed.amountMinor
    else {
      throw Fault(
        .invalidValue, "an amount up to the \(claimed) \(claimed.currency) in dispute is expected",
        at: "/amount")
    }
    return Money(minor: fixed.units, claimed.currency)
  }

  private func disputed(
    _ line: String, _ invoice: KeptInvoice, _ db: Database
  ) throws -> DisputedLine {
    let documents = try FinalDocuments(invoice.contract, db)
    return try DisputedLine(
      line, of: documents.billed(invoice), others: documents.others(than: invoice.key),
      notes: documents.notes)
  }

  /// What is left of each dispute of an invoice, before a credit note and after it.
  func claims(
    _ disputes: [OpenDispute], of invoice: KeptInvoice, _ db: Database
  ) throws -> [String: Money] {
    var claims: [String: Money] = [:]
    for dispute in disputes {
      claims[dispute.line] = try disputed(dispute.line, invoice, db).most
    }
    return claims
  }

  /// Lets go of what a credit note gave back of what is in dispute; `before` is what was left of
  /// each line before it.
  func reduce(
    _ disputes: [OpenDispute], of invoice: KeptInvoice, from before: [String: Money],
    _ author: Author, _ db: Database
  ) throws {
    for dispute in disputes {
      let line = try disputed(dispute.line, invoice, db)
      let (old, most) = (before[dispute.line] ?? .zero(invoice.total.currency), try line.most)
      guard let claimed = dispute.claimed else {
        if most.amountMinor == 0, old.amountMinor > 0 {
          try release(dispute, of: invoice, as: .credited, author, db)
        }
        continue
      }
      let back = line.isCharge ? old.amountMinor - most.amountMinor : 0
      let left = Money(
        minor: min(claimed.amountMinor - back, most.amountMinor), claimed.currency)
      guard left.amountMinor < claimed.amountMinor else { continue }
      guard left.amountMinor > 0 else {
        try release(dispute, of: invoice, as: .credited, author, db)
        continue
      }
      try InvoiceEvents.append(
        InvoiceEvent(
          .disputeReduced, of: invoice.key, by: author,
          amount: try dispute.held - line.gross(of: left), line: dispute.line, claimed: left), db)
    }
  }

  /// Lets go of all that is held of a line.
  private func release(
    _ dispute: OpenDispute, of invoice: KeptInvoice, as resolution: InvoiceEvent.Resolution,
    _ author: Author, _ db: Database
  ) throws {
    try InvoiceEvents.append(
      InvoiceEvent(
        .resolved, of: invoice.key, by: author, amount: dispute.held, line: dispute.line,
        resolution: resolution), db)
  }
}
